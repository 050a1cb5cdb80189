package dev.lanewise.layers;

import dev.lanewise.kernels.Activations;
import dev.lanewise.kernels.Workers;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/**
 * Sigmoid linear unit (swish) of each element, of any shape: y = x s(x), dx = dy (s(x) + y (1 - s(x))), s the sigmoid. Bounds are those of
 * {@link Activations}. Source: Ramachandran, Zoph and Le, Searching for Activation Functions, 2017.
 */
public final class Silu extends Pointwise {
  private Silu(Shape shape, Params.Builder params) {
    super("silu", shape, params);
  }

  /** For examples of any shape. */
  public static LayerSpec of() {
    return Silu::new;
  }

  @Override
  void apply(Tensor x, Tensor y, Workers workers) {
    Activations.silu(x.size(), x.segment(), y.segment(), workers);
  }

  @Override
  void backward(Tensor x, Tensor y, Tensor dy, Workers workers) {
    Activations.siluBackward(x.size(), x.segment(), dy.segment(), dy.segment(), workers);
  }
}
