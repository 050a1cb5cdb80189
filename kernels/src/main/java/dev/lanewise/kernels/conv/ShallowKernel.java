package dev.lanewise.kernels.conv;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * Convolution of images of few channels, fp32: two vectors of filters, nothing but the loop over the elements of a patch or over pixels. One fma for
 * each term, in the order of the loop, so the bits are those of the scalar definition.
 *
 * <p>A patch is never gathered: the image lies in an array, padding and all, and each of its elements is spread over a vector from where it lies, at
 * {@code pixelAt[pixel] + patchAt[element]}. Several chains side by side cover the fma latency and share a load: eight pixels the weights of an
 * element, five elements the gradient of a pixel. The caller has proved the bounds. Allocates nothing, throws nothing.
 */
final class ShallowKernel {
  /** Pixels of {@link #pixels}. */
  static final int PIXELS = 8;

  /** Elements of {@link #elements}: two calls for 3x3, five for 5x5, ten for 7x7, with one to spare at most. */
  static final int ELEMENTS = 5;

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.COUNT;

  /** Where chains start: loaded, since C2 does not always keep a zero that it knows in a register (reports/decisions/0003). */
  private static final float[] ZEROS = new float[2 * PIXELS * V];

  private ShallowKernel() {}

  /**
   * {@code y[i] = max(least, bias + sum over s < terms of x[pixelAt[pixel + i] + patchAt[s]] w[s])} for i = 0 .. 7, where w[s] are two vectors in a row.
   *
   * @param y row i at byte {@code yAt + i * yRow}
   * @param bias two vectors from biasAt on
   */
  static void pixels(
      int terms, float[] x, int[] pixelAt, int pixel, int[] patchAt, float[] w, int wAt, float[] bias, int biasAt, float least,
      MemorySegment y, long yAt, long yRow) {
    y = exact(y);
    int x0 = pixelAt[pixel];
    int x1 = pixelAt[pixel + 1];
    int x2 = pixelAt[pixel + 2];
    int x3 = pixelAt[pixel + 3];
    int x4 = pixelAt[pixel + 4];
    int x5 = pixelAt[pixel + 5];
    int x6 = pixelAt[pixel + 6];
    int x7 = pixelAt[pixel + 7];
    FloatVector c0a = FloatVector.fromArray(F, ZEROS, 0);
    FloatVector c0b = FloatVector.fromArray(F, ZEROS, V);
    FloatVector c1a = FloatVector.fromArray(F, ZEROS, 2 * V);
    FloatVector c1b = FloatVector.fromArray(F, ZEROS, 3 * V);
    FloatVector c2a = FloatVector.fromArray(F, ZEROS, 4 * V);
    FloatVector c2b = FloatVector.fromArray(F, ZEROS, 5 * V);
    FloatVector c3a = FloatVector.fromArray(F, ZEROS, 6 * V);
    FloatVector c3b = FloatVector.fromArray(F, ZEROS, 7 * V);
    FloatVector c4a = FloatVector.fromArray(F, ZEROS, 8 * V);
    FloatVector c4b = FloatVector.fromArray(F, ZEROS, 9 * V);
    FloatVector c5a = FloatVector.fromArray(F, ZEROS, 10 * V);
    FloatVector c5b = FloatVector.fromArray(F, ZEROS, 11 * V);
    FloatVector c6a = FloatVector.fromArray(F, ZEROS, 12 * V);
    FloatVector c6b = FloatVector.fromArray(F, ZEROS, 13 * V);
    FloatVector c7a = FloatVector.fromArray(F, ZEROS, 14 * V);
    FloatVector c7b = FloatVector.fromArray(F, ZEROS, 15 * V);
    for (int s = 0; s < terms; s++) {
      int at = patchAt[s];
      FloatVector w0 = FloatVector.fromArray(F, w, wAt + 2 * V * s);
      FloatVector w1 = FloatVector.fromArray(F, w, wAt + 2 * V * s + V);
      FloatVector p0 = FloatVector.broadcast(F, x[x0 + at]);
      c0a = p0.fma(w0, c0a);
      c0b = p0.fma(w1, c0b);
      FloatVector p1 = FloatVector.broadcast(F, x[x1 + at]);
      c1a = p1.fma(w0, c1a);
      c1b = p1.fma(w1, c1b);
      FloatVector p2 = FloatVector.broadcast(F, x[x2 + at]);
      c2a = p2.fma(w0, c2a);
      c2b = p2.fma(w1, c2b);
      FloatVector p3 = FloatVector.broadcast(F, x[x3 + at]);
      c3a = p3.fma(w0, c3a);
      c3b = p3.fma(w1, c3b);
      FloatVector p4 = FloatVector.broadcast(F, x[x4 + at]);
      c4a = p4.fma(w0, c4a);
      c4b = p4.fma(w1, c4b);
      FloatVector p5 = FloatVector.broadcast(F, x[x5 + at]);
      c5a = p5.fma(w0, c5a);
      c5b = p5.fma(w1, c5b);
      FloatVector p6 = FloatVector.broadcast(F, x[x6 + at]);
      c6a = p6.fma(w0, c6a);
      c6b = p6.fma(w1, c6b);
      FloatVector p7 = FloatVector.broadcast(F, x[x7 + at]);
      c7a = p7.fma(w0, c7a);
      c7b = p7.fma(w1, c7b);
    }
    FloatVector ba = FloatVector.fromArray(F, bias, biasAt);
    FloatVector bb = FloatVector.fromArray(F, bias, biasAt + V);
    FloatVector floor = FloatVector.broadcast(F, least);
    c0a.add(ba).max(floor).intoMemorySegment(y, yAt, ORDER);
    c0b.add(bb).max(floor).intoMemorySegment(y, yAt + 4 * V, ORDER);
    c1a.add(ba).max(floor).intoMemorySegment(y, yAt + yRow, ORDER);
    c1b.add(bb).max(floor).intoMemorySegment(y, yAt + yRow + 4 * V, ORDER);
    c2a.add(ba).max(floor).intoMemorySegment(y, yAt + 2 * yRow, ORDER);
    c2b.add(bb).max(floor).intoMemorySegment(y, yAt + 2 * yRow + 4 * V, ORDER);
    c3a.add(ba).max(floor).intoMemorySegment(y, yAt + 3 * yRow, ORDER);
    c3b.add(bb).max(floor).intoMemorySegment(y, yAt + 3 * yRow + 4 * V, ORDER);
    c4a.add(ba).max(floor).intoMemorySegment(y, yAt + 4 * yRow, ORDER);
    c4b.add(bb).max(floor).intoMemorySegment(y, yAt + 4 * yRow + 4 * V, ORDER);
    c5a.add(ba).max(floor).intoMemorySegment(y, yAt + 5 * yRow, ORDER);
    c5b.add(bb).max(floor).intoMemorySegment(y, yAt + 5 * yRow + 4 * V, ORDER);
    c6a.add(ba).max(floor).intoMemorySegment(y, yAt + 6 * yRow, ORDER);
    c6b.add(bb).max(floor).intoMemorySegment(y, yAt + 6 * yRow + 4 * V, ORDER);
    c7a.add(ba).max(floor).intoMemorySegment(y, yAt + 7 * yRow, ORDER);
    c7b.add(bb).max(floor).intoMemorySegment(y, yAt + 7 * yRow + 4 * V, ORDER);
  }

