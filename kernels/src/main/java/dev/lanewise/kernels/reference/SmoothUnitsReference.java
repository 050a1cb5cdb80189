package dev.lanewise.kernels.reference;

import static dev.lanewise.kernels.math.ExpConstants.*;
import static dev.lanewise.kernels.math.SmoothConstants.*;
import static java.lang.Math.fma;

import dev.lanewise.kernels.math.ErfPieces;
import dev.lanewise.kernels.math.GeluPieces;

/**
 * The error function and the smooth activation functions, fp32: the order of operations that the vector kernels repeat lane by lane, so
 * the bits are equal. Errors are those that {@code Activations} states.
 */
public final class SmoothUnitsReference {
  private SmoothUnitsReference() {}

  /** Error function, odd, sign of zero kept, +-1 beyond |x| = 3.9375. */
  public static float erf(float x) {
    float t = Math.abs(x);
    return Math.copySign(t > ErfPieces.ONE ? 1f : ErfPieces.erf(t), x);
  }

  /**
   * x Phi(x), Phi the distribution function of the standard normal distribution: x above 0, else 0, less |x| times the tail beyond |x|.
   * What squaring rounds away goes into the exponential, so that small results are as exact as others.
   */
  public static float gelu(float x) {
    float t = Math.abs(x);
    float positive = Math.max(x, -0f);
    if (t < GeluPieces.END) {
      return positive - GeluPieces.tail(t);
    }
    t = t <= GELU_TAIL ? t : GELU_TAIL;
    float s = t * t;
    float n = fma(s, -0.5f * LOG2_E, ROUND) - ROUND;
    // n LN2_HI is exact, and t^2 need not be rounded.
    float m = expm1OfRest(fma(n, -LN2_LO, fma(-0.5f * t, t, n * -LN2_HI)));
    float v = 1f / (s + GELU_SHIFT);
    float h = fma(fma(fma(H3, v, H2), v, H1), v, H0);
    float size = Math.scalb(fma(h, m, h), (int) n);
    return fma(size, -UNLIFT, positive);
  }

  /**
   * Phi(x) + x phi(x), the derivative of {@link #gelu}; phi is the density of the standard normal distribution.
   */
  public static float geluSlope(float x) {
    float t = Math.abs(x);
    t = t > GELU_TAIL ? GELU_TAIL : t;
    float s = t * t;
    float d = -0.5f * s;
    float n = wholes(d);
    float m = expm1OfRest(fma(-0.5f, fma(t, t, -s), rest(d, n)));
    int half = (int) n >> 1;
    float e = (m + 1f) * MathReference.power(half) * MathReference.power((int) n - half);
    float density = DENSITY * t;
    float w = 1f / (t + SHIFT);
    float inner = t * body(s);
    float outer = w * tail(fma(t, w, -MIDDLE));
    float change = t <= GELU_SPLIT ? fma(density, e, inner) : e * (outer - density);
    float start = t <= GELU_SPLIT ? 0.5f : x < 0f ? 0f : 1f;
    return (t <= GELU_SPLIT) == (x < 0f) ? start - change : start + change;
  }

  private static float body(float s) {
    return fma(fma(fma(fma(fma(P5, s, P4), s, P3), s, P2), s, P1), s, P0);
  }

  private static float tail(float u) {
    float p = fma(fma(fma(fma(G8, u, G7), u, G6), u, G5), u, G4);
    return fma(fma(fma(fma(p, u, G3), u, G2), u, G1), u, G0);
  }

  /**
   * x sigmoid(z) with z = 2 sqrt(2 / pi) (x + 0.044715 x^3): above 0 t / (1 + e^-|z|), below t e^-|z| / (1 + e^-|z|). |z| is computed to twice the
   * precision (d and low), and what rounding takes from the numerator and from the sum goes into the quotient. The tail is scaled last, lest it
   * lose digits while it is subnormal.
   */
  public static float geluTanh(float x) {
    float t = Math.abs(x);
    t = t > GELU_TANH_TAIL ? GELU_TANH_TAIL : t;
    float s = t * t;
    float b = fma(s, CUBIC, LINEAR_HI);
    float low = fma(fma(t, t, -s), CUBIC, fma(s, CUBIC_LO, LINEAR_LO)) + fma(s, CUBIC, LINEAR_HI - b);
    float d = -(t * b);
    low = fma(t, low, fma(t, b, d));
    float n = wholes(d);
    // n LN2_HI is exact, and so is what it leaves of d: the rest is rounded once.
    float m = expm1OfRest(fma(n, -LN2_HI, d) - fma(n, LN2_LO, low));
    int half = (int) n >> 1;
    float first = MathReference.power(half);
    float second = MathReference.power((int) n - half);
    float e = (m + 1f) * first * second;
    float base = x < 0f ? t * first : t;
    float share = x < 0f ? m : 0f;
    float numerator = fma(share, base, base);
    float beyond = fma(share, base, base - numerator);
    float sum = 1f + e;
    float inverse = 1f / sum;
    float q = numerator * inverse;
    float left = fma(-q, e - (sum - 1f), fma(-q, sum, numerator) + beyond);
    float size = fma(left, inverse, q) * (x < 0f ? second : 1f);
    return Math.copySign(x > GELU_TANH_TAIL ? x : size, x);
  }

