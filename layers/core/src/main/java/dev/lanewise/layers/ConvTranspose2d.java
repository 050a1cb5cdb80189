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
 * Transposed convolution of images, bias and activation: each input pixel adds its kernel, times its value, to the output. The adjoint of a
 * {@link Conv2d} from the output's size to the input's, and so the way from small images to large ones.
 *
 * <pre>
 * Y[n, oh, ow, f] = act(b[f] + sum over all h, w, kh, kw with oh = h sh - top + kh, ow = w sw - left + kw, and c, of X[n, h, w, c] W[kh, kw, f, c])
 * VALID  outHeight = (height - 1) sh + max(kernelHeight, sh)      SAME  outHeight = height sh;      widths likewise
 * </pre>
 *
 * <p>Shapes: X [n, height, width, channels], W [kernelHeight, kernelWidth, filters, channels], b [filters], Y [n, outHeight, outWidth,
 * filters], as Keras's Conv2DTranspose. First values: W Glorot uniform, b = 0. Parameters: {@code kernel}, {@code bias}.
 *
 * <p>Error: each element lies within gamma_k of the sum of absolute products; k = ceil(kernelHeight / sh) ceil(kernelWidth / sw) channels for
 * Y, n height width for dW, n outHeight outWidth for db, kernelHeight kernelWidth filters for dX. With strides no product with zero is ever
 * computed. Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning, 2016, chapter 4.
 */
public final class ConvTranspose2d implements Layer {
  private final String name;
  private final Shape input;
  private final Shape output;
  private final Activation activation;
  private final dev.lanewise.kernels.Conv2d adjoint;
  private final Param weight;
  private final Param bias;
  private final Epilogue epilogue;

  private ConvTranspose2d(Spec spec, Shape input, Params.Builder params) {
    this.name = params.name("conv2d_transpose");
    Shapes.requireImage(name, input);
    this.input = input;
    this.adjoint = spec.adjoint(name, input);
    this.output = Shape.of(adjoint.geometry().height(), adjoint.geometry().width(), spec.filters);
    this.activation = spec.activation;
    this.weight = params.param(name + "/kernel",
        Shape.of(spec.kernelHeight, spec.kernelWidth, spec.filters, input.dim(2)), spec.initializer);
    this.bias = params.param(name + "/bias", Shape.of(spec.filters), Initializer.ZEROS);
    this.epilogue = activation.fusedInto(Epilogue.bias(bias.value().segment()));
  }

  /**
   * Square kernels, stride 1, the whole output.
   *
   * @param filters channels of an output pixel, at least 1
   * @param kernel height and width of the kernels, at least 1
   */
  public static Spec of(int filters, int kernel, Activation activation) {
    return of(filters, kernel, kernel, activation);
  }

  /** Kernels of any size, stride 1, the whole output. */
  public static Spec of(int filters, int kernelHeight, int kernelWidth, Activation activation) {
    return new Spec(filters, kernelHeight, kernelWidth, 1, 1, Padding.VALID, activation, Initializer.GLOROT_UNIFORM);
  }

  /** What {@link ConvTranspose2d} is to be. */
  public record Spec(int filters, int kernelHeight, int kernelWidth, int strideHeight, int strideWidth, Padding padding,
      Activation activation, Initializer initializer) implements LayerSpec {

    public Spec {
      if (filters < 1 || kernelHeight < 1 || kernelWidth < 1 || strideHeight < 1 || strideWidth < 1) {
        throw new IllegalArgumentException("ConvTranspose2d: " + filters + " filters of " + kernelHeight + "x" + kernelWidth
            + ", stride " + strideHeight + "x" + strideWidth + "; all must be at least 1");
      }
    }

    /** With another padding: {@link Padding#SAME} cuts the output to the input's size times the strides. */
    public Spec withPadding(Padding other) {
      return new Spec(filters, kernelHeight, kernelWidth, strideHeight, strideWidth, other, activation, initializer);
    }

    /** With output rows and columns from one input pixel to the next. */
    public Spec withStrides(int height, int width) {
      return new Spec(filters, kernelHeight, kernelWidth, height, width, padding, activation, initializer);
    }

    /** With other first values of the kernels. */
    public Spec withInitializer(Initializer other) {
      return new Spec(filters, kernelHeight, kernelWidth, strideHeight, strideWidth, padding, activation, other);
    }

    @Override
    public ConvTranspose2d build(Shape input, Params.Builder params) {
      return new ConvTranspose2d(this, input, params);
    }

    private dev.lanewise.kernels.Conv2d adjoint(String name, Shape input) {
      int height = outputOf(name, input.dim(0), kernelHeight, strideHeight);
      int width = outputOf(name, input.dim(1), kernelWidth, strideWidth);
      int padHeight = padding.of(height, kernelHeight, strideHeight);
      int padWidth = padding.of(width, kernelWidth, strideWidth);
      return dev.lanewise.kernels.Conv2d.of(height, width, filters, kernelHeight, kernelWidth, input.dim(2), strideHeight,
          strideWidth, padHeight / 2, padHeight - padHeight / 2, padWidth / 2, padWidth - padWidth / 2, 1, 1);
    }

    private int outputOf(String name, int size, int kernel, int stride) {
      long out = padding == Padding.SAME ? (long) size * stride : (size - 1L) * stride + Math.max(kernel, stride);
      if (out > Integer.MAX_VALUE) {
        throw new ShapeException(name + ": " + size + " pixels with stride " + stride + " become " + out
            + "; at most 2^31 - 1 are possible: take smaller strides");
      }
      return (int) out;
    }
  }

  @Override
  public Tensor infer(Tensor x, Pass pass) {
    int n = Shapes.requireInput(this, x);
    Tensor y = pass.workspace().batch(n, output);
    adjoint.backwardInput(n, x.segment(), weight.value().segment(), y.segment(), epilogue, pass.workers());
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
    activation.backward(saved.output(), dy, workers);
    if (!pass.skipsParameterGradients()) {
      adjoint.backwardWeights(n, dy.segment(), x.segment(), weight.gradient().segment(), add, workers);
      Reductions.columnSums((int) (dy.size() / filters), filters, dy.segment(), bias.gradient().segment(), add, workers);
    }
    if (!inputGradient) {
      return null;
    }
    Tensor dx = pass.workspace().batch(n, input);
    adjoint.forward(n, dy.segment(), weight.value().segment(), dx.segment(), Epilogue.NONE, workers);
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
    return 2 * weight.value().size() * input.dim(0) * input.dim(1);
  }
}
