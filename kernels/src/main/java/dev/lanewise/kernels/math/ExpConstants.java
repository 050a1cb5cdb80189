package dev.lanewise.kernels.math;

/**
 * Numbers of exp, tanh and sigmoid, shared by the vector kernels and their scalar twins.
 *
 * <p>Argument reduction after Cody and Waite, Software Manual for the Elementary Functions, 1980, chapter 6: {@code x = n ln 2 + r}
 * with |r| &lt;= ln 2 / 2. The polynomials are minimax fits (Lawson's algorithm, coefficients rounded one by one to fp32 and the rest
 * refitted) of {@code (e^r - 1 - r) / r^2}.
 */
public final class ExpConstants {
  public static final float LOG2_E = 0x1.715476p+0f;

  /** ln 2 to 15 bits, so that its product with an exponent is exact, and the rest. */
  public static final float LN2_HI = 0x1.62e4p-1f;
  public static final float LN2_LO = 0x1.7f7d1cp-20f;

  /** Adding it rounds to a whole number, which then stands in the low bits of the sum. */
  public static final float ROUND = 0x1.8p23f;
  public static final int ROUND_BITS = 0x4b40_0000;

  /**
   * Where n is at most 0, {@code 2^n} is {@code 2^(n + 64)}, whose bits are the sum of those of ROUND + n and of this number, shifted to the
   * exponent, times 2^-64: one rounding, where the result is subnormal.
   */
  public static final int LIFTED_BITS = 127 + 64 - ROUND_BITS;
  public static final float UNLIFT = 0x1p-64f;

  /** Below it exp is less than half the least float; above {@link #OVERFLOW} it is infinite. */
  public static final float UNDERFLOW = -104f;
  public static final float OVERFLOW = 89f;

  /** Up to this size of the argument exp is a normal number, and so is its power of two. */
  public static final float NORMAL = 87f;

  /** From here on tanh is 1 to less than half an ulp. */
  public static final float TANH_ONE = 9.02f;

  /** {@code e^r = 1 + r + r^2 (E2 + E3 r + ...)}, error 2^-28.2. */
  public static final float E2 = 0x1p-1f;
  public static final float E3 = 0x1.555492p-3f;
  public static final float E4 = 0x1.5554c0p-5f;
  public static final float E5 = 0x1.123996p-7f;
  public static final float E6 = 0x1.6d7a58p-10f;

  /** {@code e^r - 1 = r + r^2 (M2 + M3 r + ...)}, error 2^-31.1 relative to r. */
  public static final float M2 = 0x1p-1f;
  public static final float M3 = 0x1.555556p-3f;
  public static final float M4 = 0x1.5554f6p-5f;
  public static final float M5 = 0x1.111002p-7f;
  public static final float M6 = 0x1.6d3c8ap-10f;
  public static final float M7 = 0x1.a24746p-13f;

  private ExpConstants() {}
}
