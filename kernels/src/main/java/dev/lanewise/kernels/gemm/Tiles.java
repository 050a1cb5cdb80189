package dev.lanewise.kernels.gemm;

import dev.lanewise.kernels.lane.Hints;
import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;

/** The heights of tiles, and the micro-kernel of each: T = S + A B for one tile of C, A and B as {@link GemmKernel12x2V} describes them. */
public final class Tiles {
  /** Floats of the largest tile. */
  static final int FLOATS = GemmKernel12x2V.MR * GemmPlan.NR;

  /** Chains that start from nothing start here; never written. */
  static final float[] ZEROS = new float[FLOATS];

  /** More tasks than threads, so that an unlucky thread is helped out by the others. */
  private static final int TASKS_PER_THREAD = 3;

  private Tiles() {}

  /** How many tasks a product should have. */
  static int tasks(int threads) {
    return threads == 1 ? 1 : TASKS_PER_THREAD * threads;
  }

  /**
   * The height of the next tile where so many rows are left, of which the last tile may have fewer: 12, and in the end 8 or 6, with few registers also 4. Every multiple
   * of 4 from 8 on is made up of whole tiles.
   */
  static int height(int left) {
    if (!Lanes.MANY_REGISTERS && left <= GemmKernel4x2V.MR) {
      return GemmKernel4x2V.MR;
    }
    if (left <= GemmKernel6x2V.MR) {
      return GemmKernel6x2V.MR;
    }
    boolean two = Lanes.MANY_REGISTERS && left > GemmKernel12x2V.MR && left <= 2 * GemmKernel8x2V.MR;
    return two || left <= GemmKernel8x2V.MR ? GemmKernel8x2V.MR : GemmKernel12x2V.MR;
  }

  /** How many rows of a block of A tiles may read if so many are to be computed: a last tile of four may begin at any even row, since bands end there. */
  static int reach(int rows) {
    return GemmPlan.roundUp(rows, GemmKernel12x2V.MR) + (Lanes.MANY_REGISTERS ? 0 : GemmKernel4x2V.MR);
  }

  /** Whether rows go six at a time: with few registers of the tall tile, too. */
  private static boolean bySixes(int height) {
    return height == GemmKernel6x2V.MR || (!Lanes.MANY_REGISTERS && height == GemmKernel12x2V.MR);
  }

  /**
   * Rows of each block but the last, of so many rows in all: blocks of fewer rows before groups of panels, since each group packs its block of A again, and rows
   * that tiles fill.
   *
   * @param columns whether the rows of A run along memory
   */
  static int block(int rows, int threads, boolean columns) {
    int most = columns ? GemmPlan.COLUMN_MC : GemmPlan.MC;
    int blocks = (rows + most - 1) / most;
    if (threads > 1) {
      blocks = Math.max(GemmPlan.roundUp(blocks, threads), Math.min(tasks(threads), rows / (2 * GemmKernel12x2V.MR)));
    }
    int each = (rows + blocks - 1) / blocks;
    return each <= GemmKernel6x2V.MR ? GemmKernel6x2V.MR : GemmPlan.roundUp(each, 4);
  }

  /** A by rows, B packed. */
  public static void rows(int height, int k, float[] a, int aAt, float[] b, int bAt, float[] s, float[] t) {
    if (bySixes(height)) {
      GemmKernel6x2V.rows(height, k, a, aAt, Hints.NEVER, b, bAt, s, t);
    } else if (!Lanes.MANY_REGISTERS) {
      GemmKernel4x2V.rows(height, k, a, aAt, b, bAt, s, t);
    } else if (height == GemmKernel8x2V.MR) {
      GemmKernel8x2V.rows(k, a, aAt, b, bAt, GemmPlan.NR, s, t);
    } else {
      GemmKernel12x2V.rows(k, a, aAt, b, bAt, GemmPlan.NR, s, t);
    }
  }

  /** A by columns, B packed. */
  public static void columns(int height, int k, float[] a, int aAt, float[] b, int bAt, float[] s, float[] t) {
    if (bySixes(height)) {
      GemmKernel6x2V.columns(height, k, a, aAt, Hints.NEVER, b, bAt, s, t);
    } else if (!Lanes.MANY_REGISTERS) {
      GemmKernel4x2V.columns(height, k, a, aAt, b, bAt, s, t);
    } else if (height == GemmKernel8x2V.MR) {
      GemmKernel8x2V.columns(k, a, aAt, b, bAt, GemmPlan.NR, s, t);
    } else {
      GemmKernel12x2V.columns(k, a, aAt, b, bAt, GemmPlan.NR, s, t);
    }
  }

  /** A by rows, B where it lies. */
  static void directRows(int height, int k, float[] a, int aAt, MemorySegment b, long bAt, long bStride, float[] s, float[] t) {
    if (bySixes(height)) {
      GemmKernel6x2VDirect.rows(height, k, a, aAt, Hints.NEVER, b, bAt, bStride, s, t);
    } else if (!Lanes.MANY_REGISTERS) {
      GemmKernel4x2VDirect.rows(height, k, a, aAt, b, bAt, bStride, s, t);
    } else if (height == GemmKernel8x2V.MR) {
      GemmKernel8x2VDirect.rows(k, a, aAt, b, bAt, bStride, s, t);
    } else {
      GemmKernel12x2VDirect.rows(k, a, aAt, b, bAt, bStride, s, t);
    }
  }

  /** A by columns, B where it lies. */
  static void directColumns(int height, int k, float[] a, int aAt, MemorySegment b, long bAt, long bStride, float[] s, float[] t) {
    if (bySixes(height)) {
      GemmKernel6x2VDirect.columns(height, k, a, aAt, Hints.NEVER, b, bAt, bStride, s, t);
    } else if (!Lanes.MANY_REGISTERS) {
      GemmKernel4x2VDirect.columns(height, k, a, aAt, b, bAt, bStride, s, t);
    } else if (height == GemmKernel8x2V.MR) {
      GemmKernel8x2VDirect.columns(k, a, aAt, b, bAt, bStride, s, t);
    } else {
      GemmKernel12x2VDirect.columns(k, a, aAt, b, bAt, bStride, s, t);
    }
  }
}
