package dev.lanewise.kernels;

import dev.lanewise.kernels.pool.UpSampleTask;
import dev.lanewise.kernels.reference.UpSample2dReference;
import java.lang.foreign.MemorySegment;

/**
 * Enlarging images [n, height, width, channels] by whole factors: each pixel becomes a block of equal pixels (nearest neighbour).
 *
 * <pre>
 * y[n, oh, ow, c] = x[n, oh / factorHeight, ow / factorWidth, c], the quotients rounded down
 * dx[n, h, w, c] = sum over kh &lt; factorHeight, kw &lt; factorWidth of dy[n, h factorHeight + kh, w factorWidth + kw, c]
 * </pre>
 *
 * <p>Forwards a copy, bit by bit. Backwards a chain of adds from +0, ascending over (kh, kw): |error| &lt;= gamma_k sum |dy|,
 * k = factorHeight factorWidth - 1. The bits depend neither on width nor threads.
 *
 * <table>
 *   <caption>IEEE edges</caption>
 *   <tr><th>kernel</th><th>NaN</th><th>infinity</th><th>zeros</th><th>overflow, underflow</th></tr>
 *   <tr><td>forward</td><td>copied with its payload</td><td>copied</td><td>copied with their sign</td><td>never: nothing is computed</td></tr>
 *   <tr><td>backward</td><td>to its own pixel</td><td>to its own pixel; of both signs NaN</td><td>zeros of either sign: +0</td><td>as the sum</td></tr>
 * </table>
 *
 * <p>Operands are native segments, aligned to 4 bytes. A result may not overlap an operand. A call allocates nothing.
 *
 * @param height of an input image in pixels, at least 1; likewise width
 * @param channels of a pixel, at least 1
 * @param factorHeight rows that a row becomes, at least 1; likewise factorWidth for columns
 */
public record UpSample2d(int height, int width, int channels, int factorHeight, int factorWidth) {

  /**
   * The geometry.
   *
   * @throws IllegalArgumentException naming the sizes, if one is less than 1 or an output image has more than 2^31 - 1 rows or columns
   */
  public UpSample2d {
    if (Math.min(Math.min(height, width), channels) < 1 || Math.min(factorHeight, factorWidth) < 1) {
      throw new IllegalArgumentException(
          "UpSample2d: images of " + height + "x" + width + "x" + channels + " by " + factorHeight + "x" + factorWidth
              + "; each must be at least 1");
    }
    if ((long) height * factorHeight > Integer.MAX_VALUE || (long) width * factorWidth > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "UpSample2d: images of " + height + "x" + width + " by " + factorHeight + "x" + factorWidth
              + " have more than 2^31 - 1 rows or columns; use smaller factors");
    }
  }

  /** Rows of an output image. */
  public int outHeight() {
    return height * factorHeight;
  }

  /** Columns of an output image. */
  public int outWidth() {
    return width * factorWidth;
  }

  private long inputs(int n) {
    return (long) n * height * width * channels;
  }

  private long outputs(int n) {
    return inputs(n) * factorHeight * factorWidth;
  }

  /**
   * The enlarged images.
   *
   * @param n images, at least 0
   * @param x [n, height, width, channels]
   * @param y receives [n, outHeight, outWidth, channels]
   * @param workers share the rows
   * @throws IllegalArgumentException if n is negative, a segment is on the heap, too short or misaligned, or y overlaps x; nothing has
   *     been written then
   */
  public void forward(int n, MemorySegment x, MemorySegment y, Workers workers) {
    require("x", n, x, inputs(n), "y", y, outputs(n));
    if (Family.UP_SAMPLE2D_FORWARD.vectors()) {
      workers.state(UpSampleTask.KEY).forward(this, n, x, y, workers);
    } else {
      UpSample2dReference.forward(this, n, x, y);
    }
  }

  /**
   * The gradient for the input.
   *
   * @param dy [n, outHeight, outWidth, channels]
   * @param dx receives [n, height, width, channels]
   * @throws IllegalArgumentException as {@link #forward}
   */
  public void backward(int n, MemorySegment dy, MemorySegment dx, Workers workers) {
    require("dy", n, dy, outputs(n), "dx", dx, inputs(n));
    if (Family.UP_SAMPLE2D_BACKWARD.vectors()) {
      workers.state(UpSampleTask.KEY).backward(this, n, dy, dx, workers);
    } else {
      UpSample2dReference.backward(this, n, dy, dx);
    }
  }

  private static void require(String in, int n, MemorySegment i, long ni, String out, MemorySegment o, long no) {
    if (n < 0) {
      throw new IllegalArgumentException("UpSample2d: " + n + " images; there cannot be fewer than 0");
    }
    Segments.require("UpSample2d", in, i, ni);
    Segments.require("UpSample2d", out, o, no);
    Segments.requireApart("UpSample2d", out, o, no, in, i, ni);
  }
}
