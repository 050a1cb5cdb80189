package dev.lanewise.kernels;

import dev.lanewise.kernels.conv.Convolution;
import dev.lanewise.kernels.conv.Depthwise;
import dev.lanewise.kernels.conv.Direct;
import dev.lanewise.kernels.conv.DirectInput;
import dev.lanewise.kernels.conv.ShallowInput;
import dev.lanewise.kernels.conv.ShallowWeights;
import dev.lanewise.kernels.cpu.Simd;
import dev.lanewise.kernels.reference.Conv2dReference;
import java.lang.foreign.MemorySegment;

/**
 * Two-dimensional convolution (cross-correlation, as in Keras and PyTorch) of NHWC images, fp32, with its two gradients.
 *
 * <pre>
 * X [n, height, width, channels]   W [kernelHeight, kernelWidth, channels, filters]   Y [n, outHeight, outWidth, filters]
 * Y[n, oh, ow, f] = sum over kh, kw, c of X[n, oh strideH - padTop + kh dilationH, ow strideW - padLeft + kw dilationW, c] W[kh, kw, c, f]
 * </pre>
 *
 * <p>In groups, W is [kernelHeight, kernelWidth, channels / groups, filters], as in Keras: filter f is of group f / (filters / groups), and c counts the
 * channels of that group only. As many groups as channels make a depthwise convolution, whose weights are also Keras's
 * [kernelHeight, kernelWidth, channels, multiplier], filter f of channel f / multiplier; it has kernels of its own.
 *
 * <p>An instance holds the sizes, checked once; it is immutable and serves any number of threads, each with its own {@link Workers}.
 * No patch matrix is ever in memory: patches are packed block by block, straight from the image.
 *
 * <p>Order of operations: each element of a result is one chain of fused multiply-adds from +0, ascending over (kh, kw, c) in the forward
 * pass, over (n, oh, ow) for the weights' gradient and over (kh, kw, f) for the input's, c and f of one group. Pixels of the padding are zeros that
 * take part in the first two sums; the third has no terms for outputs that do not exist. Hence the same bits at every vector width, blocking and thread count, and the error bound
 * of {@link Gemm} with k the number of terms.
 *
 * <table>
 *   <caption>IEEE edges</caption>
 *   <tr><th>kernel</th><th>NaN</th><th>infinity</th><th>zeros</th><th>overflow, underflow</th></tr>
 *   <tr><td>forward</td><td>in a pixel: all filters of the outputs that see it; in a weight: its filter everywhere, even where it meets the padding</td><td>as NaN, or infinite; by 0, also the padding's: NaN</td><td>zeros of either sign: +0</td><td>a chain that overflows on its way stays infinite or becomes NaN</td></tr>
 *   <tr><td>backwardInput</td><td>in dY: the pixels that its output sees; in a weight: its channel wherever it reaches</td><td>as NaN, or infinite; by 0 NaN</td><td>as forward</td><td>as forward</td></tr>
 *   <tr><td>backwardWeights</td><td>in dY: all weights of its filter, those that met the padding too; in a pixel: the weights it met</td><td>as NaN, or infinite; by 0, also the padding's: NaN</td><td>as forward</td><td>as forward</td></tr>
 * </table>
 *
 * <p>Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning, 2016; Chellapilla, Puri and Simard, High Performance
 * Convolutional Neural Networks for Document Processing, 2006; Howard et al., MobileNets, 2017 (depthwise).
 */
public final class Conv2d {
  private final Conv2dGeometry geometry;

  private Conv2d(Conv2dGeometry geometry) {
    this.geometry = geometry;
  }

  /**
   * A convolution with every size given.
   *
   * @param height of an input image in pixels, at least 1; likewise width
   * @param channels of an input pixel, at least 1
   * @param filters channels of an output pixel, at least 1
   * @param strideH input rows from one output row to the next, at least 1; likewise strideW
   * @param padTop rows of zeros imagined above the image, at least 0; likewise the other three sides
   * @param dilationH input rows from one row of the kernel to the next, at least 1; likewise dilationW
   * @throws IllegalArgumentException naming the sizes, if one is out of range or the kernel reaches beyond the padded image
   */
  public static Conv2d of(
      int height, int width, int channels, int kernelHeight, int kernelWidth, int filters,
      int strideH, int strideW, int padTop, int padBottom, int padLeft, int padRight, int dilationH, int dilationW) {
    return new Conv2d(new Conv2dGeometry(
        height, width, channels, kernelHeight, kernelWidth, filters,
        strideH, strideW, padTop, padBottom, padLeft, padRight, dilationH, dilationW));
  }

