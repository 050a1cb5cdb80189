package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.gemm.GemmPlan.COLUMN_STRIDE;
import static dev.lanewise.kernels.gemm.GemmPlan.ROW_STRIDE;
import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * The micro-kernel of {@link GemmKernel12x2V} with B where it lies in memory, row p at {@code bAt + p * bStride} bytes, unpacked: for
 * products with few rows, where packing B would cost as much as multiplying by it. B must have whole tiles of columns.
 *
 * <p>Order, error, registers and duties of the caller are the same, and so are the bits. Two bounds checks for each k remain in the loop (the
 * stride is no constant), against 24 multiply-adds.
 */
final class GemmKernel12x2VDirect {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.COUNT;

  private GemmKernel12x2VDirect() {}

  /** A[i][p] at {@code a[aAt + i * GemmPlan.ROW_STRIDE + p]}. */
  static void rows(int k, float[] a, int aAt, MemorySegment b, long bAt, long bStride, float[] s, float[] t) {
    b = exact(b);
    FloatVector c0a = FloatVector.fromArray(F, s, 0);
    FloatVector c0b = FloatVector.fromArray(F, s, V);
    FloatVector c1a = FloatVector.fromArray(F, s, 2 * V);
    FloatVector c1b = FloatVector.fromArray(F, s, 3 * V);
    FloatVector c2a = FloatVector.fromArray(F, s, 4 * V);
    FloatVector c2b = FloatVector.fromArray(F, s, 5 * V);
    FloatVector c3a = FloatVector.fromArray(F, s, 6 * V);
    FloatVector c3b = FloatVector.fromArray(F, s, 7 * V);
    FloatVector c4a = FloatVector.fromArray(F, s, 8 * V);
    FloatVector c4b = FloatVector.fromArray(F, s, 9 * V);
    FloatVector c5a = FloatVector.fromArray(F, s, 10 * V);
    FloatVector c5b = FloatVector.fromArray(F, s, 11 * V);
    FloatVector c6a = FloatVector.fromArray(F, s, 12 * V);
    FloatVector c6b = FloatVector.fromArray(F, s, 13 * V);
    FloatVector c7a = FloatVector.fromArray(F, s, 14 * V);
    FloatVector c7b = FloatVector.fromArray(F, s, 15 * V);
    FloatVector c8a = FloatVector.fromArray(F, s, 16 * V);
    FloatVector c8b = FloatVector.fromArray(F, s, 17 * V);
    FloatVector c9a = FloatVector.fromArray(F, s, 18 * V);
    FloatVector c9b = FloatVector.fromArray(F, s, 19 * V);
    FloatVector c10a = FloatVector.fromArray(F, s, 20 * V);
    FloatVector c10b = FloatVector.fromArray(F, s, 21 * V);
    FloatVector c11a = FloatVector.fromArray(F, s, 22 * V);
    FloatVector c11b = FloatVector.fromArray(F, s, 23 * V);
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromMemorySegment(F, b, bAt + p * bStride, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(F, b, bAt + p * bStride + 4 * V, ORDER);
      FloatVector a0 = FloatVector.broadcast(F, a[aAt + p]);
      c0a = a0.fma(b0, c0a);
      c0b = a0.fma(b1, c0b);
      FloatVector a1 = FloatVector.broadcast(F, a[aAt + ROW_STRIDE + p]);
      c1a = a1.fma(b0, c1a);
      c1b = a1.fma(b1, c1b);
      FloatVector a2 = FloatVector.broadcast(F, a[aAt + 2 * ROW_STRIDE + p]);
      c2a = a2.fma(b0, c2a);
      c2b = a2.fma(b1, c2b);
      FloatVector a3 = FloatVector.broadcast(F, a[aAt + 3 * ROW_STRIDE + p]);
      c3a = a3.fma(b0, c3a);
      c3b = a3.fma(b1, c3b);
      FloatVector a4 = FloatVector.broadcast(F, a[aAt + 4 * ROW_STRIDE + p]);
      c4a = a4.fma(b0, c4a);
      c4b = a4.fma(b1, c4b);
      FloatVector a5 = FloatVector.broadcast(F, a[aAt + 5 * ROW_STRIDE + p]);
      c5a = a5.fma(b0, c5a);
      c5b = a5.fma(b1, c5b);
      FloatVector a6 = FloatVector.broadcast(F, a[aAt + 6 * ROW_STRIDE + p]);
      c6a = a6.fma(b0, c6a);
      c6b = a6.fma(b1, c6b);
      FloatVector a7 = FloatVector.broadcast(F, a[aAt + 7 * ROW_STRIDE + p]);
      c7a = a7.fma(b0, c7a);
      c7b = a7.fma(b1, c7b);
      FloatVector a8 = FloatVector.broadcast(F, a[aAt + 8 * ROW_STRIDE + p]);
      c8a = a8.fma(b0, c8a);
      c8b = a8.fma(b1, c8b);
      FloatVector a9 = FloatVector.broadcast(F, a[aAt + 9 * ROW_STRIDE + p]);
      c9a = a9.fma(b0, c9a);
      c9b = a9.fma(b1, c9b);
      FloatVector a10 = FloatVector.broadcast(F, a[aAt + 10 * ROW_STRIDE + p]);
      c10a = a10.fma(b0, c10a);
      c10b = a10.fma(b1, c10b);
      FloatVector a11 = FloatVector.broadcast(F, a[aAt + 11 * ROW_STRIDE + p]);
      c11a = a11.fma(b0, c11a);
      c11b = a11.fma(b1, c11b);
    }
    c0a.intoArray(t, 0);
    c0b.intoArray(t, V);
    c1a.intoArray(t, 2 * V);
    c1b.intoArray(t, 3 * V);
    c2a.intoArray(t, 4 * V);
    c2b.intoArray(t, 5 * V);
    c3a.intoArray(t, 6 * V);
    c3b.intoArray(t, 7 * V);
    c4a.intoArray(t, 8 * V);
    c4b.intoArray(t, 9 * V);
    c5a.intoArray(t, 10 * V);
    c5b.intoArray(t, 11 * V);
    c6a.intoArray(t, 12 * V);
    c6b.intoArray(t, 13 * V);
    c7a.intoArray(t, 14 * V);
    c7b.intoArray(t, 15 * V);
    c8a.intoArray(t, 16 * V);
    c8b.intoArray(t, 17 * V);
    c9a.intoArray(t, 18 * V);
    c9b.intoArray(t, 19 * V);
    c10a.intoArray(t, 20 * V);
    c10b.intoArray(t, 21 * V);
    c11a.intoArray(t, 22 * V);
    c11b.intoArray(t, 23 * V);
  }

