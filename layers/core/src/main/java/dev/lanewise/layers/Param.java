package dev.lanewise.layers;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/**
 * One learned tensor of a layer and the gradient of the loss for it: views into the two flat tensors of {@link Params}, so that an
 * optimizer passes once over the whole model and a backward pass writes gradients where the optimizer reads them.
 *
 * @param name unique in its model, as Keras names it: {@code conv2d_1/kernel}
 * @param value the parameter
 * @param gradient of the value's shape; the last backward pass's
 * @param learned whether an optimizer changes it; else it is a state that the model keeps by itself, such as a running mean
 */
public record Param(String name, Tensor value, Tensor gradient, boolean learned) {
  /** One that is learned. */
  public Param(String name, Tensor value, Tensor gradient) {
    this(name, value, gradient, true);
  }

  /** The sizes of its axes. */
  public Shape shape() {
    return value.shape();
  }
}
