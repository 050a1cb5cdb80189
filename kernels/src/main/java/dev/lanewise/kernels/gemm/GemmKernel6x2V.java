package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.gemm.GemmPlan.COLUMN_STRIDE;
import static dev.lanewise.kernels.gemm.GemmPlan.KC;
import static dev.lanewise.kernels.gemm.GemmPlan.ROW_STRIDE;
import static dev.lanewise.kernels.lane.Hints.INDEX;
import static dev.lanewise.kernels.lane.Lanes.F;

import dev.lanewise.kernels.lane.Hints;
import dev.lanewise.kernels.lane.Lanes;
import jdk.incubator.vector.FloatVector;

/**
 * The micro-kernel of {@link GemmKernel12x2V} by 6 rows at a time: for the last rows of a product and for products of few rows, where half of the tall tile would be
 * empty, and instead of it where there are 16 vector registers. Same panels, same order, same bits; 12 accumulators are still enough chains.
 *
 * <p>With two vectors of B and two elements of A they take all 16. C2 would load all six elements of a step before the first multiply-add and spill accumulators in every
 * step; {@link Hints} tells how it is kept from that (measured, see reports/decisions/0015). Two steps a turn share what counts and compares, if the loop may be left
 * between them and once within the first (reports/decisions/0019).
 */
final class GemmKernel6x2V {
  /** Rows of a tile. */
  static final int MR = 6;

  private static final int V = Lanes.COUNT;

  private GemmKernel6x2V() {}

