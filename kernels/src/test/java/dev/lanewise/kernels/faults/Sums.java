package dev.lanewise.kernels.faults;

import java.lang.foreign.MemorySegment;

/** The sum of x[0, n). */
interface Sums {
  float run(int n, MemorySegment x);
}
