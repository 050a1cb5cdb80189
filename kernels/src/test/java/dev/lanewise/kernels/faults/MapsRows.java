package dev.lanewise.kernels.faults;

import java.lang.foreign.MemorySegment;

/** y = f(x) along each row. */
interface MapsRows {
  void run(int rows, int cols, MemorySegment x, MemorySegment y);
}