  /**
   * A[i][p] at {@code a[aAt + i * GemmPlan.ROW_STRIDE + p]}.
   *
   * @param rows six or twelve
   * @param never {@link Hints#NEVER}
   */
  static void rows(int rows, int k, float[] a, int aAt, int never, float[] b, int bAt, float[] s, float[] t) {
    k = Math.min(k, ROW_STRIDE); // rows would overlap: told to C2
    for (int row = 0; row < rows; row += MR) {
      int ap = (aAt + row * ROW_STRIDE) & INDEX;
      int steps = Hints.anew(k, aAt + row);
      int pairs = steps & -2; // two steps a turn, and the last of an odd number by itself
      int tp = row * 2 * V;
      FloatVector c0a = FloatVector.fromArray(F, s, tp);
      FloatVector c0b = FloatVector.fromArray(F, s, tp + V);
      FloatVector c1a = FloatVector.fromArray(F, s, tp + 2 * V);
      FloatVector c1b = FloatVector.fromArray(F, s, tp + 3 * V);
      FloatVector c2a = FloatVector.fromArray(F, s, tp + 4 * V);
      FloatVector c2b = FloatVector.fromArray(F, s, tp + 5 * V);
      FloatVector c3a = FloatVector.fromArray(F, s, tp + 6 * V);
      FloatVector c3b = FloatVector.fromArray(F, s, tp + 7 * V);
      FloatVector c4a = FloatVector.fromArray(F, s, tp + 8 * V);
      FloatVector c4b = FloatVector.fromArray(F, s, tp + 9 * V);
      FloatVector c5a = FloatVector.fromArray(F, s, tp + 10 * V);
      FloatVector c5b = FloatVector.fromArray(F, s, tp + 11 * V);
      for (int p = 0; p < pairs; p += 2) {
        FloatVector b0 = FloatVector.fromArray(F, b, bAt + 2 * V * p);
        FloatVector b1 = FloatVector.fromArray(F, b, bAt + 2 * V * p + V);
        FloatVector x = FloatVector.broadcast(F, a[ap + p]);
        c0a = x.fma(b0, c0a);
        c0b = x.fma(b1, c0b);
        x = FloatVector.broadcast(F, a[ap + p + ROW_STRIDE]);
        c1a = x.fma(b0, c1a);
        c1b = x.fma(b1, c1b);
        if (p == never) {
          break;
        }
        x = FloatVector.broadcast(F, a[ap + p + 2 * ROW_STRIDE]);
        c2a = x.fma(b0, c2a);
        c2b = x.fma(b1, c2b);
        x = FloatVector.broadcast(F, a[ap + p + 3 * ROW_STRIDE]);
        c3a = x.fma(b0, c3a);
        c3b = x.fma(b1, c3b);
        x = FloatVector.broadcast(F, a[ap + p + 4 * ROW_STRIDE]);
        c4a = x.fma(b0, c4a);
        c4b = x.fma(b1, c4b);
        x = FloatVector.broadcast(F, a[ap + p + 5 * ROW_STRIDE]);
        c5a = x.fma(b0, c5a);
        c5b = x.fma(b1, c5b);
        if (p == never - 1) {
          break;
        }
        b0 = FloatVector.fromArray(F, b, bAt + 2 * V * p + 2 * V);
        b1 = FloatVector.fromArray(F, b, bAt + 2 * V * p + 3 * V);
        x = FloatVector.broadcast(F, a[ap + p + 1]);
        c0a = x.fma(b0, c0a);
        c0b = x.fma(b1, c0b);
        x = FloatVector.broadcast(F, a[ap + p + ROW_STRIDE + 1]);
        c1a = x.fma(b0, c1a);
        c1b = x.fma(b1, c1b);
        x = FloatVector.broadcast(F, a[ap + p + 2 * ROW_STRIDE + 1]);
        c2a = x.fma(b0, c2a);
        c2b = x.fma(b1, c2b);
        x = FloatVector.broadcast(F, a[ap + p + 3 * ROW_STRIDE + 1]);
        c3a = x.fma(b0, c3a);
        c3b = x.fma(b1, c3b);
        x = FloatVector.broadcast(F, a[ap + p + 4 * ROW_STRIDE + 1]);
        c4a = x.fma(b0, c4a);
        c4b = x.fma(b1, c4b);
        x = FloatVector.broadcast(F, a[ap + p + 5 * ROW_STRIDE + 1]);
        c5a = x.fma(b0, c5a);
        c5b = x.fma(b1, c5b);
      }
      for (int p = pairs; p < steps; p++) {
        FloatVector b0 = FloatVector.fromArray(F, b, bAt + 2 * V * p);
        FloatVector b1 = FloatVector.fromArray(F, b, bAt + 2 * V * p + V);
        FloatVector x = FloatVector.broadcast(F, a[ap + p]);
        c0a = x.fma(b0, c0a);
        c0b = x.fma(b1, c0b);
        x = FloatVector.broadcast(F, a[ap + p + ROW_STRIDE]);
        c1a = x.fma(b0, c1a);
        c1b = x.fma(b1, c1b);
        if (p == never) {
          break;
        }
        x = FloatVector.broadcast(F, a[ap + p + 2 * ROW_STRIDE]);
        c2a = x.fma(b0, c2a);
        c2b = x.fma(b1, c2b);
        x = FloatVector.broadcast(F, a[ap + p + 3 * ROW_STRIDE]);
        c3a = x.fma(b0, c3a);
        c3b = x.fma(b1, c3b);
        if (p == never - 1) {
          break;
        }
        x = FloatVector.broadcast(F, a[ap + p + 4 * ROW_STRIDE]);
        c4a = x.fma(b0, c4a);
        c4b = x.fma(b1, c4b);
        x = FloatVector.broadcast(F, a[ap + p + 5 * ROW_STRIDE]);
        c5a = x.fma(b0, c5a);
        c5b = x.fma(b1, c5b);
      }
      c0a.intoArray(t, tp);
      c0b.intoArray(t, tp + V);
      c1a.intoArray(t, tp + 2 * V);
      c1b.intoArray(t, tp + 3 * V);
      c2a.intoArray(t, tp + 4 * V);
      c2b.intoArray(t, tp + 5 * V);
      c3a.intoArray(t, tp + 6 * V);
      c3b.intoArray(t, tp + 7 * V);
      c4a.intoArray(t, tp + 8 * V);
      c4b.intoArray(t, tp + 9 * V);
      c5a.intoArray(t, tp + 10 * V);
      c5b.intoArray(t, tp + 11 * V);
    }
  }

