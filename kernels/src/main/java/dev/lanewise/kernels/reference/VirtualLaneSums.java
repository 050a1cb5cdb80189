package dev.lanewise.kernels.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/**
 * Sums in the order that all kernels share, so that every vector width gives the same bits: element i belongs to virtual lane i mod
 * 16, each lane adds its elements in ascending order to +0, and a tree adds the lanes: lane j += lane j + 8, then + 4, + 2, + 1.
 *
 * <p>Every sum here and in the other twins has the same shape. Called for lane 0 of 1 it unfolds the tree from its root: lane {@code lane} of {@code lanes}
 * is the sum of lanes {@code lane} and {@code lane + lanes} of twice as many; of 16 lanes each is a chain. Recursion instead of an array of lanes keeps
 * the twins, which run where there are no vectors, from allocating.
 */
final class VirtualLaneSums {
  static final int LANES = 16;

  private VirtualLaneSums() {}

  /** Sum of x[from, from + n). */
  static float sum(long n, MemorySegment x, long from) {
    return sum(n, x, from, 0, 1);
  }

  private static float sum(long n, MemorySegment x, long from, int lane, int lanes) {
    if (lanes < LANES) {
      return sum(n, x, from, lane, 2 * lanes) + sum(n, x, from, lane + lanes, 2 * lanes);
    }
    float sum = 0f;
    for (long i = lane; i < n; i += LANES) {
      sum += x.getAtIndex(JAVA_FLOAT, from + i);
    }
    return sum;
  }

  /** Sum of x[from + i] y[from + i] over i in [0, n), one fma per product. */
  static float dot(long n, MemorySegment x, MemorySegment y, long from) {
    return dot(n, x, y, from, 0, 1);
  }

  private static float dot(long n, MemorySegment x, MemorySegment y, long from, int lane, int lanes) {
    if (lanes < LANES) {
      return dot(n, x, y, from, lane, 2 * lanes) + dot(n, x, y, from, lane + lanes, 2 * lanes);
    }
    float sum = 0f;
    for (long i = lane; i < n; i += LANES) {
      sum = Math.fma(x.getAtIndex(JAVA_FLOAT, from + i), y.getAtIndex(JAVA_FLOAT, from + i), sum);
    }
    return sum;
  }
}
