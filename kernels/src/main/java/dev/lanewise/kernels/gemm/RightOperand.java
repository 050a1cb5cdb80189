package dev.lanewise.kernels.gemm;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** The right factor B [k, n] of a blocked product, seen only through packing. */
public interface RightOperand {
  /**
   * Copies the columns column .. column + columns, at most GemmPlan.NR, of all k rows: element (p, j) to
   * {@code panel[at + p * NR + j]}. What is there where j is past the last column is anything: it reaches only sums that nobody looks at.
   *
   * @param scratch of {@link Copy#SCRATCH} floats, for whoever transposes
   */
  void pack(int column, int columns, float[] panel, int at, float[] scratch);

  /**
   * Memory in which B lies row-major and untransposed, for products that are better off without packing; null if it lies otherwise.
   * Row p begins {@code p * stride()} floats after the byte {@link #start()}.
   */
  default @Nullable MemorySegment rowMajor() {
    return null;
  }

  /** The byte of {@link #rowMajor()} at which B begins. */
  default long start() {
    return 0;
  }

  /**
   * Memory in which B lies packed: panel by panel of GemmPlan.NR columns, k x NR floats each; null if it has to be packed. Then nothing else is
   * asked of it.
   */
  default @Nullable MemorySegment panels() {
    return null;
  }

  /** Floats from one row of {@link #rowMajor()} to the next. */
  default int stride() {
    return 0;
  }
}
