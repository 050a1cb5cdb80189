package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.gemm.GemmPlan.COLUMN_STRIDE;
import static dev.lanewise.kernels.gemm.GemmPlan.KC;
import static dev.lanewise.kernels.gemm.GemmPlan.ROW_STRIDE;
import static dev.lanewise.kernels.lane.Hints.INDEX;
import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;

import dev.lanewise.kernels.lane.Hints;
import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * GEMM micro-kernel, fp32, for processors with 16 vector registers: {@link GemmKernel6x2VBand} by tiles of 4 rows, for four or eight rows that tiles of 6 leave over. The
 * same order and bits. The caller has proved the bounds. Allocates nothing, throws nothing.
 */
final class GemmKernel4x2VBand {
  /** Rows of a tile. */
  static final int MR = 4;

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.COUNT;

  private GemmKernel4x2VBand() {}

  /**
   * A[i][p] at {@code a[i * GemmPlan.ROW_STRIDE + p]}.
   *
   * @param from the first row; up to {@code end} a multiple of four
   * @param never {@link Hints#NEVER}
   * @param panels of B, {@code bPanel} floats apart, from {@code b[bAt]} on
   * @param fromC whether chains start from C, else from zero
   * @param c row i at byte {@code rowAt[i] + cAt}
   * @param finish whether the bias, from {@code bias[biasAt]} on, is added and what is less than {@code least} raised to it
   */
  static void rows(
      int from, int end, int panels, int k, float[] a, int never, float[] b, int bAt, int bPanel, boolean fromC, MemorySegment c,
      long[] rowAt, long cAt, boolean finish, float[] bias, int biasAt, float least) {
    c = exact(c);
    int starts = fromC ? 1 : 0;
    int finishes = finish ? 1 : 0;
    k = Math.min(k, KC); // no block has more: told to C2
    for (int panel = 0; panel < panels; panel++) {
      int bp = bAt + panel * bPanel;
      long column = cAt + 8L * V * panel;
      for (int row = from; row < end; row += MR) {
        int ap = (row * ROW_STRIDE) & INDEX;
        long c0 = rowAt[row] + column;
        long c1 = rowAt[row + 1] + column;
        long c2 = rowAt[row + 2] + column;
        long c3 = rowAt[row + 3] + column;
        FloatVector c0a = FloatVector.zero(F);
        FloatVector c0b = FloatVector.zero(F);
        FloatVector c1a = FloatVector.zero(F);
        FloatVector c1b = FloatVector.zero(F);
        FloatVector c2a = FloatVector.zero(F);
        FloatVector c2b = FloatVector.zero(F);
        FloatVector c3a = FloatVector.zero(F);
        FloatVector c3b = FloatVector.zero(F);
        if (Hints.anew(starts, row) != 0) {
          c0a = FloatVector.fromMemorySegment(F, c, c0, ORDER);
          c0b = FloatVector.fromMemorySegment(F, c, c0 + 4 * V, ORDER);
          c1a = FloatVector.fromMemorySegment(F, c, c1, ORDER);
          c1b = FloatVector.fromMemorySegment(F, c, c1 + 4 * V, ORDER);
          c2a = FloatVector.fromMemorySegment(F, c, c2, ORDER);
          c2b = FloatVector.fromMemorySegment(F, c, c2 + 4 * V, ORDER);
          c3a = FloatVector.fromMemorySegment(F, c, c3, ORDER);
          c3b = FloatVector.fromMemorySegment(F, c, c3 + 4 * V, ORDER);
        }
        for (int p = 0; p < k; p++) {
          FloatVector b0 = FloatVector.fromArray(F, b, bp + 2 * V * p);
          FloatVector b1 = FloatVector.fromArray(F, b, bp + 2 * V * p + V);
          FloatVector a0 = FloatVector.broadcast(F, a[ap + p]);
          c0a = a0.fma(b0, c0a);
          c0b = a0.fma(b1, c0b);
          FloatVector a1 = FloatVector.broadcast(F, a[ap + ROW_STRIDE + p]);
          c1a = a1.fma(b0, c1a);
          c1b = a1.fma(b1, c1b);
          if (p == never) {
            break;
          }
          FloatVector a2 = FloatVector.broadcast(F, a[ap + 2 * ROW_STRIDE + p]);
          c2a = a2.fma(b0, c2a);
          c2b = a2.fma(b1, c2b);
          FloatVector a3 = FloatVector.broadcast(F, a[ap + 3 * ROW_STRIDE + p]);
          c3a = a3.fma(b0, c3a);
          c3b = a3.fma(b1, c3b);
        }
        if (Hints.anew(finishes, row) != 0) {
          FloatVector ba = FloatVector.fromArray(F, bias, biasAt + 2 * V * panel);
          FloatVector bb = FloatVector.fromArray(F, bias, biasAt + 2 * V * panel + V);
          FloatVector floor = FloatVector.broadcast(F, least);
          c0a = c0a.add(ba);
          c0a = c0a.blend(floor, c0a.compare(VectorOperators.LE, floor));
          c0b = c0b.add(bb);
          c0b = c0b.blend(floor, c0b.compare(VectorOperators.LE, floor));
          c1a = c1a.add(ba);
          c1a = c1a.blend(floor, c1a.compare(VectorOperators.LE, floor));
          c1b = c1b.add(bb);
          c1b = c1b.blend(floor, c1b.compare(VectorOperators.LE, floor));
          c2a = c2a.add(ba);
          c2a = c2a.blend(floor, c2a.compare(VectorOperators.LE, floor));
          c2b = c2b.add(bb);
          c2b = c2b.blend(floor, c2b.compare(VectorOperators.LE, floor));
          c3a = c3a.add(ba);
          c3a = c3a.blend(floor, c3a.compare(VectorOperators.LE, floor));
          c3b = c3b.add(bb);
          c3b = c3b.blend(floor, c3b.compare(VectorOperators.LE, floor));
        }
        c0a.intoMemorySegment(c, c0, ORDER);
        c0b.intoMemorySegment(c, c0 + 4 * V, ORDER);
        c1a.intoMemorySegment(c, c1, ORDER);
        c1b.intoMemorySegment(c, c1 + 4 * V, ORDER);
        c2a.intoMemorySegment(c, c2, ORDER);
        c2b.intoMemorySegment(c, c2 + 4 * V, ORDER);
        c3a.intoMemorySegment(c, c3, ORDER);
        c3b.intoMemorySegment(c, c3 + 4 * V, ORDER);
      }
    }
  }

