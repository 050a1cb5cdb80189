package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.gemm.GemmPlan.COLUMN_STRIDE;
import static dev.lanewise.kernels.gemm.GemmPlan.ROW_STRIDE;
import static dev.lanewise.kernels.lane.Lanes.F;

import dev.lanewise.kernels.lane.Lanes;
import jdk.incubator.vector.FloatVector;

/**
 * The micro-kernel of {@link GemmKernel12x2V} for processors with 16 vector registers where four or eight rows are left: rows four at a time, 8 accumulators. Same panels,
 * same order, same bits.
 */
final class GemmKernel4x2V {
  /** Rows of a tile. */
  static final int MR = 4;

  private static final int V = Lanes.COUNT;

  private GemmKernel4x2V() {}

  /** A[i][p] at {@code a[aAt + i * GemmPlan.ROW_STRIDE + p]}. */
  static void rows(int rows, int k, float[] a, int aAt, float[] b, int bAt, float[] s, float[] t) {
    for (int row = 0; row < rows; row += MR) {
      int ap = aAt + row * ROW_STRIDE;
      int tp = row * 2 * V;
      FloatVector c0a = FloatVector.fromArray(F, s, tp);
      FloatVector c0b = FloatVector.fromArray(F, s, tp + V);
      FloatVector c1a = FloatVector.fromArray(F, s, tp + 2 * V);
      FloatVector c1b = FloatVector.fromArray(F, s, tp + 3 * V);
      FloatVector c2a = FloatVector.fromArray(F, s, tp + 4 * V);
      FloatVector c2b = FloatVector.fromArray(F, s, tp + 5 * V);
      FloatVector c3a = FloatVector.fromArray(F, s, tp + 6 * V);
      FloatVector c3b = FloatVector.fromArray(F, s, tp + 7 * V);
      for (int p = 0; p < k; p++) {
        FloatVector b0 = FloatVector.fromArray(F, b, bAt + 2 * V * p);
        FloatVector b1 = FloatVector.fromArray(F, b, bAt + 2 * V * p + V);
        FloatVector a0 = FloatVector.broadcast(F, a[ap + p]);
        c0a = a0.fma(b0, c0a);
        c0b = a0.fma(b1, c0b);
        FloatVector a1 = FloatVector.broadcast(F, a[ap + ROW_STRIDE + p]);
        c1a = a1.fma(b0, c1a);
        c1b = a1.fma(b1, c1b);
        FloatVector a2 = FloatVector.broadcast(F, a[ap + 2 * ROW_STRIDE + p]);
        c2a = a2.fma(b0, c2a);
        c2b = a2.fma(b1, c2b);
        FloatVector a3 = FloatVector.broadcast(F, a[ap + 3 * ROW_STRIDE + p]);
        c3a = a3.fma(b0, c3a);
        c3b = a3.fma(b1, c3b);
      }
      c0a.intoArray(t, tp);
      c0b.intoArray(t, tp + V);
      c1a.intoArray(t, tp + 2 * V);
      c1b.intoArray(t, tp + 3 * V);
      c2a.intoArray(t, tp + 4 * V);
      c2b.intoArray(t, tp + 5 * V);
      c3a.intoArray(t, tp + 6 * V);
      c3b.intoArray(t, tp + 7 * V);
    }
  }

  /** A[i][p] at {@code a[aAt + p * GemmPlan.COLUMN_STRIDE + i]}. */
  static void columns(int rows, int k, float[] a, int aAt, float[] b, int bAt, float[] s, float[] t) {
    for (int row = 0; row < rows; row += MR) {
      int ap = aAt + row;
      int tp = row * 2 * V;
      FloatVector c0a = FloatVector.fromArray(F, s, tp);
      FloatVector c0b = FloatVector.fromArray(F, s, tp + V);
      FloatVector c1a = FloatVector.fromArray(F, s, tp + 2 * V);
      FloatVector c1b = FloatVector.fromArray(F, s, tp + 3 * V);
      FloatVector c2a = FloatVector.fromArray(F, s, tp + 4 * V);
      FloatVector c2b = FloatVector.fromArray(F, s, tp + 5 * V);
      FloatVector c3a = FloatVector.fromArray(F, s, tp + 6 * V);
      FloatVector c3b = FloatVector.fromArray(F, s, tp + 7 * V);
      for (int p = 0; p < k; p++) {
        FloatVector b0 = FloatVector.fromArray(F, b, bAt + 2 * V * p);
        FloatVector b1 = FloatVector.fromArray(F, b, bAt + 2 * V * p + V);
        FloatVector a0 = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE]);
        c0a = a0.fma(b0, c0a);
        c0b = a0.fma(b1, c0b);
        FloatVector a1 = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE + 1]);
        c1a = a1.fma(b0, c1a);
        c1b = a1.fma(b1, c1b);
        FloatVector a2 = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE + 2]);
        c2a = a2.fma(b0, c2a);
        c2b = a2.fma(b1, c2b);
        FloatVector a3 = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE + 3]);
        c3a = a3.fma(b0, c3a);
        c3b = a3.fma(b1, c3b);
      }
      c0a.intoArray(t, tp);
      c0b.intoArray(t, tp + V);
      c1a.intoArray(t, tp + 2 * V);
      c1b.intoArray(t, tp + 3 * V);
      c2a.intoArray(t, tp + 4 * V);
      c2b.intoArray(t, tp + 5 * V);
      c3a.intoArray(t, tp + 6 * V);
      c3b.intoArray(t, tp + 7 * V);
    }
  }
}
