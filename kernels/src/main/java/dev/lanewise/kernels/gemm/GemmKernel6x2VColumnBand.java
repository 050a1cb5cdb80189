package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.gemm.GemmPlan.COLUMN_STRIDE;
import static dev.lanewise.kernels.gemm.GemmPlan.KC;
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
 * {@link GemmKernel6x2VBand} where the rows of A run along memory: the same tiles, order and bits. Allocates nothing, throws nothing.
 */
final class GemmKernel6x2VColumnBand {
  /** Rows of a tile. */
  private static final int MR = GemmKernel6x2VBand.MR;

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.COUNT;

  private GemmKernel6x2VColumnBand() {}

  /**
   * A[i][p] at {@code a[p * GemmPlan.COLUMN_STRIDE + i]}; all else as for {@link GemmKernel6x2VBand#rows}.
   *
   * @param never {@link Hints#NEVER}
   */
  static void columns(
      int from, int end, int panels, int k, float[] a, int never, float[] b, int bAt, int bPanel, boolean fromC, MemorySegment c,
      long[] rowAt, long cAt, boolean finish, float[] bias, int biasAt, float least) {
    k = Math.min(k, KC); // no block has more: told to C2
    c = exact(c);
    int starts = fromC ? 1 : 0;
    int finishes = finish ? 1 : 0;
    for (int panel = 0; panel < panels; panel++) {
      int bp = bAt + panel * bPanel;
      long column = cAt + 8L * V * panel;
      for (int row = from; row < end; row += MR) {
        int ap = row & INDEX;
        int steps = Hints.anew(k, row);
        int pairs = steps & -2; // two steps a turn, and the last of an odd number by itself
        long c0 = rowAt[row] + column;
        long c1 = rowAt[row + 1] + column;
        long c2 = rowAt[row + 2] + column;
        long c3 = rowAt[row + 3] + column;
        long c4 = rowAt[row + 4] + column;
        long c5 = rowAt[row + 5] + column;
        FloatVector c0a = FloatVector.zero(F);
        FloatVector c0b = FloatVector.zero(F);
        FloatVector c1a = FloatVector.zero(F);
        FloatVector c1b = FloatVector.zero(F);
        FloatVector c2a = FloatVector.zero(F);
        FloatVector c2b = FloatVector.zero(F);
        FloatVector c3a = FloatVector.zero(F);
        FloatVector c3b = FloatVector.zero(F);
        FloatVector c4a = FloatVector.zero(F);
        FloatVector c4b = FloatVector.zero(F);
        FloatVector c5a = FloatVector.zero(F);
        FloatVector c5b = FloatVector.zero(F);
        if (Hints.anew(starts, row) != 0) {
          c0a = FloatVector.fromMemorySegment(F, c, c0, ORDER);
          c0b = FloatVector.fromMemorySegment(F, c, c0 + 4 * V, ORDER);
          c1a = FloatVector.fromMemorySegment(F, c, c1, ORDER);
          c1b = FloatVector.fromMemorySegment(F, c, c1 + 4 * V, ORDER);
          c2a = FloatVector.fromMemorySegment(F, c, c2, ORDER);
          c2b = FloatVector.fromMemorySegment(F, c, c2 + 4 * V, ORDER);
          c3a = FloatVector.fromMemorySegment(F, c, c3, ORDER);
          c3b = FloatVector.fromMemorySegment(F, c, c3 + 4 * V, ORDER);
          c4a = FloatVector.fromMemorySegment(F, c, c4, ORDER);
          c4b = FloatVector.fromMemorySegment(F, c, c4 + 4 * V, ORDER);
          c5a = FloatVector.fromMemorySegment(F, c, c5, ORDER);
          c5b = FloatVector.fromMemorySegment(F, c, c5 + 4 * V, ORDER);
        }
        for (int p = 0; p < pairs; p += 2) {
          FloatVector b0 = FloatVector.fromArray(F, b, bp + 2 * V * p);
          FloatVector b1 = FloatVector.fromArray(F, b, bp + 2 * V * p + V);
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
          b0 = FloatVector.fromArray(F, b, bp + 2 * V * p + 2 * V);
          b1 = FloatVector.fromArray(F, b, bp + 2 * V * p + 3 * V);
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
          FloatVector b0 = FloatVector.fromArray(F, b, bp + 2 * V * p);
          FloatVector b1 = FloatVector.fromArray(F, b, bp + 2 * V * p + V);
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
          c4a = c4a.add(ba);
          c4a = c4a.blend(floor, c4a.compare(VectorOperators.LE, floor));
          c4b = c4b.add(bb);
          c4b = c4b.blend(floor, c4b.compare(VectorOperators.LE, floor));
          c5a = c5a.add(ba);
          c5a = c5a.blend(floor, c5a.compare(VectorOperators.LE, floor));
          c5b = c5b.add(bb);
          c5b = c5b.blend(floor, c5b.compare(VectorOperators.LE, floor));
        }
        c0a.intoMemorySegment(c, c0, ORDER);
        c0b.intoMemorySegment(c, c0 + 4 * V, ORDER);
        c1a.intoMemorySegment(c, c1, ORDER);
        c1b.intoMemorySegment(c, c1 + 4 * V, ORDER);
        c2a.intoMemorySegment(c, c2, ORDER);
        c2b.intoMemorySegment(c, c2 + 4 * V, ORDER);
        c3a.intoMemorySegment(c, c3, ORDER);
        c3b.intoMemorySegment(c, c3 + 4 * V, ORDER);
        c4a.intoMemorySegment(c, c4, ORDER);
        c4b.intoMemorySegment(c, c4 + 4 * V, ORDER);
        c5a.intoMemorySegment(c, c5, ORDER);
        c5b.intoMemorySegment(c, c5 + 4 * V, ORDER);
      }
    }
  }
}
