package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * Vector times matrix, fp32: one row of a product, several vectors of columns, nothing but the loop over k. Nothing is packed, since each
 * element of B is used once: reading B is all the work there is.
 *
 * <pre>t[j] = t[j] + sum over p &lt; k of a[p] * B[p][j]</pre>
 *
 * <p>a[p] at byte {@code aAt + p * aStride}, row p of B at {@code bAt + p * bStride}. One fma per p, ascending: the bits of the tiled product. Eight
 * vectors are eight independent chains, as many as two fma ports of four cycles can keep busy. The caller has proved the bounds.
 */
final class GemvKernel8V {
  /** Vectors of columns that {@link #eight} takes. */
  static final int VECTORS = 8;

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.COUNT;

  private GemvKernel8V() {}

  static void eight(
      int k, MemorySegment a, long aAt, long aStride, MemorySegment b, long bAt, long bStride, float[] t) {
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
      long row = bAt + p * bStride;
      c0 = x.fma(FloatVector.fromMemorySegment(F, b, row, ORDER), c0);
      c1 = x.fma(FloatVector.fromMemorySegment(F, b, row + 4 * V, ORDER), c1);
      c2 = x.fma(FloatVector.fromMemorySegment(F, b, row + 8 * V, ORDER), c2);
      c3 = x.fma(FloatVector.fromMemorySegment(F, b, row + 12 * V, ORDER), c3);
      c4 = x.fma(FloatVector.fromMemorySegment(F, b, row + 16 * V, ORDER), c4);
      c5 = x.fma(FloatVector.fromMemorySegment(F, b, row + 20 * V, ORDER), c5);
      c6 = x.fma(FloatVector.fromMemorySegment(F, b, row + 24 * V, ORDER), c6);
      c7 = x.fma(FloatVector.fromMemorySegment(F, b, row + 28 * V, ORDER), c7);
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

  static void one(int k, MemorySegment a, long aAt, long aStride, MemorySegment b, long bAt, long bStride, float[] t) {
    a = exact(a);
    b = exact(b);
    FloatVector c = FloatVector.fromArray(F, t, 0);
    for (int p = 0; p < k; p++) {
      FloatVector x = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, aAt + p * aStride));
      c = x.fma(FloatVector.fromMemorySegment(F, b, bAt + p * bStride, ORDER), c);
    }
    c.intoArray(t, 0);
  }

  /** Columns that do not fill a vector, one element at a time, steps p0 to k. */
  static void tail(
      int p0, int k, int columns, MemorySegment a, long aAt, long aStride, MemorySegment b, long bAt, long bStride,
      float[] t) {
    a = exact(a);
    b = exact(b);
    for (int p = p0; p < k; p++) {
      float x = a.get(JAVA_FLOAT_UNALIGNED, aAt + p * aStride);
      for (int j = 0; j < columns; j++) {
        t[j] = Math.fma(x, b.get(JAVA_FLOAT_UNALIGNED, bAt + p * bStride + 4L * j), t[j]);
      }
    }
  }
}
