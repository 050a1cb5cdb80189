package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * Vector times matrix, fp32: one row of a product by four packed panels, nothing but the loop over k.
 *
 * <pre>t[j] = t[j] + sum over p &lt; k of a[p] * B[p][j]</pre>
 *
 * <p>a[p] at byte {@code aAt + p * aStride}, the panels at the bytes {@code b0 .. b3}, each k x NR floats. One fma per p, ascending: the bits of the
 * tiled product. Eight vectors are eight independent chains, as in {@link GemvKernel8V}. The caller has proved the bounds.
 */
final class GemvKernel4P {
  /** Panels of one call. */
  static final int PANELS = 4;

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.COUNT;

  private GemvKernel4P() {}

  static void four(
      int k, MemorySegment a, long aAt, long aStride, MemorySegment b, long b0, long b1, long b2, long b3, float[] t) {
    a = exact(a);
    b = exact(b);
    FloatVector c0 = FloatVector.fromArray(F, t, 0);
    FloatVector c1 = FloatVector.fromArray(F, t, V);
    FloatVector c2 = FloatVector.fromArray(F, t, 2 * V);
    FloatVector c3 = FloatVector.fromArray(F, t, 3 * V);
    FloatVector c4 = FloatVector.fromArray(F, t, 4 * V);
    FloatVector c5 = FloatVector.fromArray(F, t, 5 * V);
    FloatVector c6 = FloatVector.fromArray(F, t, 6 * V);
    FloatVector c7 = FloatVector.fromArray(F, t, 7 * V);
    for (int p = 0; p < k; p++) {
      FloatVector x = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, aAt + p * aStride));
      long row = 8L * V * p;
      c0 = x.fma(FloatVector.fromMemorySegment(F, b, b0 + row, ORDER), c0);
      c1 = x.fma(FloatVector.fromMemorySegment(F, b, b0 + row + 4 * V, ORDER), c1);
      c2 = x.fma(FloatVector.fromMemorySegment(F, b, b1 + row, ORDER), c2);
      c3 = x.fma(FloatVector.fromMemorySegment(F, b, b1 + row + 4 * V, ORDER), c3);
      c4 = x.fma(FloatVector.fromMemorySegment(F, b, b2 + row, ORDER), c4);
      c5 = x.fma(FloatVector.fromMemorySegment(F, b, b2 + row + 4 * V, ORDER), c5);
      c6 = x.fma(FloatVector.fromMemorySegment(F, b, b3 + row, ORDER), c6);
      c7 = x.fma(FloatVector.fromMemorySegment(F, b, b3 + row + 4 * V, ORDER), c7);
    }
    c0.intoArray(t, 0);
    c1.intoArray(t, V);
    c2.intoArray(t, 2 * V);
    c3.intoArray(t, 3 * V);
    c4.intoArray(t, 4 * V);
    c5.intoArray(t, 5 * V);
    c6.intoArray(t, 6 * V);
    c7.intoArray(t, 7 * V);
  }

  /** The same with a[p] at {@code aAt + p}, and the panels at {@code b0 .. b3}, of arrays. */
  static void four(int k, float[] a, int aAt, float[] b, int b0, int b1, int b2, int b3, float[] t) {
    FloatVector c0 = FloatVector.fromArray(F, t, 0);
    FloatVector c1 = FloatVector.fromArray(F, t, V);
    FloatVector c2 = FloatVector.fromArray(F, t, 2 * V);
    FloatVector c3 = FloatVector.fromArray(F, t, 3 * V);
    FloatVector c4 = FloatVector.fromArray(F, t, 4 * V);
    FloatVector c5 = FloatVector.fromArray(F, t, 5 * V);
    FloatVector c6 = FloatVector.fromArray(F, t, 6 * V);
    FloatVector c7 = FloatVector.fromArray(F, t, 7 * V);
    for (int p = 0; p < k; p++) {
      FloatVector x = FloatVector.broadcast(F, a[aAt + p]);
      int row = 2 * V * p;
      c0 = x.fma(FloatVector.fromArray(F, b, b0 + row), c0);
      c1 = x.fma(FloatVector.fromArray(F, b, b0 + row + V), c1);
      c2 = x.fma(FloatVector.fromArray(F, b, b1 + row), c2);
      c3 = x.fma(FloatVector.fromArray(F, b, b1 + row + V), c3);
      c4 = x.fma(FloatVector.fromArray(F, b, b2 + row), c4);
      c5 = x.fma(FloatVector.fromArray(F, b, b2 + row + V), c5);
      c6 = x.fma(FloatVector.fromArray(F, b, b3 + row), c6);
      c7 = x.fma(FloatVector.fromArray(F, b, b3 + row + V), c7);
    }
    c0.intoArray(t, 0);
    c1.intoArray(t, V);
    c2.intoArray(t, 2 * V);
    c3.intoArray(t, 3 * V);
    c4.intoArray(t, 4 * V);
    c5.intoArray(t, 5 * V);
    c6.intoArray(t, 6 * V);
    c7.intoArray(t, 7 * V);
  }
}
