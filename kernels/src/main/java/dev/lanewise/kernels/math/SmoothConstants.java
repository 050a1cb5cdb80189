package dev.lanewise.kernels.math;

/**
 * Numbers of both GELUs, SiLU and e^x - 1, shared by the vector kernels and their scalar twins. The polynomials are minimax fits (Lawson's
 * algorithm, coefficients rounded one by one to fp32 and the rest refitted).
 */
public final class SmoothConstants {
  /** From here on the lower tail of the normal distribution, times x, is less than half the least float. */
  public static final float GELU_TAIL = 15f;
  /** Its bits: of floats of no sign the lesser has the lesser bits, and NaN is above all. */
  public static final int GELU_TAIL_BITS = 0x4170_0000;

  /**
   * For GELU from {@link GeluPieces#END} on: with t = |x| and v = 1 / (t^2 + GELU_SHIFT) the tail of the normal distribution times t is
   * {@code e^(-t^2/2) 2^-64 (H0 + H1 v + ...)}, relative error 2^-26.8. The factor is there so that the exponent of 2^n can be added also where the
   * tail is subnormal.
   */
  public static final float GELU_SHIFT = 0x1.c6p1f;
  public static final float H0 = 0x1.98845p62f;
  public static final float H1 = -0x1.987efcp62f;
  public static final float H2 = -0x1.c4be9ep61f;
  public static final float H3 = -0x1.2a411p65f;

  /**
   * For GELU's slope, which needs the tail without the factor t and one quotient for both: up to |x| = 1 the normal distribution is
   * {@code 1/2 + x (P0 + P1 x^2 + ...)}, error 2^-28.4 relative to the lower tail; beyond, with w = t / (t + SHIFT), its tail times t is
   * {@code e^(-t^2/2) w (G0 + G1 (w - MIDDLE) + ...)}, relative error 2^-27.1.
   */
  public static final float GELU_SPLIT = 1f;
  public static final float P0 = 0x1.988454p-2f;
  public static final float P1 = -0x1.105862p-4f;
  public static final float P2 = 0x1.46d558p-7f;
  public static final float P3 = -0x1.376eacp-10f;
  public static final float P4 = 0x1.e26c88p-14f;
  public static final float P5 = -0x1.122004p-17f;

  public static final float SHIFT = 2.5f;
  public static final float MIDDLE = 0.578125f;
  public static final float G0 = 0x1.48c692p-1f;
  public static final float G1 = -0x1.916e70p-1f;
  public static final float G2 = 0x1.122f34p-1f;
  public static final float G3 = -0x1.395b4ep-7f;
  public static final float G4 = -0x1.10a634p-2f;
  public static final float G5 = 0x1.1a1a6ap-5f;
  public static final float G6 = 0x1.8d32a2p-3f;
  public static final float G7 = 0x1.7d02d8p-9f;
  public static final float G8 = -0x1.2726b6p-3f;

  /** 1 / sqrt(2 pi), the density of the normal distribution at 0. */
  public static final float DENSITY = 0x1.988454p-2f;

  /** From here on e^-(argument of the tanh form), times x, is less than half the least float. */
  public static final float GELU_TANH_TAIL = 12f;

  /** The tanh form is {@code x sigmoid(x (LINEAR + CUBIC x^2))}: 2 sqrt(2 / pi) and 0.044715 times it. */
  public static final float LINEAR = 0x1.988454p+0f;
  /** LINEAR to 21 bits, so that its distance from a sum below 16 is exact, and the rest. */
  public static final float LINEAR_HI = 0x1.98845p+0f;
  public static final float LINEAR_LO = 0x1.9ea1b2p-23f;
  public static final float CUBIC = 0x1.2444f2p-4f;
  /** What CUBIC lacks. */
  public static final float CUBIC_LO = 0x1.49b16ap-29f;

  /** From here on x e^-x is less than half the least float. */
  public static final float SILU_TAIL = 115f;

  /** From here downwards e^x - 1 is -1 to less than half an ulp. */
  public static final float EXPM1_TAIL = -25f;

  private SmoothConstants() {}
}
