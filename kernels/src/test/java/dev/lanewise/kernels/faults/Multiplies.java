package dev.lanewise.kernels.faults;

import java.lang.foreign.MemorySegment;

/** C = A B (+ C), row-major. */
interface Multiplies {
  void run(
      int m, int n, int k, MemorySegment a, int lda, MemorySegment b, int ldb, MemorySegment c, int ldc, boolean accumulate);
}
