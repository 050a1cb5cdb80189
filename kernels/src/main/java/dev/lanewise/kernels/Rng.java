package dev.lanewise.kernels;

import dev.lanewise.kernels.reference.RngReference;
import dev.lanewise.kernels.rng.RngTask;
import java.lang.foreign.MemorySegment;

/**
 * Random numbers without state: a number is a function of (seed, stream, index) alone, so the bits are the same on every machine, at any
 * vector width and any number of threads, and a run can resume in the middle.
 *
 * <p>Generator: Philox4x32-10 (Salmon, Moraes, Dror and Shaw, Parallel Random Numbers: As Easy as 1, 2, 3, SC 2011), the key the seed, the
 * counter stream and block: 2^64 words per stream and 2^64 streams per seed. Not for cryptography. Use one stream per
 * purpose (each parameter, each dropout layer, shuffling) and never an index twice: {@link #below} and {@link #shuffle} read the same words as
 * the fills do, so give them streams of their own.
 *
 * <p>Words, whole numbers and orders are exact, the same as the formula's in integers. Numbers are always finite: never NaN, never an
 * infinity.
 *
 * <p>Fills write y[i] from index offset + i. Operands are native segments, aligned to 4 bytes. A call allocates nothing.
 */
public final class Rng {
  private Rng() {}

  /** Word {@code index} of a stream: 32 random bits. */
  public static int bits(long seed, long stream, long index) {
    return RngReference.bits(seed, stream, index);
  }

  /** A multiple of 2^-24, uniform in [0, 1). */
  public static float uniform(long seed, long stream, long index) {
    return RngReference.uniform(seed, stream, index);
  }

  /** A standard normal number, as the fill {@link #normal(long, long, long, long, MemorySegment, float, float, Workers)} makes it. */
  public static float normal(long seed, long stream, long index) {
    return RngReference.normal(seed, stream, index);
  }

  /**
   * A whole number in [0, bound), each with probability 1 / bound to within 2^-64.
   *
   * @throws IllegalArgumentException if the bound is less than 1
   */
  public static int below(long seed, long stream, long index, int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("below: bound " + bound + "; it must be at least 1");
    }
    return RngReference.below(seed, stream, index, bound);
  }

  /**
   * Uniform numbers: {@code y = low + u (high - low)}, u a multiple of 2^-24 in [0, 1), one fma, hence half an ulp from that formula with
   * high - low rounded; where rounding would give high, the float below it. So y is in [low, high).
   *
   * @param offset index of y[0]
   * @param n how many numbers, at least 0
   * @param low finite, less than high
   * @param high finite, and so must high - low be
   * @param workers share long fills
   * @throws IllegalArgumentException if low is not less than high, one is not finite, or y is on the heap, too short or misaligned
   */
  public static void uniform(
      long seed, long stream, long offset, long n, MemorySegment y, float low, float high, Workers workers) {
    if (!(low < high) || !Float.isFinite(high - low)) {
      throw new IllegalArgumentException(
          "uniform: low = " + low + ", high = " + high + "; low must be the smaller, their difference a finite float");
    }
    Segments.require("uniform", "y", y, n);
    if (Family.RNG_UNIFORM.vectors()) {
      workers.state(RngTask.KEY).uniform(seed, stream, offset, n, y, low, high, workers);
    } else {
      RngReference.uniform(seed, stream, offset, 0, n, y, low, high);
    }
  }

  /**
   * Normal numbers: {@code y = mean + stddev z}, one fma, z by Box and Muller from 24 and 32 bits, at most 5.77 away from 0; error of z
   * against the exact transform of the same bits at most gamma_6 times its radius sqrt(-2 log u).
   *
   * @throws IllegalArgumentException if mean or stddev is not finite, stddev is negative, or y is on the heap, too short or misaligned
   */
  public static void normal(
      long seed, long stream, long offset, long n, MemorySegment y, float mean, float stddev, Workers workers) {
    if (!Float.isFinite(mean) || !(stddev >= 0f) || !Float.isFinite(stddev)) {
      throw new IllegalArgumentException(
          "normal: mean = " + mean + ", stddev = " + stddev + "; both must be finite, stddev at least 0");
    }
    Segments.require("normal", "y", y, n);
    if (Family.RNG_NORMAL.vectors()) {
      workers.state(RngTask.KEY).normal(seed, stream, offset, n, y, mean, stddev, workers);
    } else {
      RngReference.normal(seed, stream, offset, 0, n, y, mean, stddev);
    }
  }

  /**
   * Mask of inverted dropout: 1 / keepProbability with that probability (rounded up to a multiple of 2^-24), else +0.
   *
   * @param keepProbability in (0, 1]
   * @throws IllegalArgumentException if the probability is outside, or y is on the heap, too short or misaligned
   */
  public static void dropoutMask(
      long seed, long stream, long offset, long n, MemorySegment y, float keepProbability, Workers workers) {
    if (!(keepProbability > 0f && keepProbability <= 1f)) {
      throw new IllegalArgumentException(
          "dropoutMask: keepProbability = " + keepProbability + "; it must be above 0 and at most 1");
    }
    Segments.require("dropoutMask", "y", y, n);
    if (Family.RNG_DROPOUT_MASK.vectors()) {
      workers.state(RngTask.KEY).mask(seed, stream, offset, n, y, keepProbability, workers);
    } else {
      RngReference.dropoutMask(seed, stream, offset, 0, n, y, keepProbability);
    }
  }

  /** Shuffles in place; every order equally likely, by exactly uniform draws. */
  public static void shuffle(long seed, long stream, int[] order) {
    RngReference.shuffle(seed, stream, order);
  }
}
