package dev.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * The patch matrix of a convolution, in memory: for other products over patches and for teaching; {@link Conv2d} never needs it.
 *
 * <pre>P[(n, oh, ow), (kh, kw, c)] = X[n, oh strideH - padTop + kh dilationH, ow strideW - padLeft + kw dilationW, c], 0 in the padding</pre>
 *
 * <p>A copy: equal bits, NaN payloads included. The convolution is {@code Y = P W}.
 *
 * <table>
 *   <caption>IEEE edges</caption>
 *   <tr><th>kernel</th><th>NaN</th><th>infinity</th><th>zeros</th><th>overflow, underflow</th></tr>
 *   <tr><td>run</td><td>copied with its payload to each patch that sees it</td><td>copied</td><td>copied with their sign; the padding is +0</td><td>never: nothing is computed, subnormals are kept</td></tr>
 * </table>
 *
 * <p>Source: Chellapilla, Puri and Simard, 2006.
 */
public final class Im2col {
  private Im2col() {}

  /**
   * Writes P.
   *
   * @param g the sizes; filters play no part
   * @param n images, at least 0
   * @param x images [n, height, width, channels]
   * @param p overwritten: {@code n outHeight outWidth} rows of {@code g.patch()} floats; may not overlap x
   * @throws IllegalArgumentException if a segment is too small, on the heap, misaligned, or they overlap
   */
  public static void run(Conv2dGeometry g, int n, MemorySegment x, MemorySegment p) {
    long inputs = (long) n * g.height() * g.width() * g.channels();
    long outputs = (long) n * g.outHeight() * g.outWidth() * g.patch();
    Segments.require("Im2col", "X", x, inputs);
    Segments.require("Im2col", "P", p, outputs);
    Segments.requireApart("Im2col", "P", p, outputs, "X", x, inputs);
    long tapBytes = 4L * g.channels();
    long to = 0;
    for (long image = 0; image < n; image++) {
      for (int oh = 0; oh < g.outHeight(); oh++) {
        for (int ow = 0; ow < g.outWidth(); ow++) {
          for (int kh = 0; kh < g.kernelHeight(); kh++) {
            int ih = oh * g.strideH() - g.padTop() + kh * g.dilationH();
            for (int kw = 0; kw < g.kernelWidth(); kw++, to += tapBytes) {
              int iw = ow * g.strideW() - g.padLeft() + kw * g.dilationW();
              if (ih >= 0 && ih < g.height() && iw >= 0 && iw < g.width()) {
                MemorySegment.copy(x, ((image * g.height() + ih) * g.width() + iw) * tapBytes, p, to, tapBytes);
              } else {
                for (long at = to; at < to + tapBytes; at += 4) {
                  p.set(JAVA_FLOAT_UNALIGNED, at, 0f);
                }
              }
            }
          }
        }
      }
    }
  }
}
