package dev.lanewise.kernels.testkit;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/** Distances and errors of floats in units in the last place, and walks over bit patterns. */
public final class Ulp {
  /** A kernel y = f(x) over {@code n} floats. */
  @FunctionalInterface
  public interface Map {
    void apply(long n, MemorySegment x, MemorySegment y);
  }

  /** Whether walks take every pattern, whatever their stride. */
  private static final boolean NIGHTLY = Boolean.getBoolean("lanewise.nightly");

  private static final int CHUNK = 4096;

  private Ulp() {}

  /**
   * How many bit patterns lie between two floats, the sign of zero counted: 0 for equal bits or two NaNs, 1 for
   * neighbours and for -0 and +0, {@code Long.MAX_VALUE} for a NaN and a number.
   */
  public static long distance(float a, float b) {
    if (Float.isNaN(a) || Float.isNaN(b)) {
      return Float.isNaN(a) && Float.isNaN(b) ? 0 : Long.MAX_VALUE;
    }
    return Math.abs((long) ordered(a) - ordered(b));
  }

  /** Bit patterns renumbered so that they rise with the float: -0 is -1 and +0 is 0. */
  private static int ordered(float x) {
    int bits = Float.floatToRawIntBits(x);
    return bits >= 0 ? bits : ~(bits & 0x7fff_ffff);
  }

  private static float unordered(long order) {
    return Float.intBitsToFloat(order >= 0 ? (int) order : (int) ~order | 0x8000_0000);
  }

  /**
   * Error of a result against the truth, in units in the last place of the truth rounded to float. NaN where both are
   * and the right infinity have error 0; a NaN, infinity or zero of the wrong kind or sign has error infinity.
   */
  public static double error(float got, double truth) {
    float rounded = (float) truth;
    if (Float.isNaN(got) || Float.isNaN(rounded)) {
      return Float.isNaN(got) && Float.isNaN(rounded) ? 0 : Double.POSITIVE_INFINITY;
    }
    boolean exactZero = truth == 0 && Float.floatToRawIntBits(got) != Float.floatToRawIntBits(rounded);
    if (Float.isInfinite(got) || Float.isInfinite(rounded) || exactZero) {
      return Float.floatToRawIntBits(got) == Float.floatToRawIntBits(rounded) ? 0 : Double.POSITIVE_INFINITY;
    }
    return Math.abs(got - truth) / Math.ulp(rounded);
  }

  /**
   * Walks bit patterns from one float up to another, prints the largest error and fails if it exceeds the promise or if
   * no pattern was tried. Both ends are always tried.
   *
   * @param name for the report
   * @param low first float
   * @param high last float
   * @param stride step in bit patterns, 1 in the nightly profile; a prime leaves no low bit untried
   * @param kernel y = f(x), called with chunks of an odd size, so that vectors and tails both take part
   * @param truth f in double, more exact than a float by a wide margin
   * @param promise the largest error allowed, in ulp
   * @return the largest error met
   */
  public static double sweep(
      String name, float low, float high, int stride, Map kernel, DoubleUnaryOperator truth, double promise) {
    MemorySegment x = Arena.ofAuto().allocate(4L * CHUNK, 64);
    MemorySegment y = Arena.ofAuto().allocate(4L * CHUNK, 64);
    long last = ordered(high);
    long tried = 0;
    double worst = 0;
    float worstAt = low;
    float worstGot = Float.NaN;
    long next = ordered(low);
    boolean done = next > last;
    while (!done) {
      int n = 0;
      while (n < CHUNK - 3 && !done) {
        x.setAtIndex(JAVA_FLOAT, n++, unordered(next));
        done = next == last;
        next = Math.min(next + (NIGHTLY ? 1 : stride), last);
      }
      kernel.apply(n, x, y);
      for (int i = 0; i < n; i++) {
        float at = x.getAtIndex(JAVA_FLOAT, i);
        float got = y.getAtIndex(JAVA_FLOAT, i);
        double error = error(got, truth.applyAsDouble(at));
        if (error > worst || tried == 0) {
          worst = error;
          worstAt = at;
          worstGot = got;
        }
        tried++;
      }
    }
    String report =
        String.format(
            Locale.ROOT,
            "%s: %,d bit patterns of [%s, %s], max %.4f ulp (promised %s) at %s (%s), got %s",
            name, tried, low, high, worst, promise, worstAt, Float.toHexString(worstAt), worstGot);
    if (tried == 0 || !(worst <= promise)) {
      throw new AssertionError(tried == 0 ? name + ": no bit pattern tried in [" + low + ", " + high + "]" : report);
    }
    System.out.println(report);
    Measured.ulp(worst);
    return worst;
  }
}
