package dev.lanewise.kernels.gemm;

/** The ways of a product of matrices as they lie in memory, each with kernels of its own. {@link StoredProduct} chooses. */
public enum GemmPath {
  /** A few rows, B as it lies. */
  FEW_ROWS,
  /** The same by many columns. */
  WIDE_ROWS,
  /** A few rows by a transposed B: dot products. */
  DOTS,
  /** 8 x 8, two rows in a vector. */
  PAIRS,
  /** Nothing packed: tiles from the operands straight to C, A by whole vectors. */
  SPREAD,
  /** Nothing packed. */
  IN_PLACE,
  /** Nothing packed, and A by whole vectors as far as it lies so. */
  IN_PLACE_OR_SPREAD,
  /** Nothing packed, fewer columns than a vector has lanes. */
  NARROW,
  /** By blocks, A packed, B as it lies. */
  DIRECT,
  /** By blocks, A transposed and packed, B as it lies. */
  DIRECT_TRANSPOSED,
  /** By blocks, both packed. */
  PACKED,
  /** By blocks, A transposed, both packed. */
  PACKED_TRANSPOSED,
  /** By blocks, B transposed and turned when packed. */
  TURNED,
  /** By blocks, both transposed. */
  TURNED_TRANSPOSED,
  /** By blocks, B transposed: A turned instead, or neither. */
  SWAPPED,
  /** By blocks, B a single column. */
  COLUMN,
  /** By blocks, B a single column that is stored transposed. */
  TURNED_COLUMN
}