  /** Stride 1, no padding: Keras's {@code padding="valid"}. */
  public static Conv2d valid(int height, int width, int channels, int kernelHeight, int kernelWidth, int filters) {
    return of(height, width, channels, kernelHeight, kernelWidth, filters, 1, 1, 0, 0, 0, 0, 1, 1);
  }

  /** Stride 1, padded to an output of the input's size, an odd zero below and right: Keras's {@code padding="same"}. */
  public static Conv2d same(int height, int width, int channels, int kernelHeight, int kernelWidth, int filters) {
    int h = kernelHeight - 1;
    int w = kernelWidth - 1;
    return of(
        height, width, channels, kernelHeight, kernelWidth, filters, 1, 1, h / 2, h - h / 2, w / 2, w - w / 2, 1, 1);
  }

  /**
   * The same convolution in groups.
   *
   * @param groups at least 1, a divisor of the channels and of the filters
   * @throws IllegalArgumentException naming both numbers, if groups does not divide them
   */
  public Conv2d withGroups(int groups) {
    return new Conv2d(geometry.withGroups(groups));
  }

  /** The sizes. */
  public Conv2dGeometry geometry() {
    return geometry;
  }

  /** Rows of an output image. */
  public int outHeight() {
    return geometry.outHeight();
  }

  /** Columns of an output image. */
  public int outWidth() {
    return geometry.outWidth();
  }

  /** Floats of n input images. */
  public long inputSize(int n) {
    return (long) n * geometry.height() * geometry.width() * geometry.channels();
  }

  /** Floats of the weights. */
  public long weightSize() {
    return (long) geometry.groupPatch() * geometry.filters();
  }

  /** Floats of n output images. */
  public long outputSize(int n) {
    return (long) n * outHeight() * outWidth() * geometry.filters();
  }

  /**
   * Y = X * W, then the epilogue (a bias has {@code filters} floats).
   *
   * @param n images, at least 0
   * @param y overwritten; may not overlap x, w or the bias
   * @throws IllegalArgumentException if a segment is too small, on the heap, misaligned or overlaps y; nothing has been written then
   */
  public void forward(int n, MemorySegment x, MemorySegment w, MemorySegment y, Epilogue epilogue, Workers workers) {
    require(n, "X", x, inputSize(n), "W", w, weightSize(), "Y", y, outputSize(n));
    requireBias(epilogue, geometry.filters(), "Y", y, outputSize(n));
    if (n == 0) {
      return;
    }
    Family family = forwardFamily();
    if (!vectors(family)) {
      Conv2dReference.forward(geometry, n, x, w, y, epilogue);
      return;
    }
    switch (family) {
      case CONV2D_DEPTHWISE_FORWARD -> workers.state(Depthwise.KEY).forward(geometry, n, x, w, y, epilogue, workers);
      case CONV2D_DIRECT_FORWARD -> workers.state(Direct.KEY).forward(geometry, n, x, w, y, epilogue, workers);
      default -> workers.state(Convolution.KEY).forward(geometry, n, x, w, y, epilogue, workers);
    }
  }

  /** Whether a family's vector kernels may run; a product of patches is made of all tiles, of which its own case tries one. */
  private static boolean vectors(Family family) {
    return switch (family) {
      case CONV2D_FORWARD, CONV2D_BACKWARD_INPUT, CONV2D_BACKWARD_WEIGHTS -> GemmFamilies.tiles() && family.vectors();
      default -> family.vectors();
    };
  }

  private Family forwardFamily() {
    if (Simd.ENABLED && Depthwise.suits(geometry)) {
      return Family.CONV2D_DEPTHWISE_FORWARD;
    }
    return Simd.ENABLED && Direct.suits(geometry) ? Family.CONV2D_DIRECT_FORWARD : Family.CONV2D_FORWARD;
  }

  /**
   * dX, the gradient for the input: each input pixel sums what the outputs that saw it send back.
   *
   * @param n images, at least 0
   * @param dy gradient for Y
   * @param dx overwritten; may not overlap dy or w
   * @throws IllegalArgumentException as {@link #forward}
   */
  public void backwardInput(int n, MemorySegment dy, MemorySegment w, MemorySegment dx, Workers workers) {
    backwardInput(n, dy, w, dx, Epilogue.NONE, workers);
  }

