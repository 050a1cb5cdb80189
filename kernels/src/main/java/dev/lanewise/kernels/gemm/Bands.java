package dev.lanewise.kernels.gemm;

import dev.lanewise.kernels.lane.Hints;
import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;

/**
 * Which part of a block of rows by packed panels goes by bands: where there are few registers, an even number of rows, in tiles of 6 and of 4, by full panels. What is
 * left of both is computed tile by tile ({@link Tiles}).
 */
final class Bands {
  /**
   * From so many panels on a row of tiles passes by all of them before the next one, so that rows of C are written in one run each; of fewer, which have more steps of k or
   * are all there are, each stays in the first-level cache until all rows have passed by (measured, see reports/decisions/0013 and 0019).
   */
  private static final int MANY_PANELS = 16;

  private Bands() {}

  /** How many of some rows bands take, if they take any panel. */
  static int rows(int rows) {
    return Lanes.MANY_REGISTERS || rows < GemmKernel4x2VBand.MR ? 0 : rows & -2;
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
    int sixes = sixes(rows);
    int together = panels < MANY_PANELS ? sixes : GemmKernel6x2VBand.MR;
    for (int row = 0; row < sixes; row += together) {
      int end = Math.min(sixes, row + together);
      if (columns) {
        GemmKernel6x2VColumnBand.columns(
            row, end, panels, k, a, Hints.NEVER, b, bAt, bPanel, fromC, c, rowAt, cAt, finish, bias, biasAt, least);
      } else {
        GemmKernel6x2VBand.rows(
            row, end, panels, k, a, Hints.NEVER, b, bAt, bPanel, fromC, c, rowAt, cAt, finish, bias, biasAt, least);
      }
    }
    if (columns) {
      GemmKernel4x2VBand.columns(sixes, rows, panels, k, a, Hints.NEVER, b, bAt, bPanel, fromC, c, rowAt, cAt, finish, bias, biasAt, least);
    } else {
      GemmKernel4x2VBand.rows(sixes, rows, panels, k, a, Hints.NEVER, b, bAt, bPanel, fromC, c, rowAt, cAt, finish, bias, biasAt, least);
    }
  }

  /** How many of an even number of rows, four at least, go by tiles of six: as many as leave none, four or eight. */
  private static int sixes(int rows) {
    int rest = rows % GemmKernel6x2VBand.MR;
    return rest == 2 ? rows - 2 * GemmKernel4x2VBand.MR : rows - rest;
  }
}
