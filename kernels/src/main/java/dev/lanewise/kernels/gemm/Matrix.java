package dev.lanewise.kernels.gemm;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A stored row-major matrix, or its transpose, as any operand of a product. Mutable so that one object serves all calls: a
 * steady product allocates nothing.
 */
public final class Matrix implements LeftOperand, RightOperand, OutputRows {
  private MemorySegment segment = MemorySegment.NULL;
  private long start;
  private int ld;
  private boolean transposed;
  private int k;

  /**
   * A matrix at the beginning of a segment.
   *
   * @param segment native memory, element (i, j) of the stored matrix at float {@code i * ld + j}
   * @param transposed whether the operand is the transpose of what is stored
   * @param k the inner size of the product
   */
  public Matrix set(MemorySegment segment, int ld, boolean transposed, int k) {
    this.segment = segment;
    this.start = 0;
    this.ld = ld;
    this.transposed = transposed;
    this.k = k;
    return this;
  }

  /** Moves it to begin at a byte of its segment: an entry of a batch, a group of columns. */
  public Matrix at(long byteOffset) {
    this.start = byteOffset;
    return this;
  }

  /** Lets go of the caller's memory. */
  public void clear() {
    segment = MemorySegment.NULL;
  }

  @Override
  public boolean columns() {
    return transposed;
  }

  @Override
  public void pack(int row0, int rows, int k0, int kc, float[] block) {
    if (transposed) {
      Copy.rows(segment, start + 4L * ((long) k0 * ld + row0), 4L * ld, kc, rows, block, 0, GemmPlan.COLUMN_STRIDE);
    } else {
      Copy.rows(segment, start + 4L * ((long) row0 * ld + k0), 4L * ld, rows, kc, block, 0, GemmPlan.ROW_STRIDE);
    }
  }

  @Override
  public void pack(int column, int columns, float[] panel, int at, float[] scratch) {
    pack(column, columns, 0, k, panel, at, scratch);
  }

  /** The same of rows k0 .. k0 + steps alone. */
  void pack(int column, int columns, int k0, int steps, float[] panel, int at, float[] scratch) {
    if (transposed) {
      Copy.transposed(segment, start + 4L * ((long) column * ld + k0), ld, columns, steps, panel, at, scratch);
    } else {
      Copy.rows(segment, start + 4L * ((long) k0 * ld + column), 4L * ld, steps, columns, panel, at, GemmPlan.NR);
    }
  }

  @Override
  public @Nullable MemorySegment rowMajor() {
    return transposed ? null : segment;
  }

  @Override
  public long start() {
    return start;
  }

  @Override
  public int stride() {
    return ld;
  }

  @Override
  public void locate(int row0, int rows, long[] offsets) {
    for (int i = 0; i < rows; i++) {
      offsets[i] = start + 4L * (row0 + i) * ld;
    }
  }
}