  /**
   * The same sums, then an epilogue: the forward pass of a transposed convolution, which makes an image [n, height, width, channels] of
   * {@code dy}. A bias has {@code channels} floats.
   *
   * @param dx overwritten; may not overlap dy, w or the bias
   * @throws IllegalArgumentException as {@link #forward}
   */
  public void backwardInput(
      int n, MemorySegment dy, MemorySegment w, MemorySegment dx, Epilogue epilogue, Workers workers) {
    require(n, "dY", dy, outputSize(n), "W", w, weightSize(), "dX", dx, inputSize(n));
    requireBias(epilogue, geometry.channels(), "dX", dx, inputSize(n));
    if (n == 0) {
      return;
    }
    Family family = backwardInputFamily();
    if (!vectors(family)) {
      Conv2dReference.backwardInput(geometry, n, dy, w, dx, epilogue);
      return;
    }
    switch (family) {
      case CONV2D_DEPTHWISE_BACKWARD_INPUT -> workers.state(Depthwise.KEY).backwardInput(geometry, n, dy, w, dx, epilogue, workers);
      case CONV2D_SHALLOW_BACKWARD_INPUT -> workers.state(ShallowInput.KEY).run(geometry, n, dy, w, dx, epilogue, workers);
      case CONV2D_DIRECT_BACKWARD_INPUT -> workers.state(DirectInput.KEY).run(geometry, n, dy, w, dx, epilogue, workers);
      default -> workers.state(Convolution.KEY).backwardInput(geometry, n, dy, w, dx, epilogue, workers);
    }
  }

  private Family backwardInputFamily() {
    if (Simd.ENABLED && Depthwise.suits(geometry)) {
      return Family.CONV2D_DEPTHWISE_BACKWARD_INPUT;
    }
    if (Simd.ENABLED && ShallowInput.suits(geometry)) {
      return Family.CONV2D_SHALLOW_BACKWARD_INPUT;
    }
    return Simd.ENABLED && DirectInput.suits(geometry) ? Family.CONV2D_DIRECT_BACKWARD_INPUT : Family.CONV2D_BACKWARD_INPUT;
  }

  /**
   * dW, the gradient for the weights.
   *
   * @param n images, at least 0
   * @param dy gradient for Y
   * @param dw written; may not overlap x or dy
   * @param accumulate whether the sums start from dW; otherwise dW is never read
   * @throws IllegalArgumentException as {@link #forward}
   */
  public void backwardWeights(
      int n, MemorySegment x, MemorySegment dy, MemorySegment dw, boolean accumulate, Workers workers) {
    require(n, "X", x, inputSize(n), "dY", dy, outputSize(n), "dW", dw, weightSize());
    Family family = backwardWeightsFamily();
    if (!vectors(family)) {
      Conv2dReference.backwardWeights(geometry, n, x, dy, dw, accumulate);
      return;
    }
    switch (family) {
      case CONV2D_DEPTHWISE_BACKWARD_WEIGHTS ->
        workers.state(Depthwise.KEY).backwardWeights(geometry, n, x, dy, dw, accumulate, workers);
      case CONV2D_SHALLOW_BACKWARD_WEIGHTS -> workers.state(ShallowWeights.KEY).run(geometry, n, x, dy, dw, accumulate, workers);
      default -> workers.state(Convolution.KEY).backwardWeights(geometry, n, x, dy, dw, accumulate, workers);
    }
  }

  private Family backwardWeightsFamily() {
    if (Simd.ENABLED && Depthwise.suits(geometry)) {
      return Family.CONV2D_DEPTHWISE_BACKWARD_WEIGHTS;
    }
    return Simd.ENABLED && ShallowWeights.suits(geometry) ? Family.CONV2D_SHALLOW_BACKWARD_WEIGHTS : Family.CONV2D_BACKWARD_WEIGHTS;
  }

  private static void requireBias(Epilogue epilogue, int floats, String o, MemorySegment so, long no) {
    if (epilogue.hasBias()) {
      Segments.require("Conv2d", "the bias", epilogue.bias(), floats);
      Segments.requireApart("Conv2d", o, so, no, "the bias", epilogue.bias(), floats);
    }
  }

  private void require(
      int n, String a, MemorySegment sa, long na, String b, MemorySegment sb, long nb, String o, MemorySegment so, long no) {
    if (n < 0) {
      throw new IllegalArgumentException("Conv2d: " + n + " images; the number may not be negative");
    }
    if ((long) n * outHeight() * outWidth() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "Conv2d: " + n + " images of " + outHeight() + "x" + outWidth()
              + " outputs are more than 2^31 - 1; use smaller batches");
    }
    Segments.require("Conv2d", a, sa, na);
    Segments.require("Conv2d", b, sb, nb);
    Segments.require("Conv2d", o, so, no);
    Segments.requireApart("Conv2d", o, so, no, a, sa, na);
    Segments.requireApart("Conv2d", o, so, no, b, sb, nb);
  }
}
