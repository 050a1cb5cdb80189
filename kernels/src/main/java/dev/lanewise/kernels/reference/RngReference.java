package dev.lanewise.kernels.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/**
 * Scalar twins of {@code Rng}, same bits: Philox4x32-10 of Salmon, Moraes, Dror and Shaw, Parallel Random Numbers: As Easy as 1, 2,
 * 3, SC 2011.
 *
 * <p>The key is the seed; the counter's lower half is the block, its upper half the stream. Words are dealt out in groups of 64, which
 * 16 blocks fill: word j of a group is output j / 16 of the group's block j mod 16. So a vector of neighbouring elements comes from
 * neighbouring blocks, and the words of a block end up 16 apart.
 */
public final class RngReference {
  /** Words in a group of blocks. */
  public static final int GROUP = 64;

  private static final int M0 = 0xD2511F53;
  private static final int M1 = 0xCD9E8D57;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;
  private static final int ROUNDS = 10;

  private RngReference() {}

  /** Outputs 2 pair and 2 pair + 1 of the block with this counter and key, the first in the lower half. */
  public static long philox(int c0, int c1, int c2, int c3, int k0, int k1, int pair) {
    for (int round = 0; round < ROUNDS; round++) {
      long p0 = (M0 & 0xffff_ffffL) * (c0 & 0xffff_ffffL);
      long p1 = (M1 & 0xffff_ffffL) * (c2 & 0xffff_ffffL);
      int n0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      int n2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c1 = (int) p1;
      c3 = (int) p0;
      c0 = n0;
      c2 = n2;
      k0 += W0;
      k1 += W1;
    }
    return pair == 0 ? join(c0, c1) : join(c2, c3);
  }

  private static long join(int low, int high) {
    return (low & 0xffff_ffffL) | (long) high << 32;
  }

  /** The two words of a block's pair (0 or 1). */
  public static long pair(long seed, long stream, long block, int pair) {
    return philox(
        (int) block, (int) (block >>> 32), (int) stream, (int) (stream >>> 32), (int) seed, (int) (seed >>> 32), pair);
  }

  /** The pair of words to which word {@code index} belongs: it is the lower one when {@link #isLower}. */
  private static long pairOf(long seed, long stream, long index) {
    long block = Math.floorDiv(index, GROUP) * 16 + (index & 15);
    return pair(seed, stream, block, (int) (index >> 5 & 1));
  }

  private static boolean isLower(long index) {
    return (index & 16) == 0;
  }

  /** Word {@code index} of a stream. */
  public static int bits(long seed, long stream, long index) {
    long pair = pairOf(seed, stream, index);
    return (int) (isLower(index) ? pair : pair >>> 32);
  }

  /** A multiple of 2^-24 in [0, 1), from the upper 24 bits of word {@code index}. */
  public static float uniform(long seed, long stream, long index) {
    return (bits(seed, stream, index) >>> 8) * 0x1p-24f;
  }

  /**
   * Standard normal number by Box and Muller, A Note on the Generation of Random Normal Deviates, 1958: the lower word of a pair gives
   * the radius sqrt(-2 log((bits / 2^8 + 1) / 2^24)), the upper the angle; the lower element is the cosine, the upper the sine.
   */
  public static float normal(long seed, long stream, long index) {
    long pair = pairOf(seed, stream, index);
    float u = (((int) pair >>> 8) + 1) * 0x1p-24f;
    float radius = (float) Math.sqrt(-2f * MathReference.log(u));
    int turn = (int) (pair >>> 32);
    return radius * (isLower(index) ? MathReference.cosineOfTurn(turn) : MathReference.sineOfTurn(turn));
  }

  /** A whole number in [0, bound) from the first 64 bits of block {@code index}. */
  public static int below(long seed, long stream, long index, int bound) {
    return (int) Math.unsignedMultiplyHigh(pair(seed, stream, index, 0), bound);
  }

  /** For i in [from, to): y[i] = low + u (high - low), one fma; where it rounds up to high, the float below. */
  public static void uniform(
      long seed, long stream, long offset, long from, long to, MemorySegment y, float low, float high) {
    float width = high - low;
    float last = Math.nextDown(high);
    for (long i = from; i < to; i++) {
      float value = Math.fma(uniform(seed, stream, offset + i), width, low);
      y.setAtIndex(JAVA_FLOAT, i, value < last ? value : last);
    }
  }

  /** For i in [from, to): y[i] = mean + z stddev, one fma. */
  public static void normal(
      long seed, long stream, long offset, long from, long to, MemorySegment y, float mean, float stddev) {
    for (long i = from; i < to; i++) {
      y.setAtIndex(JAVA_FLOAT, i, Math.fma(normal(seed, stream, offset + i), stddev, mean));
    }
  }

  /** For i in [from, to): y[i] = 1 / keep where u is less than keep, else 0. */
  public static void dropoutMask(
      long seed, long stream, long offset, long from, long to, MemorySegment y, float keepProbability) {
    float kept = 1f / keepProbability;
    for (long i = from; i < to; i++) {
      y.setAtIndex(JAVA_FLOAT, i, uniform(seed, stream, offset + i) < keepProbability ? kept : 0f);
    }
  }

  /**
   * Shuffle of Fisher and Yates, from the end; each draw takes words from the stream, in order, until one passes the rejection test of
   * Lemire, Fast Random Integer Generation in an Interval, 2019, and so is exactly uniform.
   */
  public static void shuffle(long seed, long stream, int[] order) {
    long index = 0;
    for (int i = order.length - 1; i > 0; i--) {
      int bound = i + 1;
      int threshold = Integer.remainderUnsigned(-bound, bound);
      long product;
      do {
        product = (bits(seed, stream, index++) & 0xffff_ffffL) * bound;
      } while (Integer.compareUnsigned((int) product, threshold) < 0);
      int j = (int) (product >>> 32);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
  }
}
