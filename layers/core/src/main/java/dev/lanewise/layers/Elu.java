package dev.lanewise.layers;

import dev.lanewise.kernels.Activations;
import dev.lanewise.kernels.Workers;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/**
 * Exponential linear unit of each element, of any shape: y = x where x &gt; 0, else alpha (e^x - 1); dx = dy where y &gt; 0, else dy (y + alpha).
 * Bounds are those of {@link Activations}. Source: Clevert, Unterthiner and Hochreiter, Fast and Accurate Deep Network Learning by
 * Exponential Linear Units, 2015.
 */
public final class Elu extends Pointwise {
  private final float alpha;

  private Elu(Shape shape, Params.Builder params, float alpha) {
    super("elu", shape, params);
    this.alpha = alpha;
  }

  /** With alpha 1, where the derivative has no jump. */
  public static LayerSpec of() {
    return of(1);
  }

  /**
   * For examples of any shape.
   *
   * @param alpha where the negative side ends, above 0: y goes to -alpha
   */
  public static LayerSpec of(float alpha) {
    if (!(alpha > 0 && alpha < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("Elu: alpha " + alpha + "; a finite number above 0 is needed");
    }
    return (input, params) -> new Elu(input, params, alpha);
  }

  @Override
  void apply(Tensor x, Tensor y, Workers workers) {
    Activations.elu(x.size(), alpha, x.segment(), y.segment(), workers);
  }

  @Override
  void backward(Tensor x, Tensor y, Tensor dy, Workers workers) {
    Activations.eluBackward(y.size(), alpha, y.segment(), dy.segment(), dy.segment(), workers);
  }
}
