package dev.lanewise.kernels.gemm;

import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;

/**
 * A small product, or a block of rows and columns of one, in which nothing is packed: tiles go from the operands straight to C, and an
 * epilogue passes over a tile while it is in the first-level cache.
 *
 * <p>Rows and columns that do not fill a tile belong to a last tile that begins before them and computes some again, to the same bits; so it
 * overwrites C and cannot add to it.
 */
final class SpreadProduct {
  private static final int MR = GemmKernel8x2VSpread.MR;
  private static final int NR = GemmPlan.NR;
  private static final int V = Lanes.COUNT;

  private SpreadProduct() {}

  /** Whether a block is one for here: operands as they are stored, at least a tile of rows and a vector of columns and of k, nothing read from C. */
  static boolean suits(boolean transposeA, boolean accumulate, int rows, int columns, int k) {
    return !transposeA && !accumulate && rows >= MR && columns >= V && k >= V;
  }

  /**
   * Computes the rows row0 .. row1 by the columns from .. end, at least a vector of them.
   *
   * @param aAt byte at which A begins, aRow bytes from one of its rows to the next; likewise of B and C
   */
  static void run(
      int row0, int row1, int from, int end, int k, MemorySegment a, long aAt, long aRow, MemorySegment b, long bAt, long bRow,
      MemorySegment c, long cAt, long cRow, Epilogue epilogue) {
    int together = GemmPlan.panelsTogether(k) * NR;
    for (int column = from; column < end; column += together) {
      int to = Math.min(end, column + together);
      for (int next = row0; next < row1; next += MR) {
        row(Math.min(next, row1 - MR), column, to, end, k, a, aAt, aRow, b, bAt, bRow, c, cAt, cRow, epilogue);
      }
    }
  }

  /** The tiles of {@link GemmKernel8x2VSpread#MR} rows from one row on and the columns from .. to. */
  private static void row(
      int row, int from, int to, int end, int k, MemorySegment a, long aAt, long aRow, MemorySegment b, long bAt, long bRow,
      MemorySegment c, long cAt, long cRow, Epilogue epilogue) {
    int column = from;
    while (column < to) {
      boolean wide = end - column >= NR;
      long columnAt = 4L * (wide ? column : Math.min(column, end - V));
      long at = cAt + row * cRow + columnAt;
      if (wide) {
        GemmKernel8x2VSpread.two(k, a, aAt + row * aRow, aRow, b, bAt + columnAt, bRow, c, at, cRow);
      } else {
        GemmKernel8x2VSpread.one(k, a, aAt + row * aRow, aRow, b, bAt + columnAt, bRow, c, at, cRow);
      }
      if (epilogue != Epilogue.NONE) {
        finish(c, at, cRow, wide, epilogue, columnAt);
      }
      column += wide ? NR : V;
    }
  }

  private static void finish(MemorySegment c, long at, long cRow, boolean wide, Epilogue epilogue, long biasAt) {
    if (wide) {
      Tile.finishTwo(c, at, cRow, MR, epilogue, biasAt);
    } else {
      Tile.finishOne(c, at, cRow, MR, epilogue, biasAt);
    }
  }
}