  /**
   * {@code d[i] = d[i] + sum over p < pixels of x[pixelAt[p] + ei] dy[p]} for i = 0 .. 4, where d[i] are two vectors in a row from di on.
   *
   * @param dy row p at byte {@code dyAt + p * dyRow}
   */
  static void elements(
      int pixels, float[] x, int[] pixelAt, int e0, int e1, int e2, int e3, int e4, MemorySegment dy, long dyAt, long dyRow, float[] d,
      int d0, int d1, int d2, int d3, int d4) {
    dy = exact(dy);
    FloatVector c0a = FloatVector.fromArray(F, d, d0);
    FloatVector c0b = FloatVector.fromArray(F, d, d0 + V);
    FloatVector c1a = FloatVector.fromArray(F, d, d1);
    FloatVector c1b = FloatVector.fromArray(F, d, d1 + V);
    FloatVector c2a = FloatVector.fromArray(F, d, d2);
    FloatVector c2b = FloatVector.fromArray(F, d, d2 + V);
    FloatVector c3a = FloatVector.fromArray(F, d, d3);
    FloatVector c3b = FloatVector.fromArray(F, d, d3 + V);
    FloatVector c4a = FloatVector.fromArray(F, d, d4);
    FloatVector c4b = FloatVector.fromArray(F, d, d4 + V);
    for (int p = 0; p < pixels; p++) {
      FloatVector g0 = FloatVector.fromMemorySegment(F, dy, dyAt + p * dyRow, ORDER);
      FloatVector g1 = FloatVector.fromMemorySegment(F, dy, dyAt + p * dyRow + 4 * V, ORDER);
      int at = pixelAt[p];
      FloatVector p0 = FloatVector.broadcast(F, x[at + e0]);
      c0a = p0.fma(g0, c0a);
      c0b = p0.fma(g1, c0b);
      FloatVector p1 = FloatVector.broadcast(F, x[at + e1]);
      c1a = p1.fma(g0, c1a);
      c1b = p1.fma(g1, c1b);
      FloatVector p2 = FloatVector.broadcast(F, x[at + e2]);
      c2a = p2.fma(g0, c2a);
      c2b = p2.fma(g1, c2b);
      FloatVector p3 = FloatVector.broadcast(F, x[at + e3]);
      c3a = p3.fma(g0, c3a);
      c3b = p3.fma(g1, c3b);
      FloatVector p4 = FloatVector.broadcast(F, x[at + e4]);
      c4a = p4.fma(g0, c4a);
      c4b = p4.fma(g1, c4b);
    }
    c0a.intoArray(d, d0);
    c0b.intoArray(d, d0 + V);
    c1a.intoArray(d, d1);
    c1b.intoArray(d, d1 + V);
    c2a.intoArray(d, d2);
    c2b.intoArray(d, d2 + V);
    c3a.intoArray(d, d3);
    c3b.intoArray(d, d3 + V);
    c4a.intoArray(d, d4);
    c4b.intoArray(d, d4 + V);
  }
}
