package dev.lanewise.kernels.gemm;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Which part of a block of rows by packed panels goes by bands, {@link GemmKernel4x2VBand}: where there are few registers, whole tiles of rows by full panels. What is
 * left of both is computed tile by tile ({@link Tiles}).
 */
final class Bands {
  /** Chains that start from nothing start here; never written. */
  private static final MemorySegment ZEROS = Arena.global().allocate(4L * GemmPlan.NR);

  private Bands() {}

  /** How many of some rows bands take, if they take any panel. */
  static int rows(int rows) {
    return Lanes.MANY_REGISTERS ? 0 : rows - rows % GemmKernel4x2VBand.MR;
  }

  /** How many of so many columns' panels bands take, if they take any row: the full ones. */
  static int panels(int columns) {
    return Lanes.MANY_REGISTERS ? 0 : columns / GemmPlan.NR;
  }

  /**
   * Computes rows of C by some panels.
   *
   * @param columns whether the rows of A run along memory
   * @param rows as {@link #rows} says
   * @param b panels, {@code bPanel} floats apart, from {@code bAt} on
   * @param fromC whether chains start from C
   * @param c row i at byte {@code rowAt[i] + cAt}
   * @param finish whether the bias, from {@code biasAt} on, is added and what is less than {@code least} raised to it
   */
  static void run(
      boolean columns, int rows, int panels, int k, float[] a, float[] b, int bAt, int bPanel, boolean fromC, MemorySegment c, long[] rowAt,
      long cAt, boolean finish, float[] bias, int biasAt, float least) {
    MemorySegment s = fromC ? c : ZEROS;
    long mask = fromC ? -1 : 0;
    if (columns) {
      GemmKernel4x2VBand.columns(rows, panels, k, a, b, bAt, bPanel, s, mask, c, rowAt, cAt, finish, bias, biasAt, least);
    } else {
      GemmKernel4x2VBand.rows(rows, panels, k, a, b, bAt, bPanel, s, mask, c, rowAt, cAt, finish, bias, biasAt, least);
    }
  }
}