  /** x sigmoid(x): t / (1 + e^-t) above 0 and t e^-t / (1 + e^-t) below; the tail is scaled last, lest it lose digits while it is subnormal. */
  public static float silu(float x) {
    float t = Math.abs(x);
    t = t > SILU_TAIL ? SILU_TAIL : t;
    float n = wholes(-t);
    float m = expm1OfRest(rest(-t, n));
    int half = (int) n >> 1;
    float first = MathReference.power(half);
    float second = MathReference.power((int) n - half);
    float e = (m + 1f) * first * second;
    float numerator = x < 0f ? fma(t, m, t) * first : t;
    float size = MathReference.quotient(numerator, 1f, e) * (x < 0f ? second : 1f);
    return Math.copySign(x > SILU_TAIL ? x : size, x);
  }

  /** The derivative of {@link #geluTanh}: s + x s (1 - s) (LINEAR + 3 CUBIC x^2), s the sigmoid. */
  public static float geluTanhSlope(float x) {
    float t = Math.abs(x);
    t = t > GELU_TANH_TAIL ? GELU_TANH_TAIL : t;
    float s = t * t;
    return slope(x, -(t * fma(s, CUBIC, LINEAR)), t * fma(s, 3f * CUBIC, LINEAR));
  }

  /** The derivative of {@link #silu}: s + x s (1 - s), s the sigmoid. */
  public static float siluSlope(float x) {
    float t = Math.abs(x);
    t = t > SILU_TAIL ? SILU_TAIL : t;
    return slope(x, -t, t);
  }

  /** s + sign(x) s (1 - s) by, s the sigmoid of sign(x) |d|. */
  private static float slope(float x, float d, float by) {
    float n = wholes(d);
    float m = expm1OfRest(rest(d, n));
    int half = (int) n >> 1;
    float e = (m + 1f) * MathReference.power(half) * MathReference.power((int) n - half);
    float near = 1f / (1f + e);
    float far = e * near;
    float change = by * near * far;
    return x < 0f ? far - change : near + change;
  }

  /** log(1 + e^x): the positive part of x and log(1 + e^-|x|). */
  public static float softplus(float x) {
    return (x <= 0f ? 0f : x) + MathReference.logOnePlus(MathReference.exp(-Math.abs(x)));
  }

  /** x from 0 upwards, alpha (e^x - 1) below. */
  public static float elu(float x, float alpha) {
    return x < 0f ? alpha * expm1(x) : x;
  }

  /** e^x - 1 for x at most 0; 0 above. */
  public static float expm1(float x) {
    float d = x < EXPM1_TAIL ? EXPM1_TAIL : x > 0f ? 0f : x;
    float n = wholes(d);
    float s = MathReference.power((int) n);
    return fma(s, expm1OfRest(rest(d, n)), s - 1f);
  }

  /** 1 / sqrt(x). */
  public static float rsqrt(float x) {
    return 1f / (float) Math.sqrt(x);
  }

  /** The whole number next to d / ln 2. */
  private static float wholes(float d) {
    return fma(d, LOG2_E, ROUND) - ROUND;
  }

  /** d - n ln 2. */
  private static float rest(float d, float n) {
    return fma(n, -LN2_LO, fma(n, -LN2_HI, d));
  }

  /** e^r - 1 for |r| up to ln 2 / 2. */
  private static float expm1OfRest(float r) {
    float p = fma(fma(fma(fma(fma(M7, r, M6), r, M5), r, M4), r, M3), r, M2);
    return fma(r * r, p, r);
  }
}