  /**
   * A[i][p] at {@code a[aAt + p * GemmPlan.COLUMN_STRIDE + i]}.
   *
   * @param rows six or twelve
   * @param never {@link Hints#NEVER}
   */
  static void columns(int rows, int k, float[] a, int aAt, int never, float[] b, int bAt, float[] s, float[] t) {
    k = Math.min(k, KC); // no block has more: told to C2
    for (int row = 0; row < rows; row += MR) {
      int ap = (aAt + row) & INDEX;
      int steps = Hints.anew(k, aAt + row);
      int pairs = steps & -2; // two steps a turn, and the last of an odd number by itself
      int tp = row * 2 * V;
      FloatVector c0a = FloatVector.fromArray(F, s, tp);
      FloatVector c0b = FloatVector.fromArray(F, s, tp + V);
      FloatVector c1a = FloatVector.fromArray(F, s, tp + 2 * V);
      FloatVector c1b = FloatVector.fromArray(F, s, tp + 3 * V);
      FloatVector c2a = FloatVector.fromArray(F, s, tp + 4 * V);
      FloatVector c2b = FloatVector.fromArray(F, s, tp + 5 * V);
      FloatVector c3a = FloatVector.fromArray(F, s, tp + 6 * V);
      FloatVector c3b = FloatVector.fromArray(F, s, tp + 7 * V);
      FloatVector c4a = FloatVector.fromArray(F, s, tp + 8 * V);
      FloatVector c4b = FloatVector.fromArray(F, s, tp + 9 * V);
      FloatVector c5a = FloatVector.fromArray(F, s, tp + 10 * V);
      FloatVector c5b = FloatVector.fromArray(F, s, tp + 11 * V);
      for (int p = 0; p < pairs; p += 2) {
        FloatVector b0 = FloatVector.fromArray(F, b, bAt + 2 * V * p);
        FloatVector b1 = FloatVector.fromArray(F, b, bAt + 2 * V * p + V);
        FloatVector x = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE]);
        c0a = x.fma(b0, c0a);
        c0b = x.fma(b1, c0b);
        x = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE + 1]);
        c1a = x.fma(b0, c1a);
        c1b = x.fma(b1, c1b);
        if (p == never) {
          break;
        }
        x = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE + 2]);
        c2a = x.fma(b0, c2a);
        c2b = x.fma(b1, c2b);
        x = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE + 3]);
        c3a = x.fma(b0, c3a);
        c3b = x.fma(b1, c3b);
        x = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE + 4]);
        c4a = x.fma(b0, c4a);
        c4b = x.fma(b1, c4b);
        x = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE + 5]);
        c5a = x.fma(b0, c5a);
        c5b = x.fma(b1, c5b);
        if (p == never - 1) {
          break;
        }
        b0 = FloatVector.fromArray(F, b, bAt + 2 * V * p + 2 * V);
        b1 = FloatVector.fromArray(F, b, bAt + 2 * V * p + 3 * V);
        x = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE + COLUMN_STRIDE]);
        c0a = x.fma(b0, c0a);
        c0b = x.fma(b1, c0b);
        x = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE + COLUMN_STRIDE + 1]);
        c1a = x.fma(b0, c1a);
        c1b = x.fma(b1, c1b);
        x = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE + COLUMN_STRIDE + 2]);
        c2a = x.fma(b0, c2a);
        c2b = x.fma(b1, c2b);
        x = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE + COLUMN_STRIDE + 3]);
        c3a = x.fma(b0, c3a);
        c3b = x.fma(b1, c3b);
        x = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE + COLUMN_STRIDE + 4]);
        c4a = x.fma(b0, c4a);
        c4b = x.fma(b1, c4b);
        x = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE + COLUMN_STRIDE + 5]);
        c5a = x.fma(b0, c5a);
        c5b = x.fma(b1, c5b);
      }
      for (int p = pairs; p < steps; p++) {
        FloatVector b0 = FloatVector.fromArray(F, b, bAt + 2 * V * p);
        FloatVector b1 = FloatVector.fromArray(F, b, bAt + 2 * V * p + V);
        FloatVector x = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE]);
        c0a = x.fma(b0, c0a);
        c0b = x.fma(b1, c0b);
        x = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE + 1]);
        c1a = x.fma(b0, c1a);
        c1b = x.fma(b1, c1b);
        if (p == never) {
          break;
        }
        x = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE + 2]);
        c2a = x.fma(b0, c2a);
        c2b = x.fma(b1, c2b);
        x = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE + 3]);
        c3a = x.fma(b0, c3a);
        c3b = x.fma(b1, c3b);
        if (p == never - 1) {
          break;
        }
        x = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE + 4]);
        c4a = x.fma(b0, c4a);
        c4b = x.fma(b1, c4b);
        x = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE + 5]);
        c5a = x.fma(b0, c5a);
        c5b = x.fma(b1, c5b);
      }
      c0a.intoArray(t, tp);
      c0b.intoArray(t, tp + V);
      c1a.intoArray(t, tp + 2 * V);
      c1b.intoArray(t, tp + 3 * V);
      c2a.intoArray(t, tp + 4 * V);
      c2b.intoArray(t, tp + 5 * V);
      c3a.intoArray(t, tp + 6 * V);
      c3b.intoArray(t, tp + 7 * V);
      c4a.intoArray(t, tp + 8 * V);
      c4b.intoArray(t, tp + 9 * V);
      c5a.intoArray(t, tp + 10 * V);
      c5b.intoArray(t, tp + 11 * V);
    }
  }
}
