package dev.lanewise.kernels.gemm;

/**
 * The left factor A [m, k] of a blocked product, seen only through packing: a stored matrix, patches of an image, or the
 * pixels that a tap of a convolution reaches. Packing copies and pads; it does no arithmetic.
 */
public interface LeftOperand {
  /** True when the rows of A run along memory (A is stored transposed), false when k does. */
  boolean columns();

  /**
   * Copies A[row0 .. row0 + rows, k0 .. k0 + kc] into a block: element (i, p) to {@code i * GemmPlan.ROW_STRIDE + p}, or to
   * {@code p * GemmPlan.COLUMN_STRIDE + i} for {@link #columns()}. May write up to 15 floats past each run: the strides leave room for them.
   */
  void pack(int row0, int rows, int k0, int kc, float[] block);
}
