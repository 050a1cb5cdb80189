package dev.lanewise.layers;

import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Reductions;
import dev.lanewise.kernels.Workers;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Convolution along sequences (cross-correlation, as in Keras), bias and activation: {@link Conv2d} on images of one row.
 *
 * <pre>Y[n, t, f] = act(b[f] + sum over k, c of X[n, t s - left + k d, c] W[k, c, f])</pre>
 *
 * <p>Shapes: X [n, steps, channels], W [kernel, channels, filters], b [filters], Y [n, outSteps, filters]; outSteps as in {@link Padding},
 * with {@link Spec#withCausalPadding()} ceil(steps / s). First values: W Glorot uniform, b = 0. Parameters: {@code kernel}, {@code bias}.
 *
 * <p>Error: each element lies within gamma_k of the sum of absolute products; k = kernel channels for Y, n outSteps for dW and db,
 * kernel filters for dX. Source: see {@link dev.lanewise.kernels.Conv2d}.
 */
public final class Conv1d implements Layer {
  private final String name;
  private final Shape input;
  private final Shape output;
  private final Activation activation;
  private final dev.lanewise.kernels.Conv2d convolution;
  private final Param weight;
  private final Param bias;
  private final Epilogue epilogue;

  private Conv1d(Spec spec, Shape input, Params.Builder params) {
    this.name = params.name("conv1d");
    if (input.rank() != 2) {
      throw new ShapeException(name + ": the input is " + Shapes.batch(input) + " but sequences [n, steps, channels] are expected"
          + "; give a series of numbers an axis of 1 channel");
    }
    this.input = input;
    this.convolution = spec.convolution(name, input);
    this.output = Shape.of(convolution.outWidth(), spec.filters);
    this.activation = spec.activation;
    this.weight = params.param(name + "/kernel", Shape.of(spec.kernel, input.dim(1), spec.filters), spec.initializer);
    this.bias = params.param(name + "/bias", Shape.of(spec.filters), Initializer.ZEROS);
    this.epilogue = activation.fusedInto(Epilogue.bias(bias.value().segment()));
  }

  /**
   * Stride 1, no padding.
   *
   * @param filters channels of an output step, at least 1
   * @param kernel steps that a kernel sees, at least 1
   */
  public static Spec of(int filters, int kernel, Activation activation) {
    return new Spec(filters, kernel, 1, 1, Padding.VALID, false, activation, Initializer.GLOROT_UNIFORM);
  }

  /**
   * What {@link Conv1d} is to be.
   *
   * @param causal whether all padding stands before the sequence, so that no output sees a later step; the padding is SAME then
   */
  public record Spec(int filters, int kernel, int stride, int dilation, Padding padding, boolean causal, Activation activation,
      Initializer initializer) implements LayerSpec {

    public Spec {
      if (filters < 1 || kernel < 1 || stride < 1 || dilation < 1) {
        throw new IllegalArgumentException("Conv1d: " + filters + " filters of " + kernel + " steps, stride " + stride + ", dilation "
            + dilation + "; all must be at least 1");
      }
    }

    /** With another padding. */
    public Spec withPadding(Padding other) {
      return new Spec(filters, kernel, stride, dilation, other, false, activation, initializer);
    }

    /** With (kernel - 1) dilation zeros before the sequence and none behind: step t of the output sees steps up to t stride. */
    public Spec withCausalPadding() {
      return new Spec(filters, kernel, stride, dilation, Padding.SAME, true, activation, initializer);
    }

    /** With input steps from one output step to the next. */
    public Spec withStride(int steps) {
      return new Spec(filters, kernel, steps, dilation, padding, causal, activation, initializer);
    }

    /** With input steps from one step of the kernel to the next. */
    public Spec withDilation(int steps) {
      return new Spec(filters, kernel, stride, steps, padding, causal, activation, initializer);
    }

    /** With other first values of the kernels. */
    public Spec withInitializer(Initializer other) {
      return new Spec(filters, kernel, stride, dilation, padding, causal, activation, other);
    }

    @Override
    public Conv1d build(Shape input, Params.Builder params) {
      return new Conv1d(this, input, params);
    }

    private dev.lanewise.kernels.Conv2d convolution(String name, Shape input) {
      int steps = input.dim(0);
      int reach = (kernel - 1) * dilation + 1;
      int pad = causal ? reach - 1 : padding.of(steps, reach, stride);
      int before = causal ? pad : pad / 2;
      if (steps + pad < reach) {
        throw new ShapeException(name + ": kernels that reach over " + reach + " steps do not fit sequences " + Shapes.batch(input)
            + "; take smaller kernels, Padding.SAME, or fewer layers that shorten the sequence before it");
      }
      return dev.lanewise.kernels.Conv2d.of(1, steps, input.dim(1), 1, kernel, filters, 1, stride, 0, 0, before, pad - before, 1,
          dilation);
    }
  }

  @Override
  public Tensor infer(Tensor x, Pass pass) {
    int n = Shapes.requireInput(this, x);
    Tensor y = pass.workspace().batch(n, output);
    convolution.forward(n, x.segment(), weight.value().segment(), y.segment(), epilogue, pass.workers());
    activation.afterEpilogue(y, pass.workers());
    return y;
  }

  @Override
  public Tensor forward(Tensor x, Saved saved, Pass pass) {
    Tensor y = infer(x, pass);
    saved.keep(x, y);
    return y;
  }

  @Override
  public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
    Tensor x = saved.input();
    int n = x.dim(0);
    Shapes.requireGradient(this, dy, n);
    Workers workers = pass.workers();
    boolean add = pass.accumulateGradients();
    activation.backward(saved.output(), dy, workers);
    convolution.backwardWeights(n, x.segment(), dy.segment(), weight.gradient().segment(), add, workers);
    Reductions.columnSums(n * output.dim(0), output.dim(1), dy.segment(), bias.gradient().segment(), add, workers);
    if (!inputGradient) {
      return null;
    }
    Tensor dx = pass.workspace().batch(n, input);
    convolution.backwardInput(n, dy.segment(), weight.value().segment(), dx.segment(), workers);
    return dx;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Shape inputShape() {
    return input;
  }

  @Override
  public Shape outputShape() {
    return output;
  }

  @Override
  public List<Param> params() {
    return List.of(weight, bias);
  }

  @Override
  public long flops() {
    return 2 * weight.value().size() * output.dim(0);
  }
}
