package dev.lanewise.kernels.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/**
 * Sums in the order that all kernels share, so that every vector width gives the same bits: element i belongs to virtual lane i mod
 * 16, each lane adds its elements in ascending order to +0, and a tree adds the lanes: lane j += lane j + 8, then + 4, + 2, + 1.
 */
final class VirtualLaneSums {
  private static final int LANES = 16;

  private VirtualLaneSums() {}

  /** What is summed: one step of a lane's chain. */
  @FunctionalInterface
  interface Chain {
    float next(float sum, long i);
  }

  /** Sum over i in [0, n) of whatever the chain adds. */
  static float of(long n, Chain chain) {
    return lane(0, 1, n, chain);
  }

  /** Sum of x[from, from + n). */
  static float of(long n, MemorySegment x, long from) {
    return of(n, (sum, i) -> sum + x.getAtIndex(JAVA_FLOAT, from + i));
  }

  /** Lane {@code lane} after the tree has folded the lanes down to {@code lanes} of them. */
  private static float lane(int lane, int lanes, long n, Chain chain) {
    if (lanes < LANES) {
      return lane(lane, 2 * lanes, n, chain) + lane(lane + lanes, 2 * lanes, n, chain);
    }
    float sum = 0f;
    for (long i = lane; i < n; i += LANES) {
      sum = chain.next(sum, i);
    }
    return sum;
  }
}
