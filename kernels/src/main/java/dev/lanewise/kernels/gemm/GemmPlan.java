package dev.lanewise.kernels.gemm;

import dev.lanewise.kernels.lane.Lanes;

/**
 * The numbers of the blocked product: data, no code.
 *
 * <p>A block of A (MC x KC, 200 KB) stays in the second-level cache while all of B passes by, and with it the panels of B in use (KC x NR each,
 * 64 KB at 512 bits). A quarter of the steps of k would keep a panel in a first-level cache of 32 KB, but visit each tile of C four times as
 * often, whose rows miss the caches: slower (measured, see reports/decisions/0001).
 */
public final class GemmPlan {
  /** Columns of a tile: two vectors. */
  public static final int NR = 2 * Lanes.COUNT;

  /** Rows of A that are packed together, a multiple of the tile's 12. */
  public static final int MC = 96;

  /** Steps of k between two visits of C. */
  public static final int KC = 512;

  /**
   * Floats from one packed row of A to the next, when k runs along memory: 33 cache lines, an odd number, so that the
   * rows of a tile spread over all sets of the first-level cache.
   */
  public static final int ROW_STRIDE = KC + 16;

  /**
   * Rows that are packed together when rows run along memory. With few registers four times as many and so many fewer steps: longer runs to copy, which processors
   * foresee, and a tile's steps, of each of which it reads a part of a cache line, wait for the next tile in the first-level cache (measured, see reports/decisions/0014).
   */
  public static final int COLUMN_MC = Lanes.MANY_REGISTERS ? MC : 4 * MC;

  /** Steps of k between two visits of C then. */
  private static final int COLUMN_KC = Lanes.MANY_REGISTERS ? KC : KC / 4;

  /** Floats from one packed k to the next, when rows run along memory: 7 or 25 cache lines, odd for the same reason. */
  public static final int COLUMN_STRIDE = COLUMN_MC + 16;

  /** Floats of the packed B that one pass may hold: 16 MB, of which a block of A sees all. */
  static final int PACKED_B = 4 << 20;

  /** The same where A is one block, packed once: 128 KB, which are still in the second-level cache when the block multiplies them. */
  static final int PASSING_B = 1 << 15;

  /**
   * Floats of B that stay in the second-level cache, a quarter of one of 1 MB: as many columns as that are multiplied by all rows of a block before the next ones,
   * and a stored product packs a larger B block by block of k.
   */
  static final int RESIDENT_B = 1 << 16;

  /**
   * Up to this many rows, B is read where it lies: three blocks of A, below which packing B costs more than the cache misses of
   * reading it strided.
   */
  static final int DIRECT_ROWS = 3 * MC;

  /** Up to this many steps of k, neither operand is packed: fewer where a vector holds fewer columns, since the tile's overhead weighs less. */
  static final int IN_PLACE = Lanes.COUNT == 16 ? 128 : 32;

  private GemmPlan() {}

  /**
   * The length of every k block but the last: whole vectors, and as even as these allow, so that no short block is left over.
   *
   * @param columns whether the rows of A run along memory
   */
  static int kBlock(int k, boolean columns) {
    int most = columns ? COLUMN_KC : KC;
    int blocks = Math.max(1, (k + most - 1) / most);
    return roundUp((k + blocks - 1) / blocks, Lanes.COUNT);
  }

  /**
   * Panels of B, of so many steps of k, that tiles pass by row by row. A row of tiles writes each row of C in one run, which the processor foresees; a column of
   * tiles writes a short run in each of many rows, and waits for most of them (measured, see reports/decisions/0001).
   */
  static int panelsTogether(int kc) {
    return Math.max(1, RESIDENT_B / NR / Math.max(1, kc));
  }

  /** n, or the next multiple above it. */
  public static int roundUp(int n, int multiple) {
    return (n + multiple - 1) / multiple * multiple;
  }
}
