package dev.lanewise.training.data;

import dev.lanewise.kernels.Rng;

/**
 * A short run of random numbers for one item, such as one image of one epoch.
 *
 * <p>{@link #begin} takes 64 bits from the counter-based generator for (seed, stream, item); SplitMix64 (Steele, Lea and
 * Flood, Fast Splittable Pseudorandom Number Generators, 2014) stretches them. So an item's numbers depend on nothing
 * but its own key, and cost a nanosecond each. Only exact operations and {@link StrictMath}: the same bits everywhere.
 */
final class Draws {
  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

  private long state;

  void begin(long seed, long stream, long item) {
    long high = Rng.bits(seed, stream, 2 * item);
    long low = Rng.bits(seed, stream, 2 * item + 1);
    state = high << 32 | (low & 0xFFFF_FFFFL);
  }

  long bits() {
    state += GOLDEN;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return z ^ (z >>> 31);
  }

  /** Uniform in [0, 1), a multiple of 2^-24. */
  float unit() {
    return (bits() >>> 40) * 0x1p-24f;
  }

  /** Uniform in [-limit, limit). */
  float within(float limit) {
    return (2 * unit() - 1) * limit;
  }

  float between(float low, float high) {
    return low + unit() * (high - low);
  }

  /** Uniform in {0 .. bound - 1}; the bias of at most bound / 2^32 is far below what any use here could notice. */
  int below(int bound) {
    return (int) (((bits() >>> 32) * bound) >>> 32);
  }

  /** Nearly normal with mean 0 and deviation 1: the centred sum of six uniforms, so never beyond 4.25. */
  float bell() {
    float sum = unit() + unit() + unit() + unit() + unit() + unit();
    return (sum - 3) * 1.4142135f;
  }
}
