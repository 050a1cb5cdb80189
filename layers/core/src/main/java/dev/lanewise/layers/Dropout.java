package dev.lanewise.layers;

import dev.lanewise.kernels.Elementwise;
import dev.lanewise.kernels.Rng;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * In training, each element is dropped with probability {@code rate} and the others are divided by 1 - rate, so that the mean stays;
 * in use, the identity.
 *
 * <pre>y = x m, dx = dy m; m = 0 or 1 / (1 - rate)</pre>
 *
 * <p>Examples of any shape. The mask is a function of the pass's seed, this layer's stream, the pass's step and the element's position
 * alone: the same at any number of threads and after a resume. Rounding: one per element.
 *
 * <p>Source: Srivastava and others, Dropout: A Simple Way to Prevent Neural Networks from Overfitting, 2014, section 10 (inverted).
 */
public final class Dropout implements Layer {
  private final String name;
  private final Shape shape;
  private final float rate;
  private final long stream;

  private Dropout(float rate, Shape shape, Params.Builder params) {
    this.name = params.name("dropout");
    this.shape = shape;
    this.rate = rate;
    this.stream = params.stream();
  }

  /**
   * For examples of any shape.
   *
   * @param rate share of elements dropped, from 0 to below 1
   */
  public static LayerSpec of(float rate) {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("Dropout: a rate of " + rate + "; it is a share, from 0 to below 1");
    }
    return (input, params) -> new Dropout(rate, input, params);
  }

  @Override
  public Tensor infer(Tensor x, Pass pass) {
    Shapes.requireInput(this, x);
    return x;
  }

  @Override
  public Tensor forward(Tensor x, Saved saved, Pass pass) {
    int n = Shapes.requireInput(this, x);
    Tensor mask = pass.workspace().batch(n, shape);
    Tensor y = pass.workspace().batch(n, shape);
    Rng.dropoutMask(pass.seed(), stream, pass.step() << 32, x.size(), mask.segment(), 1 - rate, pass.workers());
    Elementwise.multiply(x.size(), x.segment(), mask.segment(), y.segment());
    saved.keepExtra(mask);
    return y;
  }

  @Override
  public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
    Tensor mask = saved.extra();
    Shapes.requireGradient(this, dy, mask.dim(0));
    if (!inputGradient) {
      return null;
    }
    Elementwise.multiply(dy.size(), dy.segment(), mask.segment(), dy.segment());
    return dy;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Shape inputShape() {
    return shape;
  }

  @Override
  public Shape outputShape() {
    return shape;
  }
}
