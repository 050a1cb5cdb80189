package dev.lanewise.kernels.testkit;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Seeded numbers for tests: the same seed gives the same arrays, on every machine. */
public final class Data {
  private static final float[] EDGES = {
      0f, -0f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL, -Float.MIN_NORMAL, 0x1.fffffcp-127f,
      1f, -1f, 0.5f, -0.5f, Math.nextDown(1f), Math.nextUp(1f), 88.7f, -88.7f, 103.9f, -104f, 1e10f, -1e10f,
      Float.MAX_VALUE, -Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN
  };

  private final SplittableRandom random;

  private Data(long seed) {
    this.random = new SplittableRandom(seed);
  }

  public static Data seeded(long seed) {
    return new Data(seed);
  }

  /** Zeros of both signs, subnormals, ones and their neighbours, where exp over- and underflows, infinities, NaN. */
  public static float[] edges() {
    return EDGES.clone();
  }

  /** Uniform in [low, high). */
  public float[] uniform(int n, float low, float high) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextDouble(low, high);
    }
    return values;
  }

  /** Whole numbers in [-bound, bound]: sums and products of them are exact while they stay below 2^24. */
  public float[] integers(int n, int bound) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextInt(-bound, bound + 1);
    }
    return values;
  }

  /** Every finite bit pattern equally likely: all exponents, both signs, subnormals. */
  public float[] finite(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      float value;
      do {
        value = Float.intBitsToFloat(random.nextInt());
      } while (!Float.isFinite(value));
      values[i] = value;
    }
    return values;
  }

  /** Moderate numbers with one edge value in four. */
  public float[] edgy(int n) {
    float[] values = uniform(n, -20f, 20f);
    for (int i = 0; i < n; i++) {
      if (random.nextInt(4) == 0) {
        values[i] = EDGES[random.nextInt(EDGES.length)];
      }
    }
    return values;
  }

  /** Bit patterns that a copy must not touch, to be compared as whole numbers: every other one a NaN, quiet or signalling, of either sign, with a payload. */
  public int[] patterns(int n) {
    int[] values = new int[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextBoolean() ? random.nextInt() : random.nextInt() | 0x7f80_0001;
    }
    return values;
  }

  /** Integers in [0, bound). */
  public int[] below(int n, int bound) {
    int[] values = new int[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextInt(bound);
    }
    return values;
  }

  /** The same value n times. */
  public static float[] filled(int n, float value) {
    float[] x = new float[n];
    Arrays.fill(x, value);
    return x;
  }

  /** Puts a value at one place of an array and returns the array. */
  public static float[] with(float[] x, int at, float value) {
    x[at] = value;
    return x;
  }

  /** A native copy, 64-byte aligned. */
  public static MemorySegment segment(float... values) {
    MemorySegment segment = Arena.ofAuto().allocate(4L * values.length, 64);
    MemorySegment.copy(values, 0, segment, JAVA_FLOAT, 0, values.length);
    return segment;
  }

  /** Every float widened, for double twins. */
  public static double[] widened(float... values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }
}
