package dev.lanewise.kernels.gemm;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** One dense product among those that {@link Product} computes together: its operands, and how it is cut into panels and tasks. Reused from call to call. */
final class ProductPart {
  private static final Matrix NOTHING = new Matrix();

  int m;
  int n;
  int k;
  boolean columns;

  /** B where it lies, for parts that do not pack it, and bytes from there: to its start, from row to row, from column to column of panels. */
  @Nullable MemorySegment direct;

  long directAt;
  long directStride;
  long directColumn;
  LeftOperand left = NOTHING;
  RightOperand right = NOTHING;
  int biasAt;
  OutputRows rows = NOTHING;

  int packedAt;
  int panels;
  int firstPanel;
  int rowsPerBlock;
  int blocks;
  int panelsPerGroup;
  int groups;
  int firstTask;

  /** Whether a part of m rows by n columns reads B where it lies, if that is row-major; never with few registers, since bands take packed panels. */
  static boolean mayBeDirect(int m, int n) {
    return Lanes.MANY_REGISTERS && m <= GemmPlan.DIRECT_ROWS && n % GemmPlan.NR == 0;
  }

  /** Whether A is one block and B is packed: worth passing B in windows with few registers, where every product packs it. */
  boolean isOneBlock() {
    return !Lanes.MANY_REGISTERS && direct == null && m <= (columns ? GemmPlan.COLUMN_MC : GemmPlan.MC) && k <= GemmPlan.kBlock(k, columns);
  }

  /** Floats that a block of A takes at most. */
  int blockOfA() {
    return columns ? GemmPlan.kBlock(k, true) * GemmPlan.COLUMN_STRIDE
        : Tiles.reach(Math.min(m, GemmPlan.MC)) * GemmPlan.ROW_STRIDE;
  }

  /** Lets go of the caller's memory. */
  void clear() {
    left = NOTHING;
    right = NOTHING;
    rows = NOTHING;
    direct = null;
  }
}
