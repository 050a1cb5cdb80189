package dev.lanewise.layers;

import dev.lanewise.kernels.Activations;
import dev.lanewise.kernels.Workers;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/**
 * Gaussian error linear unit of each element, of any shape: y = x Phi(x), dx = dy (Phi(x) + x phi(x)), with Phi and phi the distribution
 * function and the density of the standard normal distribution. {@link #tanh} is the approximation that GPT-2 was trained with. Bounds are
 * those of {@link Activations}. Source: Hendrycks and Gimpel, Gaussian Error Linear Units, 2016.
 */
public final class Gelu extends Pointwise {
  private final boolean approximate;

  private Gelu(Shape shape, Params.Builder params, boolean approximate) {
    super("gelu", shape, params);
    this.approximate = approximate;
  }

  /** By the error function. */
  public static LayerSpec of() {
    return (input, params) -> new Gelu(input, params, false);
  }

  /** y = x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2. */
  public static LayerSpec tanh() {
    return (input, params) -> new Gelu(input, params, true);
  }

  @Override
  void apply(Tensor x, Tensor y, Workers workers) {
    if (approximate) {
      Activations.geluTanh(x.size(), x.segment(), y.segment(), workers);
    } else {
      Activations.gelu(x.size(), x.segment(), y.segment(), workers);
    }
  }

  @Override
  void backward(Tensor x, Tensor y, Tensor dy, Workers workers) {
    if (approximate) {
      Activations.geluTanhBackward(x.size(), x.segment(), dy.segment(), dy.segment(), workers);
    } else {
      Activations.geluBackward(x.size(), x.segment(), dy.segment(), dy.segment(), workers);
    }
  }
}
