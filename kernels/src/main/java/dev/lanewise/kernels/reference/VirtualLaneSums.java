package dev.lanewise.kernels.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/**
 * Sums in the order that all kernels share, so that every vector width gives the same bits. In the whole groups of 16, element i belongs to
 * virtual lane i mod 16; each lane adds its elements in ascending order to +0, and a tree adds the lanes: lane j += lane j + 8, then + 4, + 2,
 * + 1. The rest of fewer than 16 elements is then added to the tree's root, one after another. Long vectors have 32 lanes in the same order.
 *
 * <p>Every sum here and in the other twins has the same shape. {@code lane(..., 0, 1)} unfolds the tree from its root: lane {@code lane} of {@code lanes}
 * is the sum of lanes {@code lane} and {@code lane + lanes} of twice as many; of 16 lanes each is a chain. Recursion instead of an array of lanes keeps
 * the twins, which run where there are no vectors, from allocating.
 */
final class VirtualLaneSums {
  static final int LANES = 16;

  private VirtualLaneSums() {}

  /** How many of n elements are in whole groups of 16. */
  static long whole(long n) {
    return n - n % LANES;
  }

  /** Sum of x[from, from + n). */
  static float sum(long n, MemorySegment x, long from) {
    return sum(LANES, n, x, from);
  }

  /** The same over another number of lanes, a power of two. */
  static float sum(int all, long n, MemorySegment x, long from) {
    long whole = n - n % all;
    float sum = n < all ? 0f : sumOfLane(all, whole, x, from, 0, 1);
    for (long i = whole; i < n; i++) {
      sum += x.getAtIndex(JAVA_FLOAT, from + i);
    }
    return sum;
  }

  private static float sumOfLane(int all, long n, MemorySegment x, long from, int lane, int lanes) {
    if (lanes < all) {
      return sumOfLane(all, n, x, from, lane, 2 * lanes) + sumOfLane(all, n, x, from, lane + lanes, 2 * lanes);
    }
    float sum = 0f;
    for (long i = lane; i < n; i += all) {
      sum += x.getAtIndex(JAVA_FLOAT, from + i);
    }
    return sum;
  }

  /** Sum of x[from + i] y[from + i] over i in [0, n), one fma per product. */
  static float dot(long n, MemorySegment x, MemorySegment y, long from) {
    return dot(LANES, n, x, y, from);
  }

  /** The same over another number of lanes, a power of two. */
  static float dot(int all, long n, MemorySegment x, MemorySegment y, long from) {
    long whole = n - n % all;
    float sum = n < all ? 0f : dotOfLane(all, whole, x, y, from, 0, 1);
    for (long i = from + whole; i < from + n; i++) {
      sum = Math.fma(x.getAtIndex(JAVA_FLOAT, i), y.getAtIndex(JAVA_FLOAT, i), sum);
    }
    return sum;
  }

  private static float dotOfLane(int all, long n, MemorySegment x, MemorySegment y, long from, int lane, int lanes) {
    if (lanes < all) {
      return dotOfLane(all, n, x, y, from, lane, 2 * lanes) + dotOfLane(all, n, x, y, from, lane + lanes, 2 * lanes);
    }
    float sum = 0f;
    for (long i = from + lane; i < from + n; i += all) {
      sum = Math.fma(x.getAtIndex(JAVA_FLOAT, i), y.getAtIndex(JAVA_FLOAT, i), sum);
    }
    return sum;
  }
}
