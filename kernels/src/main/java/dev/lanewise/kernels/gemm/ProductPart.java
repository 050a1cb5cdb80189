package dev.lanewise.kernels.gemm;

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

  /** Lets go of the caller's memory. */
  void clear() {
    left = NOTHING;
    right = NOTHING;
    rows = NOTHING;
    direct = null;
  }
}
