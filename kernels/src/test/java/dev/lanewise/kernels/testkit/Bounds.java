package dev.lanewise.kernels.testkit;

/**
 * Error bounds that follow from the order of operations (Higham, Accuracy and Stability of Numerical Algorithms, 2nd
 * ed., chapters 3 and 4), never a percentage.
 *
 * <pre>gamma_k = k u / (1 - k u), u = 2^-24</pre>
 *
 * {@code Bounds.gamma(k).times(magnitudes).holds(got, want)} asserts |got - want| &lt;= gamma_k * magnitude for each
 * element, where the magnitude is the sum of absolute values that the computation adds up.
 */
public final class Bounds {
  /** Unit roundoff of fp32. */
  public static final double U = 0x1p-24;

  private final double factor;
  private final double[] magnitudes;
  private final double absolute;

  private Bounds(double factor, double[] magnitudes, double absolute) {
    this.factor = factor;
    this.magnitudes = magnitudes;
    this.absolute = absolute;
  }

  /** The bound on k roundings in a row: {@code k u / (1 - k u)}. */
  public static double gammaOf(double k) {
    if (k < 0 || k * U >= 1) {
      throw new IllegalArgumentException("gamma of " + k + " roundings is undefined: k u must lie in [0, 1)");
    }
    return k * U / (1 - k * U);
  }

  /** k roundings in a row. */
  public static Bounds gamma(double k) {
    return new Bounds(gammaOf(k), new double[0], 0);
  }

  /** Each element's magnitude: what its relative error multiplies. */
  public Bounds times(double... newMagnitudes) {
    return new Bounds(factor, newMagnitudes.clone(), absolute);
  }

  /** Room for {@code roundings} results in the subnormal range, each off by at most half of the least float. */
  public Bounds plusUnderflows(double roundings) {
    return new Bounds(factor, magnitudes, absolute + roundings * 0x1p-150);
  }

  /**
   * Asserts the bound for each element. Where the truth is NaN or infinite the result must be the same.
   *
   * @return the worst error as a share of its bound
   */
  public double holds(float[] got, double[] want) {
    if (got.length != want.length || magnitudes.length != want.length) {
      throw new AssertionError(
          "got " + got.length + " elements, wanted " + want.length + ", magnitudes " + magnitudes.length);
    }
    double worst = 0;
    for (int i = 0; i < got.length; i++) {
      double bound = factor * magnitudes[i] + absolute;
      double share = share(got[i], want[i], bound);
      if (!(share <= 1)) {
        throw new AssertionError(
            "element " + i + ": got " + got[i] + ", want " + want[i] + ", error " + Math.abs(got[i] - want[i])
                + " exceeds the bound " + bound + " by a factor of " + share);
      }
      worst = Math.max(worst, share);
    }
    Measured.share(worst);
    return worst;
  }

  /** The same for one number. */
  public double holds(float got, double want) {
    return holds(new float[] {got}, new double[] {want});
  }

  private static double share(float got, double want, double bound) {
    if (Double.isNaN(want) || Double.isInfinite(want)) {
      return Double.compare(got, want) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    if (bound < 0) {
      // Magnitudes of the wrong sign: the quotient below would be at most 1 whatever the error.
      return Double.POSITIVE_INFINITY;
    }
    double error = Math.abs(got - want);
    return error == 0 ? 0 : error / bound;
  }
}
