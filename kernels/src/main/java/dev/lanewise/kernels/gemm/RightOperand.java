package dev.lanewise.kernels.gemm;

/** The right factor B [k, n] of a blocked product, seen only through packing. */
public interface RightOperand {
  /**
   * Copies the columns column .. column + columns, at most GemmPlan.NR, of all k rows: element (p, j) to
   * {@code panel[at + p * NR + j]}, zeros where j is past the last column.
   */
  void pack(int column, int columns, float[] panel, int at);
}
