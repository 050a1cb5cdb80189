package dev.lanewise.kernels.reference;

/** The smooth activation functions and their derivatives in double, to some 12 digits: the truth for the bounds of {@code Activations}. */
public final class ActivationsInDouble {
  private static final double ROOT_PI = Math.sqrt(Math.PI);
  private static final double ROOT_2 = Math.sqrt(2);
  private static final double LINEAR = 2 * Math.sqrt(2 / Math.PI);
  private static final double CUBIC = 0.044715 * LINEAR;

  private ActivationsInDouble() {}

  /** Error function, by the series of Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.6, all of whose terms are positive. */
  public static double erf(double x) {
    if (Math.abs(x) > 3) {
      return x > 0 ? 1 - erfc(x) : erfc(-x) - 1;
    }
    double term = x;
    double sum = x;
    for (int n = 1; n < 80 && Math.abs(term) > 0x1p-60 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / ROOT_PI * Math.exp(-x * x) * sum;
  }

  /** 1 - erf(x), from 2 on by the continued fraction of Abramowitz and Stegun, 7.1.14. */
  public static double erfc(double x) {
    if (!(x >= 2)) {
      return 1 - erf(x);
    }
    double factor = Math.exp(-x * x);
    double fraction = x;
    // As many terms as 12 digits take, fewer the larger x is; none where the factor is 0.
    for (int n = factor == 0 ? 0 : 10 + (int) (440 / (x * x)); n > 0; n--) {
      fraction = x + n / 2.0 / fraction;
    }
    return factor / (ROOT_PI * fraction);
  }

  /** x Phi(x). */
  public static double gelu(double x) {
    return x == Double.NEGATIVE_INFINITY ? -0.0 : x / 2 * erfc(-x / ROOT_2);
  }

  /** Phi(x) + x phi(x). */
  public static double geluSlope(double x) {
    return erfc(-x / ROOT_2) / 2 + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /** x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2. */
  public static double geluTanh(double x) {
    return x == Double.NEGATIVE_INFINITY ? -0.0 : x * sigmoid(x * (LINEAR + CUBIC * x * x));
  }

  /** The derivative of {@link #geluTanh}. */
  public static double geluTanhSlope(double x) {
    double z = x * (LINEAR + CUBIC * x * x);
    return sigmoid(z) + x * sigmoid(z) * sigmoid(-z) * (LINEAR + 3 * CUBIC * x * x);
  }

  /** 1 / (1 + e^-x). */
  public static double sigmoid(double x) {
    // The quotient with e^x keeps the digits of small results.
    return x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));
  }

  /** x sigmoid(x). */
  public static double silu(double x) {
    return x == Double.NEGATIVE_INFINITY ? -0.0 : x * sigmoid(x);
  }

  /** The derivative of {@link #silu}. */
  public static double siluSlope(double x) {
    return sigmoid(x) + x * sigmoid(x) * sigmoid(-x);
  }

  /** log(1 + e^x). */
  public static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  /** x from 0 upwards, alpha (e^x - 1) below. */
  public static double elu(double x, double alpha) {
    return x < 0 ? alpha * Math.expm1(x) : x;
  }

  /** The derivative of {@link #elu}, alpha at 0. */
  public static double eluSlope(double x, double alpha) {
    return x > 0 ? 1 : alpha * Math.exp(x);
  }

  /** x from 0 upwards, slope x below. */
  public static double leakyRelu(double x, double slope) {
    return x < 0 ? slope * x : x;
  }
}
