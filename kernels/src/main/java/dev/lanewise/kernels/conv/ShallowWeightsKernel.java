package dev.lanewise.kernels.conv;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * The weights' gradient of a convolution of few channels, fp32: five elements of a patch by two vectors of filters, nothing but the loop over pixels. One fma for each
 * term, in the order of the loop, so the bits are those of the scalar definition. Images and their elements lie as in {@link DirectKernel}. The caller has proved
 * the bounds. Allocates nothing, throws nothing.
 */
final class ShallowWeightsKernel {
  /** Elements of {@link #elements}: two calls for 3x3, five for 5x5, ten for 7x7, with one to spare at most. */
  static final int ELEMENTS = 5;

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.COUNT;

  private ShallowWeightsKernel() {}

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
