package dev.lanewise.kernels;

import dev.lanewise.kernels.pool.PoolTask;
import dev.lanewise.kernels.reference.Pool2dReference;
import java.lang.foreign.MemorySegment;

/**
 * Maximum and average pooling over images [n, height, width, channels], without padding: geometry, made once, and the kernels.
 *
 * <pre>
 * y[n, oh, ow, c] = max over kh &lt; poolHeight, kw &lt; poolWidth of x[n, oh strideHeight + kh, ow strideWidth + kw, c]
 * for the average the sum over the same taps, divided by poolHeight poolWidth
 * outHeight = (height - poolHeight) / strideHeight + 1, rounded down; the width likewise
 * </pre>
 *
 * Rows and columns at the lower and right edge that fill no window are left out, and their gradient is 0.
 *
 * <p>A global average has windows as large as the images.
 *
 * <p>Maxima are exact: nothing is rounded forwards. Taps are tried in the order kh, kw; the first greatest element wins (zeros of either sign are
 * equal), and the first NaN wins over all numbers, so a NaN in a window is its maximum. Backwards each element of dx is a chain of adds
 * from +0, over the windows that chose it in ascending order (oh, ow): exact where windows do not overlap, else |error| &lt;= gamma_w sum |dy|, w
 * windows overlapping. A sum is a chain of adds from +0 in the order of the taps: {@code |error| <= gamma_k sum |x| / k} for k taps; its gradient
 * is dy / k, one rounding, and the same chain of adds, so gamma_(w + 1) sum |dy| / k. The bits depend neither on width nor threads.
 *
 * <table>
 *   <caption>IEEE edges</caption>
 *   <tr><th>kernel</th><th>NaN</th><th>infinity</th><th>zeros</th><th>overflow, underflow</th></tr>
 *   <tr><td>maxForward</td><td>the first of a window is its maximum</td><td>compared as numbers</td><td>either sign equal: the first of the window</td><td>never: nothing is computed</td></tr>
 *   <tr><td>maxBackward</td><td>to the pixel that was chosen</td><td>to the pixel that was chosen</td><td>+0 where no window chose a pixel</td><td>as the sum where windows overlap</td></tr>
 *   <tr><td>averageForward</td><td>the mean of each window that holds it NaN</td><td>the mean infinite; of both signs NaN</td><td>zeros of either sign: +0</td><td>a sum beyond the largest float: infinite</td></tr>
 *   <tr><td>averageBackward</td><td>to all pixels of its window</td><td>to all pixels of its window</td><td>+0 where no window reaches</td><td>as the sum where windows overlap</td></tr>
 * </table>
 *
 * <p>Operands are native segments, aligned to 4 bytes. A result may not overlap an operand. A call allocates nothing.
 */
public final class Pool2d {
  private final int height;
  private final int width;
  private final int channels;
  private final int poolHeight;
  private final int poolWidth;
  private final int strideHeight;
  private final int strideWidth;

  private Pool2d(
      int height, int width, int channels, int poolHeight, int poolWidth, int strideHeight, int strideWidth) {
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.poolHeight = poolHeight;
    this.poolWidth = poolWidth;
    this.strideHeight = strideHeight;
    this.strideWidth = strideWidth;
  }

  /**
   * The geometry of a pooling.
   *
   * @throws IllegalArgumentException if a size or stride is less than 1 or a window is larger than the image
   */
  public static Pool2d of(
      int height, int width, int channels, int poolHeight, int poolWidth, int strideHeight, int strideWidth) {
    if (height < 1 || width < 1 || channels < 1) {
      throw new IllegalArgumentException(
          "Pool2d: images of " + height + "x" + width + "x" + channels + "; each size must be at least 1");
    }
    if (poolHeight < 1 || poolWidth < 1 || poolHeight > height || poolWidth > width) {
      throw new IllegalArgumentException(
          "Pool2d: windows of " + poolHeight + "x" + poolWidth + " on images of " + height + "x" + width
              + "; a window needs at least 1x1 and must fit");
    }
    if (strideHeight < 1 || strideWidth < 1) {
      throw new IllegalArgumentException(
          "Pool2d: strides " + strideHeight + " and " + strideWidth + "; both must be at least 1");
    }
    return new Pool2d(height, width, channels, poolHeight, poolWidth, strideHeight, strideWidth);
  }

  public int height() {
    return height;
  }

  public int width() {
    return width;
  }

  public int channels() {
    return channels;
  }

  public int poolHeight() {
    return poolHeight;
  }

  public int poolWidth() {
    return poolWidth;
  }

  public int strideHeight() {
    return strideHeight;
  }

  public int strideWidth() {
    return strideWidth;
  }

  public int outHeight() {
    return (height - poolHeight) / strideHeight + 1;
  }

  public int outWidth() {
    return (width - poolWidth) / strideWidth + 1;
  }

  private long inputs(int n) {
    return (long) n * height * width * channels;
  }

  private long outputs(int n) {
    return (long) n * outHeight() * outWidth() * channels;
  }

