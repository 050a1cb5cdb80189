package dev.lanewise.layers;

import dev.lanewise.kernels.Norms;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Each channel shifted and scaled to mean 0 and variance 1, then to a learned mean and scale: over the batch in training, by running
 * averages in use.
 *
 * <pre>
 * in training  y = gamma (x - mean) / sqrt(variance + epsilon) + beta      mean and variance of the channel over all examples and pixels
 * in use       the same with the running mean and variance
 * after each forward in training  running = momentum running + (1 - momentum) that of the batch
 * </pre>
 *
 * <p>Examples of any shape with at least one axis; the last one is the channels. Parameters: {@code gamma}, 1 at first, and {@code beta},
 * 0; beside them, saved with the model but not learned, {@code moving_mean}, 0 at first, and {@code moving_variance}, 1. Momentum 0.99 and
 * epsilon 1e-3 as in Keras. Error and order of operations: see {@link Norms}.
 *
 * <p>Source: Ioffe and Szegedy, Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift, 2015.
 */
public final class BatchNorm implements Layer {
  private final String name;
  private final Shape shape;
  private final int channels;
  private final float momentum;
  private final float epsilon;
  private final Param gamma;
  private final Param beta;
  private final Param mean;
  private final Param variance;

  private BatchNorm(Spec spec, Shape shape, Params.Builder params) {
    this.name = params.name("batch_normalization");
    if (shape.rank() == 0) {
      throw new ShapeException(name + ": the input is [n], numbers without channels; give each example an axis of 1 channel");
    }
    this.shape = shape;
    this.channels = shape.dim(shape.rank() - 1);
    Shape channel = Shape.of(channels);
    this.momentum = spec.momentum;
    this.epsilon = spec.epsilon;
    this.gamma = params.param(name + "/gamma", channel, Initializer.ONES);
    this.beta = params.param(name + "/beta", channel, Initializer.ZEROS);
    this.mean = params.state(name + "/moving_mean", channel, Initializer.ZEROS);
    this.variance = params.state(name + "/moving_variance", channel, Initializer.ONES);
  }

  /** Momentum 0.99, epsilon 1e-3. */
  public static Spec of() {
    return new Spec(0.99f, 1e-3f);
  }

  /**
   * What {@link BatchNorm} is to be.
   *
   * @param momentum share of the running averages that stays at each forward in training, from 0 to below 1
   * @param epsilon added to variances, above 0
   */
  public record Spec(float momentum, float epsilon) implements LayerSpec {
    public Spec {
      if (!(momentum >= 0 && momentum < 1) || !(epsilon > 0)) {
        throw new IllegalArgumentException("BatchNorm: momentum " + momentum + ", epsilon " + epsilon
            + "; a share from 0 to below 1 and a number above 0 are needed");
      }
    }

    /** With running averages that follow faster (less) or more slowly. */
    public Spec withMomentum(float other) {
      return new Spec(other, epsilon);
    }

    /** With another number added to variances. */
    public Spec withEpsilon(float other) {
      return new Spec(momentum, other);
    }

    @Override
    public BatchNorm build(Shape input, Params.Builder params) {
      return new BatchNorm(this, input, params);
    }
  }

  @Override
  public Tensor infer(Tensor x, Pass pass) {
    int n = Shapes.requireInput(this, x);
    Tensor y = pass.workspace().batch(n, shape);
    Norms.batchNormInference(rows(x), channels, x.segment(), gamma.value().segment(), beta.value().segment(), epsilon,
        mean.value().segment(), variance.value().segment(), y.segment(), pass.workers());
    return y;
  }

  @Override
  public Tensor forward(Tensor x, Saved saved, Pass pass) {
    int n = Shapes.requireInput(this, x);
    Tensor y = pass.workspace().batch(n, shape);
    Tensor batchMean = pass.workspace().tensor(channels);
    Tensor reciprocal = pass.workspace().tensor(channels);
    Norms.batchNorm(rows(x), channels, x.segment(), gamma.value().segment(), beta.value().segment(), epsilon, momentum,
        mean.value().segment(), variance.value().segment(), y.segment(), batchMean.segment(), reciprocal.segment(), pass.workers());
    saved.keep(x, batchMean);
    saved.keepExtra(reciprocal);
    return y;
  }

  @Override
  public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
    Tensor x = saved.input();
    Shapes.requireGradient(this, dy, x.dim(0));
    Norms.batchNormBackward(rows(x), channels, x.segment(), gamma.value().segment(), saved.output().segment(),
        saved.extra().segment(), dy.segment(), dy.segment(), gamma.gradient().segment(), beta.gradient().segment(),
        pass.accumulateGradients(), pass.workers());
    return inputGradient ? dy : null;
  }

  private int rows(Tensor x) {
    return (int) (x.size() / channels);
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
