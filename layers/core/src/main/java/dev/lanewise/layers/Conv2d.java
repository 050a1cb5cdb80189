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
 * Two-dimensional convolution (cross-correlation, as in Keras) of images, bias and activation.
 *
 * <pre>
 * Y[n, oh, ow, f] = act(b[f] + sum over kh, kw, c of X[n, oh sh - top + kh dh, ow sw - left + kw dw, c] W[kh, kw, c, f])
 * </pre>
 *
 * <p>Shapes: X [n, height, width, channels], W [kernelHeight, kernelWidth, channels, filters], b [filters],
 * Y [n, outHeight, outWidth, filters]. In groups, W is [kernelHeight, kernelWidth, channels / groups, filters], and each run of filters / groups
 * filters sees its own run of channels. First values: W Glorot uniform, b = 0 (as Keras). Parameters: {@code kernel}, {@code bias}.
 *
 * <p>Error: each element lies within gamma_k of the sum of absolute products; k = kernelHeight kernelWidth channels / groups for Y,
 * n outHeight outWidth for dW and db, kernelHeight kernelWidth filters / groups for dX. Source: see {@link dev.lanewise.kernels.Conv2d}.
 */
public final class Conv2d implements Layer {
  private final String name;
  private final Shape input;
  private final Shape output;
  private final Activation activation;
  private final dev.lanewise.kernels.Conv2d convolution;
  private final Param weight;
  private final Param bias;
  private final Epilogue epilogue;
  private final boolean masked;

  /** @param axes of the kernels: as in the class's description, or another view of the same numbers */
  Conv2d(String name, Spec spec, Shape input, Shape axes, Params.Builder params) {
    this.name = name;
    this.input = input;
    this.convolution = spec.convolution(name, input);
    this.output = Shape.of(convolution.outHeight(), convolution.outWidth(), spec.filters);
    this.activation = spec.activation;
    this.weight = params.param(name + "/kernel", axes, spec.initializer);
    this.bias = params.param(name + "/bias", Shape.of(spec.filters), Initializer.ZEROS);
    this.epilogue = activation.fusedInto(Epilogue.bias(bias.value().segment()));
    this.masked = false;
  }

  private Conv2d(Conv2d same, boolean masked) {
    this.name = same.name;
    this.input = same.input;
    this.output = same.output;
    this.convolution = same.convolution;
    this.activation = same.activation;
    this.weight = same.weight;
    this.bias = same.bias;
    this.epilogue = same.epilogue;
    this.masked = masked;
  }

  /** The same layer for a place where the layer above already sends no gradient to outputs that ReLU has cut to 0. */
  Conv2d withGradientMaskedAbove() {
    return new Conv2d(this, true);
  }

  /**
   * Square kernels, stride 1, no padding.
   *
   * @param filters channels of an output pixel, at least 1
   * @param kernel height and width of the kernels, at least 1
   */
  public static Spec of(int filters, int kernel, Activation activation) {
    return of(filters, kernel, kernel, activation);
  }

  /** Kernels of any size, stride 1, no padding. */
  public static Spec of(int filters, int kernelHeight, int kernelWidth, Activation activation) {
    return new Spec(filters, kernelHeight, kernelWidth, 1, 1, 1, 1, Padding.VALID, activation, Initializer.GLOROT_UNIFORM, 1);
  }

  /** What {@link Conv2d} is to be. */
  public record Spec(int filters, int kernelHeight, int kernelWidth, int strideHeight, int strideWidth, int dilationHeight,
      int dilationWidth, Padding padding, Activation activation, Initializer initializer, int groups) implements LayerSpec {

    public Spec {
      if (filters < 1 || kernelHeight < 1 || kernelWidth < 1 || strideHeight < 1 || strideWidth < 1 || dilationHeight < 1
          || dilationWidth < 1 || groups < 1) {
        throw new IllegalArgumentException("Conv2d: " + filters + " filters of " + kernelHeight + "x" + kernelWidth + ", stride "
            + strideHeight + "x" + strideWidth + ", dilation " + dilationHeight + "x" + dilationWidth + ", " + groups
            + " groups; all must be at least 1");
      }
    }

    /** With another padding. */
    public Spec withPadding(Padding other) {
      return new Spec(filters, kernelHeight, kernelWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, other,
          activation, initializer, groups);
    }

    /** With input rows and columns from one output pixel to the next. */
    public Spec withStrides(int height, int width) {
      return new Spec(filters, kernelHeight, kernelWidth, height, width, dilationHeight, dilationWidth, padding, activation,
          initializer, groups);
    }

    /** With input rows and columns from one pixel of the kernel to the next. */
    public Spec withDilation(int height, int width) {
      return new Spec(filters, kernelHeight, kernelWidth, strideHeight, strideWidth, height, width, padding, activation,
          initializer, groups);
    }

    /** With other first values of the kernels. */
    public Spec withInitializer(Initializer other) {
      return new Spec(filters, kernelHeight, kernelWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, padding,
          activation, other, groups);
    }

    /**
     * With channels and filters in groups that know nothing of each other.
     *
     * @param newGroups a divisor of the filters and of the input's channels
     */
    public Spec withGroups(int newGroups) {
      return new Spec(filters, kernelHeight, kernelWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, padding,
          activation, initializer, newGroups);
    }

    @Override
    public Conv2d build(Shape input, Params.Builder params) {
      String name = params.name("conv2d");
      Shapes.requireImage(name, input);
      if (input.dim(2) % groups != 0 || filters % groups != 0) {
        throw new ShapeException(name + ": " + input.dim(2) + " channels of " + Shapes.batch(input) + " and " + filters
            + " filters do not divide into " + groups + " groups; both must be multiples of the groups");
      }
      return new Conv2d(name, this, input, Shape.of(kernelHeight, kernelWidth, input.dim(2) / groups, filters), params);
    }

    private dev.lanewise.kernels.Conv2d convolution(String name, Shape input) {
      int height = input.dim(0);
      int width = input.dim(1);
      int reachHeight = (kernelHeight - 1) * dilationHeight + 1;
      int reachWidth = (kernelWidth - 1) * dilationWidth + 1;
      int padHeight = padding.of(height, reachHeight, strideHeight);
      int padWidth = padding.of(width, reachWidth, strideWidth);
      if (height + padHeight < reachHeight || width + padWidth < reachWidth) {
        throw new ShapeException(name + ": kernels that reach over " + reachHeight + "x" + reachWidth + " pixels do not fit images "
            + Shapes.batch(input) + "; take smaller kernels, Padding.SAME, or fewer layers that shrink the image before it");
      }
      return dev.lanewise.kernels.Conv2d.of(height, width, input.dim(2), kernelHeight, kernelWidth, filters, strideHeight,
          strideWidth, padHeight / 2, padHeight - padHeight / 2, padWidth / 2, padWidth - padWidth / 2, dilationHeight,
          dilationWidth).withGroups(groups);
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
    int filters = output.dim(2);
    int pixels = (int) (dy.size() / filters);
    if (!masked) {
      activation.backward(saved.output(), dy, workers);
    }
    if (!pass.skipsParameterGradients()) {
      convolution.backwardWeights(n, x.segment(), dy.segment(), weight.gradient().segment(), add, workers);
      Reductions.columnSums(pixels, filters, dy.segment(), bias.gradient().segment(), add, workers);
    }
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
    return 2 * weight.value().size() * output.dim(0) * output.dim(1);
  }

  /** What is applied to the sums. */
  public Activation activation() {
    return activation;
  }
}
