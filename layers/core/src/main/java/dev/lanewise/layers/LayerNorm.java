package dev.lanewise.layers;

import dev.lanewise.kernels.Norms;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Each vector of the last axis shifted and scaled to mean 0 and variance 1, then by learned numbers:
 *
 * <pre>y = gamma (x - mean) / sqrt(variance + epsilon) + beta</pre>
 *
 * <p>Shapes: x and y [n, axes, width]; gamma and beta [width]. First values: gamma 1, beta 0. Epsilon 1e-5 unless given. Parameters: {@code gamma},
 * {@code beta}. Order of operations, error and edges are those of {@link Norms#layerNorm}.
 *
 * <p>Source: Ba, Kiros and Hinton, Layer Normalization, 2016.
 */
public final class LayerNorm implements Stepwise {
  private static final float USUAL_EPSILON = 1e-5f;

  private final String name;
  private final Shape shape;
  private final Shape one;
  private final int rows;
  private final int width;
  private final float epsilon;
  private final Param gamma;
  private final Param beta;

  LayerNorm(float epsilon, Shape input, Params.Builder params) {
    this.name = params.name("layer_norm");
    if (input.rank() == 0 || input.dim(input.rank() - 1) == 0) {
      throw new ShapeException(name + ": the input is " + Shapes.batch(input) + " but vectors of at least one number are expected");
    }
    this.shape = input;
    this.width = input.dim(input.rank() - 1);
    this.rows = Math.toIntExact(input.size() / width);
    this.one = Shape.of(width);
    this.epsilon = epsilon;
    this.gamma = params.param(name + "/gamma", one, Initializer.ONES);
    this.beta = params.param(name + "/beta", one, Initializer.ZEROS);
  }

  /** With the usual epsilon. */
  public static LayerSpec of() {
    return of(USUAL_EPSILON);
  }

  /**
   * With another epsilon.
   *
   * @param epsilon what keeps the quotient finite where all elements are equal, above 0
   */
  public static LayerSpec of(float epsilon) {
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException("LayerNorm: an epsilon of " + epsilon + "; it must be above 0");
    }
    return (input, params) -> new LayerNorm(epsilon, input, params);
  }

  static LayerNorm usual(Shape input, Params.Builder params) {
    return new LayerNorm(USUAL_EPSILON, input, params);
  }

  @Override
  public Tensor infer(Tensor x, Pass pass) {
    int n = Shapes.requireInput(this, x);
    Tensor mean = pass.workspace().tensor(n * rows);
    Tensor rstd = pass.workspace().tensor(n * rows);
    return normalized(n * rows, x, mean, rstd, pass.workspace().batch(n, shape), pass);
  }

  @Override
  public Tensor step(Tensor x, int position, Pass pass) {
    Shapes.requireStep(this, x, one);
    return normalized(1, x, pass.workspace().tensor(1), pass.workspace().tensor(1), pass.workspace().batch(1, one), pass);
  }

  private Tensor normalized(int count, Tensor x, Tensor mean, Tensor rstd, Tensor y, Pass pass) {
    Norms.layerNorm(count, width, x.segment(), gamma.value().segment(), beta.value().segment(), epsilon, y.segment(), mean.segment(),
        rstd.segment(), pass.workers());
    return y;
  }

  @Override
  public Tensor forward(Tensor x, Saved saved, Pass pass) {
    int n = Shapes.requireInput(this, x);
    Tensor mean = pass.workspace().tensor(n * rows);
    Tensor rstd = pass.workspace().tensor(n * rows);
    Tensor y = normalized(n * rows, x, mean, rstd, pass.workspace().batch(n, shape), pass);
    saved.keep(x, mean);
    saved.keepExtra(rstd);
    return y;
  }

  @Override
  public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
    Tensor x = saved.input();
    int n = x.dim(0);
    Shapes.requireGradient(this, dy, n);
    Norms.layerNormBackward(n * rows, width, x.segment(), gamma.value().segment(), saved.output().segment(), saved.extra().segment(),
        dy.segment(), dy.segment(), gamma.gradient().segment(), beta.gradient().segment(), pass.accumulateGradients(), pass.workers());
    return inputGradient ? dy : null;
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

  @Override
  public List<Param> params() {
    return List.of(gamma, beta);
  }
}
