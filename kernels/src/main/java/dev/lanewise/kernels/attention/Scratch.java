package dev.lanewise.kernels.attention;

import static dev.lanewise.kernels.gemm.GemmKernel12x2V.MR;
import static dev.lanewise.kernels.gemm.GemmPlan.KC;
import static dev.lanewise.kernels.gemm.GemmPlan.NR;
import static dev.lanewise.kernels.gemm.GemmPlan.ROW_STRIDE;

import dev.lanewise.kernels.gemm.Copy;
import dev.lanewise.kernels.gemm.GemmPlan;
import dev.lanewise.kernels.gemm.Tiles;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * What one worker needs to work on a head: operands packed for the micro-kernel of products, 12 rows at a time, and the tile. Grows to the largest
 * head seen, then allocates nothing.
 */
final class Scratch {
  /** The tile that the micro-kernel adds to. */
  final float[] tile = new float[MR * NR];

  /** 12 rows of a left operand, as many steps of k as the micro-kernel takes. */
  private final float[] block = new float[MR * ROW_STRIDE];

  /** Rows on their way to be turned. */
  private final float[] turning = new float[Copy.SCRATCH];

  /** Floats from one row of a left operand of k columns to the next, with slack for a whole panel behind each. */
  static int strideFor(int k) {
    return k <= KC ? ROW_STRIDE : GemmPlan.roundUp(k, NR) + NR;
  }

  /** The array if it is long enough, else a longer one. */
  static float[] grown(float[] array, int length) {
    return array.length >= length ? array : new float[length];
  }

  /** Panels that n columns need. */
  static int panels(int n) {
    return (n + NR - 1) / NR;
  }

  /** Packs rows of n floats as a right operand: panel j holds columns from j NR, each {@code rows} times NR floats. */
  static void pack(MemorySegment from, long byteOffset, int stride, int rows, int n, float[] to) {
    for (int column = 0; column < n; column += NR) {
      int columns = Math.min(NR, n - column);
      int at = column * rows;
      for (int p = 0; p < rows; p++) {
        Copy.padded(from, byteOffset + 4L * ((long) p * stride + column), to, at + p * NR, columns);
      }
    }
  }

  /** Packs the transpose of rows of n floats as a right operand: panel j holds rows from j NR as its columns, each n times NR floats. */
  void packTurned(MemorySegment from, long byteOffset, int stride, int rows, int n, float[] to) {
    for (int row = 0; row < rows; row += NR) {
      Copy.transposed(from, byteOffset + 4L * row * stride, stride, Math.min(NR, rows - row), n, to, row * n, turning);
    }
  }

  /** Tile = 0. */
  void zeroTile() {
    Arrays.fill(tile, 0f);
  }

  /** Tile += left right: 12 rows of k columns, {@code stride} apart as {@link #strideFor} says, by a panel. */
  void multiply(float[] left, int stride, int k, float[] right, int rightAt) {
    if (stride == ROW_STRIDE) {
      Tiles.rows(MR, k, left, 0, right, rightAt, tile, tile);
      return;
    }
    for (int k0 = 0; k0 < k; k0 += KC) {
      int kc = Math.min(KC, k - k0);
      for (int i = 0; i < MR; i++) {
        System.arraycopy(left, i * stride + k0, block, i * ROW_STRIDE, kc);
      }
      Tiles.rows(MR, kc, block, 0, right, rightAt + k0 * NR, tile, tile);
    }
  }

  /**
   * Tile = weights times rows, a panel of columns: row i of the tile sums over the first {@code visible} keys of its own, ascending.
   *
   * @param common how many keys all rows see
   * @param from how many row 0 sees, row i as many as {@code visible(i)}
   */
  void weigh(float[] weights, int stride, int rows, Heads heads, int keys, int query, float[] right, int rightAt) {
    zeroTile();
    int common = heads.visible(keys, query);
    multiply(weights, stride, common, right, rightAt);
    for (int i = 1; i < rows; i++) {
      int visible = heads.visible(keys, query + i);
      if (visible > common) {
        RowKernels.addRest(weights, i * stride, common, visible, right, rightAt, tile, i * NR);
      }
    }
  }

  /** Copies the tile to 12 rows of another matrix. */
  void storeTile(float[] to, int at, int stride) {
    for (int i = 0; i < MR; i++) {
      System.arraycopy(tile, i * NR, to, at + i * stride, NR);
    }
  }
}
