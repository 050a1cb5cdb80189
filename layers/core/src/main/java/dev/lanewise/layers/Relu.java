package dev.lanewise.layers;

import dev.lanewise.kernels.Activations;
import dev.lanewise.kernels.Workers;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/**
 * y = max(x, 0) of each element, of any shape; dx = dy where y > 0, else 0 (so 0 at the kink). Exact; NaN stays NaN. As the activation
 * of a {@link Dense} or {@link Conv2d} it costs no pass over memory of its own.
 */
public final class Relu extends Pointwise {
  private Relu(Shape shape, Params.Builder params) {
    super("relu", shape, params);
  }

  /** For examples of any shape. */
  public static LayerSpec of() {
    return Relu::new;
  }

  @Override
  void apply(Tensor x, Tensor y, Workers workers) {
    Activations.relu(x.size(), x.segment(), y.segment(), workers);
  }

  @Override
  void backward(Tensor x, Tensor y, Tensor dy, Workers workers) {
    Activations.reluBackward(y.size(), y.segment(), dy.segment(), dy.segment(), workers);
  }
}