  /** A[i][p] at {@code a[p * GemmPlan.COLUMN_STRIDE + i]}; all else as for {@link #rows}. */
  static void columns(
      int from, int end, int panels, int k, float[] a, int never, float[] b, int bAt, int bPanel, boolean fromC, MemorySegment c,
      long[] rowAt, long cAt, boolean finish, float[] bias, int biasAt, float least) {
    c = exact(c);
    int starts = fromC ? 1 : 0;
    int finishes = finish ? 1 : 0;
    k = Math.min(k, KC); // no block has more: told to C2
    for (int panel = 0; panel < panels; panel++) {
      int bp = bAt + panel * bPanel;
      long column = cAt + 8L * V * panel;
      for (int row = from; row < end; row += MR) {
        int ap = row & INDEX;
        long c0 = rowAt[row] + column;
        long c1 = rowAt[row + 1] + column;
        long c2 = rowAt[row + 2] + column;
        long c3 = rowAt[row + 3] + column;
        FloatVector c0a = FloatVector.zero(F);
        FloatVector c0b = FloatVector.zero(F);
        FloatVector c1a = FloatVector.zero(F);
        FloatVector c1b = FloatVector.zero(F);
        FloatVector c2a = FloatVector.zero(F);
        FloatVector c2b = FloatVector.zero(F);
        FloatVector c3a = FloatVector.zero(F);
        FloatVector c3b = FloatVector.zero(F);
        if (Hints.anew(starts, row) != 0) {
          c0a = FloatVector.fromMemorySegment(F, c, c0, ORDER);
          c0b = FloatVector.fromMemorySegment(F, c, c0 + 4 * V, ORDER);
          c1a = FloatVector.fromMemorySegment(F, c, c1, ORDER);
          c1b = FloatVector.fromMemorySegment(F, c, c1 + 4 * V, ORDER);
          c2a = FloatVector.fromMemorySegment(F, c, c2, ORDER);
          c2b = FloatVector.fromMemorySegment(F, c, c2 + 4 * V, ORDER);
          c3a = FloatVector.fromMemorySegment(F, c, c3, ORDER);
          c3b = FloatVector.fromMemorySegment(F, c, c3 + 4 * V, ORDER);
        }
        for (int p = 0; p < k; p++) {
          FloatVector b0 = FloatVector.fromArray(F, b, bp + 2 * V * p);
          FloatVector b1 = FloatVector.fromArray(F, b, bp + 2 * V * p + V);
          FloatVector a0 = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE]);
          c0a = a0.fma(b0, c0a);
          c0b = a0.fma(b1, c0b);
          FloatVector a1 = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE + 1]);
          c1a = a1.fma(b0, c1a);
          c1b = a1.fma(b1, c1b);
          if (p == never) {
            break;
          }
          FloatVector a2 = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE + 2]);
          c2a = a2.fma(b0, c2a);
          c2b = a2.fma(b1, c2b);
          FloatVector a3 = FloatVector.broadcast(F, a[ap + p * COLUMN_STRIDE + 3]);
          c3a = a3.fma(b0, c3a);
          c3b = a3.fma(b1, c3b);
        }
        if (Hints.anew(finishes, row) != 0) {
          FloatVector ba = FloatVector.fromArray(F, bias, biasAt + 2 * V * panel);
          FloatVector bb = FloatVector.fromArray(F, bias, biasAt + 2 * V * panel + V);
          FloatVector floor = FloatVector.broadcast(F, least);
          c0a = c0a.add(ba);
          c0a = c0a.blend(floor, c0a.compare(VectorOperators.LE, floor));
          c0b = c0b.add(bb);
          c0b = c0b.blend(floor, c0b.compare(VectorOperators.LE, floor));
          c1a = c1a.add(ba);
          c1a = c1a.blend(floor, c1a.compare(VectorOperators.LE, floor));
          c1b = c1b.add(bb);
          c1b = c1b.blend(floor, c1b.compare(VectorOperators.LE, floor));
          c2a = c2a.add(ba);
          c2a = c2a.blend(floor, c2a.compare(VectorOperators.LE, floor));
          c2b = c2b.add(bb);
          c2b = c2b.blend(floor, c2b.compare(VectorOperators.LE, floor));
          c3a = c3a.add(ba);
          c3a = c3a.blend(floor, c3a.compare(VectorOperators.LE, floor));
          c3b = c3b.add(bb);
          c3b = c3b.blend(floor, c3b.compare(VectorOperators.LE, floor));
        }
        c0a.intoMemorySegment(c, c0, ORDER);
        c0b.intoMemorySegment(c, c0 + 4 * V, ORDER);
        c1a.intoMemorySegment(c, c1, ORDER);
        c1b.intoMemorySegment(c, c1 + 4 * V, ORDER);
        c2a.intoMemorySegment(c, c2, ORDER);
        c2b.intoMemorySegment(c, c2 + 4 * V, ORDER);
        c3a.intoMemorySegment(c, c3, ORDER);
        c3b.intoMemorySegment(c, c3 + 4 * V, ORDER);
      }
    }
  }
}
