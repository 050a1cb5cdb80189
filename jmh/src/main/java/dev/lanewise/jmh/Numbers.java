package dev.lanewise.jmh;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** Native operands, aligned to cache lines. */
final class Numbers {
  private static final long ALIGNMENT = 64;

  private Numbers() {}

  /** Floats uniform in [-1, 1), the same for the same seed. */
  static MemorySegment uniform(Arena arena, long n, long seed) {
    MemorySegment segment = room(arena, n);
    SplittableRandom random = new SplittableRandom(seed);
    for (long i = 0; i < n; i++) {
      segment.setAtIndex(JAVA_FLOAT, i, (float) random.nextDouble(-1, 1));
    }
    return segment;
  }

  /** Zeros. */
  static MemorySegment room(Arena arena, long n) {
    return arena.allocate(4 * n, ALIGNMENT);
  }
}