  /** A[i][p] at {@code a[aAt + p * GemmPlan.COLUMN_STRIDE + i]}. */
  static void columns(int k, float[] a, int aAt, MemorySegment b, long bAt, long bStride, float[] s, float[] t) {
    b = exact(b);
    FloatVector c0a = FloatVector.fromArray(F, s, 0);
    FloatVector c0b = FloatVector.fromArray(F, s, V);
    FloatVector c1a = FloatVector.fromArray(F, s, 2 * V);
    FloatVector c1b = FloatVector.fromArray(F, s, 3 * V);
    FloatVector c2a = FloatVector.fromArray(F, s, 4 * V);
    FloatVector c2b = FloatVector.fromArray(F, s, 5 * V);
    FloatVector c3a = FloatVector.fromArray(F, s, 6 * V);
    FloatVector c3b = FloatVector.fromArray(F, s, 7 * V);
    FloatVector c4a = FloatVector.fromArray(F, s, 8 * V);
    FloatVector c4b = FloatVector.fromArray(F, s, 9 * V);
    FloatVector c5a = FloatVector.fromArray(F, s, 10 * V);
    FloatVector c5b = FloatVector.fromArray(F, s, 11 * V);
    FloatVector c6a = FloatVector.fromArray(F, s, 12 * V);
    FloatVector c6b = FloatVector.fromArray(F, s, 13 * V);
    FloatVector c7a = FloatVector.fromArray(F, s, 14 * V);
    FloatVector c7b = FloatVector.fromArray(F, s, 15 * V);
    FloatVector c8a = FloatVector.fromArray(F, s, 16 * V);
    FloatVector c8b = FloatVector.fromArray(F, s, 17 * V);
    FloatVector c9a = FloatVector.fromArray(F, s, 18 * V);
    FloatVector c9b = FloatVector.fromArray(F, s, 19 * V);
    FloatVector c10a = FloatVector.fromArray(F, s, 20 * V);
    FloatVector c10b = FloatVector.fromArray(F, s, 21 * V);
    FloatVector c11a = FloatVector.fromArray(F, s, 22 * V);
    FloatVector c11b = FloatVector.fromArray(F, s, 23 * V);
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromMemorySegment(F, b, bAt + p * bStride, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(F, b, bAt + p * bStride + 4 * V, ORDER);
      FloatVector a0 = FloatVector.broadcast(F, a[aAt + p * COLUMN_STRIDE]);
      c0a = a0.fma(b0, c0a);
      c0b = a0.fma(b1, c0b);
      FloatVector a1 = FloatVector.broadcast(F, a[aAt + p * COLUMN_STRIDE + 1]);
      c1a = a1.fma(b0, c1a);
      c1b = a1.fma(b1, c1b);
      FloatVector a2 = FloatVector.broadcast(F, a[aAt + p * COLUMN_STRIDE + 2]);
      c2a = a2.fma(b0, c2a);
      c2b = a2.fma(b1, c2b);
      FloatVector a3 = FloatVector.broadcast(F, a[aAt + p * COLUMN_STRIDE + 3]);
      c3a = a3.fma(b0, c3a);
      c3b = a3.fma(b1, c3b);
      FloatVector a4 = FloatVector.broadcast(F, a[aAt + p * COLUMN_STRIDE + 4]);
      c4a = a4.fma(b0, c4a);
      c4b = a4.fma(b1, c4b);
      FloatVector a5 = FloatVector.broadcast(F, a[aAt + p * COLUMN_STRIDE + 5]);
      c5a = a5.fma(b0, c5a);
      c5b = a5.fma(b1, c5b);
      FloatVector a6 = FloatVector.broadcast(F, a[aAt + p * COLUMN_STRIDE + 6]);
      c6a = a6.fma(b0, c6a);
      c6b = a6.fma(b1, c6b);
      FloatVector a7 = FloatVector.broadcast(F, a[aAt + p * COLUMN_STRIDE + 7]);
      c7a = a7.fma(b0, c7a);
      c7b = a7.fma(b1, c7b);
      FloatVector a8 = FloatVector.broadcast(F, a[aAt + p * COLUMN_STRIDE + 8]);
      c8a = a8.fma(b0, c8a);
      c8b = a8.fma(b1, c8b);
      FloatVector a9 = FloatVector.broadcast(F, a[aAt + p * COLUMN_STRIDE + 9]);
      c9a = a9.fma(b0, c9a);
      c9b = a9.fma(b1, c9b);
      FloatVector a10 = FloatVector.broadcast(F, a[aAt + p * COLUMN_STRIDE + 10]);
      c10a = a10.fma(b0, c10a);
      c10b = a10.fma(b1, c10b);
      FloatVector a11 = FloatVector.broadcast(F, a[aAt + p * COLUMN_STRIDE + 11]);
      c11a = a11.fma(b0, c11a);
      c11b = a11.fma(b1, c11b);
    }
    c0a.intoArray(t, 0);
    c0b.intoArray(t, V);
    c1a.intoArray(t, 2 * V);
    c1b.intoArray(t, 3 * V);
    c2a.intoArray(t, 4 * V);
    c2b.intoArray(t, 5 * V);
    c3a.intoArray(t, 6 * V);
    c3b.intoArray(t, 7 * V);
    c4a.intoArray(t, 8 * V);
    c4b.intoArray(t, 9 * V);
    c5a.intoArray(t, 10 * V);
    c5b.intoArray(t, 11 * V);
    c6a.intoArray(t, 12 * V);
    c6b.intoArray(t, 13 * V);
    c7a.intoArray(t, 14 * V);
    c7b.intoArray(t, 15 * V);
    c8a.intoArray(t, 16 * V);
    c8b.intoArray(t, 17 * V);
    c9a.intoArray(t, 18 * V);
    c9b.intoArray(t, 19 * V);
    c10a.intoArray(t, 20 * V);
    c10b.intoArray(t, 21 * V);
    c11a.intoArray(t, 22 * V);
    c11b.intoArray(t, 23 * V);
  }
}
