package dev.lanewise.kernels.reference;

import static dev.lanewise.kernels.math.ExpConstants.*;
import static dev.lanewise.kernels.math.LogConstants.*;
import static dev.lanewise.kernels.math.TurnConstants.*;
import static java.lang.Math.fma;

/**
 * Elementary functions, fp32: the order of operations that the vector kernels repeat lane by lane, so the bits are equal.
 *
 * <p>Errors are against the exact function of the fp32 argument, in units in the last place of the result (subnormal results
 * included). NaN in gives NaN out, its payload unspecified.
 */
public final class MathReference {
  private MathReference() {}

  /**
   * e^x to at most 1 ulp. -infinity gives 0, +infinity gives +infinity; above 88.72284 the result is +infinity, below -103.97208 it
   * is 0, and results below the least normal float are subnormal.
   */
  public static float exp(float x) {
    if (x < UNDERFLOW) {
      return 0f;
    }
    if (x > OVERFLOW) {
      return Float.POSITIVE_INFINITY;
    }
    float t = fma(x, LOG2_E, ROUND);
    float n = t - ROUND;
    float r = fma(n, -LN2_LO, fma(n, -LN2_HI, x));
    float p = fma(fma(fma(fma(E6, r, E5), r, E4), r, E3), r, E2);
    p = fma(fma(p, r, 1f), r, 1f);
    int k = Float.floatToRawIntBits(t) - ROUND_BITS;
    // Two exact steps: 2^k itself may lie beyond the range where the result is still a number.
    int half = k >> 1;
    return p * power(half) * power(k - half);
  }

  /** 2^k for k in [-126, 127]. */
  static float power(int k) {
    return Float.intBitsToFloat((k + 127) << 23);
  }

  /**
   * Natural logarithm to at most 1 ulp, subnormal arguments included. Either zero gives -infinity, a negative argument NaN,
   * +infinity itself.
   */
  public static float log(float x) {
    boolean subnormal = x < Float.MIN_NORMAL;
    int bits = Float.floatToRawIntBits(subnormal ? x * LIFT : x);
    int k = (bits - SQRT_HALF_BITS) >> 23;
    float f = Float.intBitsToFloat(bits - (k << 23)) - 1f;
    float log = logOfParts(subnormal ? k - LIFT_EXPONENT : k, f);
    if (x == 0f) {
      return Float.NEGATIVE_INFINITY;
    }
    if (x < 0f) {
      return Float.NaN;
    }
    return x <= Float.MAX_VALUE ? log : x;
  }

  /** log(1 + e) for e in [0, 1], to at most 1.17 ulp. */
  public static float logOnePlus(float e) {
    float p = fma(fma(fma(fma(A8, e, A7), e, A6), e, A5), e, A4);
    p = fma(fma(fma(fma(p, e, A3), e, A2), e, A1), e, A0);
    return fma(e * e, p, e);
  }

  /** log(2^k (1 + f)). */
  private static float logOfParts(float k, float f) {
    float whole = k * LN2_HI;
    float high = whole + f;
    float low = f - (high - whole);
    float p = fma(fma(fma(fma(L11, f, L10), f, L9), f, L8), f, L7);
    p = fma(fma(fma(fma(p, f, L6), f, L5), f, L4), f, L3);
    float tail = fma(f * f * f, p, fma(k, LN2_LO, low));
    return high + fma(-0.5f * f, f, tail);
  }

  /** Hyperbolic tangent to at most 2 ulp: odd, sign of zero kept, +-1 from |x| = 9.02 on. */
  public static float tanh(float x) {
    float a = Math.abs(x);
    float y = 1f;
    if (!(a > TANH_ONE)) {
      float z = a + a;
      float t = fma(z, LOG2_E, ROUND);
      float n = t - ROUND;
      float r = fma(n, -LN2_LO, fma(n, -LN2_HI, z));
      float p = fma(fma(fma(fma(fma(M7, r, M6), r, M5), r, M4), r, M3), r, M2);
      float q = fma(r * r, p, r);
      float s = power(Float.floatToRawIntBits(t) - ROUND_BITS);
      float expm1 = fma(s, q, s - 1f);
      y = quotient(expm1, 2f, expm1);
    }
    return Math.copySign(y, x);
  }

  /** Logistic function 1 / (1 + e^-x) to at most 2 ulp, down to subnormal results; 0 at -infinity and 1 at +infinity. */
  public static float sigmoid(float x) {
    float e = exp(-Math.abs(x));
    return quotient(x < 0f ? e : 1f, 1f, e);
  }

  /**
   * numerator / (large + small): a product with the reciprocal, corrected by what it leaves over and by what rounding took from the
   * sum (exactly so for small &lt;= large, and closely beyond), so that little more than the final rounding is lost.
   */
  static float quotient(float numerator, float large, float small) {
    float sum = large + small;
    float lost = small - (sum - large);
    float inverse = 1f / sum;
    float q = numerator * inverse;
    float left = fma(-q, lost, fma(-q, sum, numerator));
    return fma(left, inverse, q);
  }

  /** Sine of {@code turn / 2^32} of a full turn, the argument unsigned; absolute error at most 2^-23. */
  public static float sineOfTurn(int turn) {
    int rest = turn << 2 >> 2;
    int quarter = (turn - rest) >>> 30;
    float f = rest * 0x1p-30f;
    float value = (quarter & 1) == 0 ? sine(f) : cosine(f);
    return (quarter & 2) == 0 ? value : -value;
  }

  /** Cosine of {@code turn / 2^32} of a full turn, the argument unsigned; absolute error at most 2^-23. */
  public static float cosineOfTurn(int turn) {
    return sineOfTurn(turn + 0x4000_0000);
  }

  private static float sine(float f) {
    float t = f * f;
    return f * fma(fma(fma(S3, t, S2), t, S1), t, S0);
  }

  private static float cosine(float f) {
    float t = f * f;
    return fma(fma(fma(fma(C4, t, C3), t, C2), t, C1), t, 1f);
  }
}