  /**
   * Maximum of each window, for inference.
   *
   * @param n images, at least 0
   * @param x [n, height, width, channels]
   * @param y receives [n, outHeight, outWidth, channels]
   * @param workers share the rows of the output
   * @throws IllegalArgumentException if n is negative, a segment is on the heap, too short or misaligned, or y overlaps x
   */
  public void maxForward(int n, MemorySegment x, MemorySegment y, Workers workers) {
    require("maxForward", n, x, y);
    if (Family.POOL2D_MAX.vectors()) {
      workers.state(PoolTask.KEY).forward(this, n, x, y, MemorySegment.NULL, workers);
    } else {
      Pool2dReference.maxForward(this, n, x, y, MemorySegment.NULL);
    }
  }

  /**
   * Maximum of each window and the tap it came from.
   *
   * @param argmax receives [n, outHeight, outWidth, channels] ints: {@code kh * poolWidth + kw}
   * @throws IllegalArgumentException as the one without taps
   */
  public void maxForward(int n, MemorySegment x, MemorySegment y, MemorySegment argmax, Workers workers) {
    require("maxForward", n, x, y);
    Segments.require("maxForward", "argmax", argmax, outputs(n));
    Segments.requireApart("maxForward", "argmax", argmax, outputs(n), "x", x, inputs(n));
    Segments.requireApart("maxForward", "argmax", argmax, outputs(n), "y", y, outputs(n));
    if (Family.POOL2D_MAX.vectors()) {
      workers.state(PoolTask.KEY).forward(this, n, x, y, argmax, workers);
    } else {
      Pool2dReference.maxForward(this, n, x, y, argmax);
    }
  }

  /**
   * Gradient for the input: each dy goes to where its window's maximum was.
   *
   * @param dy [n, outHeight, outWidth, channels]
   * @param argmax what {@link #maxForward(int, MemorySegment, MemorySegment, MemorySegment, Workers)} gave; with any other taps dx is
   *     undefined
   * @param dx receives [n, height, width, channels]; overwritten
   * @param workers share the images
   * @throws IllegalArgumentException as the forward pass; nothing has been
   *     written then
   */
  public void maxBackward(int n, MemorySegment dy, MemorySegment argmax, MemorySegment dx, Workers workers) {
    requireCount("maxBackward", n);
    Segments.require("maxBackward", "dy", dy, outputs(n));
    Segments.require("maxBackward", "argmax", argmax, outputs(n));
    Segments.require("maxBackward", "dx", dx, inputs(n));
    Segments.requireApart("maxBackward", "dx", dx, inputs(n), "dy", dy, outputs(n));
    Segments.requireApart("maxBackward", "dx", dx, inputs(n), "argmax", argmax, outputs(n));
    if (Family.POOL2D_MAX_BACKWARD.vectors()) {
      workers.state(PoolTask.KEY).backward(this, n, dy, argmax, dx, workers);
    } else {
      Pool2dReference.maxBackward(this, n, dy, argmax, dx);
    }
  }

  /**
   * Average of each window.
   *
   * @param n images, at least 0
   * @param x [n, height, width, channels]
   * @param y receives [n, outHeight, outWidth, channels]
   * @param workers share the rows of the output
   * @throws IllegalArgumentException if n is negative, a segment is on the heap, too short or misaligned, or y overlaps x
   */
  public void averageForward(int n, MemorySegment x, MemorySegment y, Workers workers) {
    require("averageForward", n, x, y);
    if (Family.POOL2D_AVERAGE.vectors()) {
      workers.state(PoolTask.KEY).averageForward(this, n, x, y, workers);
    } else {
      Pool2dReference.averageForward(this, n, x, y);
    }
  }

  /**
   * Gradient for the input: each dy goes to all taps of its window in equal shares.
   *
   * @param dy [n, outHeight, outWidth, channels]
   * @param dx receives [n, height, width, channels]; overwritten
   * @param workers share the images
   * @throws IllegalArgumentException as the forward pass; nothing has been written then
   */
  public void averageBackward(int n, MemorySegment dy, MemorySegment dx, Workers workers) {
    requireCount("averageBackward", n);
    Segments.require("averageBackward", "dy", dy, outputs(n));
    Segments.require("averageBackward", "dx", dx, inputs(n));
    Segments.requireApart("averageBackward", "dx", dx, inputs(n), "dy", dy, outputs(n));
    if (Family.POOL2D_AVERAGE_BACKWARD.vectors()) {
      workers.state(PoolTask.KEY).averageBackward(this, n, dy, dx, workers);
    } else {
      Pool2dReference.averageBackward(this, n, dy, dx);
    }
  }

  private void require(String door, int n, MemorySegment x, MemorySegment y) {
    requireCount(door, n);
    Segments.require(door, "x", x, inputs(n));
    Segments.require(door, "y", y, outputs(n));
    Segments.requireApart(door, "y", y, outputs(n), "x", x, inputs(n));
  }

  private static void requireCount(String door, int n) {
    if (n < 0) {
      throw new IllegalArgumentException(door + ": " + n + " images; there cannot be fewer than 0");
    }
  }
}
