package dev.lanewise.kernels.testkit;

import java.util.function.ToDoubleFunction;

/** Derivatives of functions in double by central differences. */
public final class Differences {
  /** Step: its square, what the difference leaves out, and the rounding 2^-52 / step are then both near 1e-10. */
  public static final double STEP = 1e-5;

  /**
   * What a difference is off by, for functions whose values and third derivatives are at most about 10: {@code STEP^2 / 6} of the latter, and
   * the rounding of two values over twice the step, with a factor of ten in hand.
   */
  public static final double ERROR = 10 * (10 * STEP * STEP / 6 + 10 * 0x1p-52 / STEP);

  private Differences() {}

  /** The gradient of f at x; x is left as it was. */
  public static double[] gradient(double[] x, ToDoubleFunction<double[]> f) {
    double[] gradient = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double at = x[i];
      x[i] = at + STEP;
      double above = f.applyAsDouble(x);
      x[i] = at - STEP;
      double below = f.applyAsDouble(x);
      x[i] = at;
      gradient[i] = (above - below) / (2 * STEP);
    }
    return gradient;
  }
}
