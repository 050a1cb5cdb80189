package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.gemm.GemmPlan.COLUMN_STRIDE;
import static dev.lanewise.kernels.gemm.GemmPlan.ROW_STRIDE;
import static dev.lanewise.kernels.lane.Lanes.F;

import dev.lanewise.kernels.lane.Lanes;
import jdk.incubator.vector.FloatVector;

/**
 * The micro-kernel of {@link GemmKernel12x2V} with 8 rows: for the last rows of a product and for products of few rows
 * ({@link Tiles#height}). Same panels, same order, same bits; 16 accumulators are still enough chains.
 */
final class GemmKernel8x2V {
  /** Rows of a tile. */
  static final int MR = 8;

  private static final int V = Lanes.COUNT;

  private GemmKernel8x2V() {}

  /** A[i][p] at {@code a[aAt + i * GemmPlan.ROW_STRIDE + p]}. */
  static void rows(int k, float[] a, int aAt, float[] b, int bAt, int bStep, float[] s, float[] t) {
    int bp = bAt;
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
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromArray(F, b, bp);
      FloatVector b1 = FloatVector.fromArray(F, b, bp + V);
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
      bp += bStep;
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
  }

  /** A[i][p] at {@code a[aAt + p * GemmPlan.COLUMN_STRIDE + i]}. */
  static void columns(int k, float[] a, int aAt, float[] b, int bAt, int bStep, float[] s, float[] t) {
    int bp = bAt;
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
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromArray(F, b, bp);
      FloatVector b1 = FloatVector.fromArray(F, b, bp + V);
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
      bp += bStep;
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
  }
}
