package dev.lanewise.kernels.gemm;

/** Where the rows of a product lie in C: a constant stride apart, or scattered over the pixels of an image. */
public interface OutputRows {
  /** Writes the byte offsets of rows row0 .. row0 + rows to {@code offsets[0 .. rows]}. */
  void locate(int row0, int rows, long[] offsets);
}
