package dev.lanewise.kernels.math;

/**
 * Numbers of log, shared by the vector kernels and their scalar twins.
 *
 * <p>{@code x = 2^k (1 + f)} with 1 + f between sqrt(1/2) and sqrt(2); the polynomial is a minimax fit (Lawson's algorithm,
 * coefficients rounded one by one to fp32 and the rest refitted) of {@code (log(1 + f) - f + f^2 / 2) / f^3}.
 */
public final class LogConstants {
  public static final int SQRT_HALF_BITS = 0x3f35_04f3;

  /** Lifts subnormals into the normal range, where the exponent field can be read. */
  public static final float LIFT = 0x1p23f;
  public static final int LIFT_EXPONENT = 23;

  /** {@code log(1 + f) = f - f^2 / 2 + f^3 (L3 + L4 f + ...)}, error 2^-30.3 relative to the logarithm. */
  public static final float L3 = 0x1.555548p-2f;
  public static final float L4 = -0x1.000006p-2f;
  public static final float L5 = 0x1.99a476p-3f;
  public static final float L6 = -0x1.555c44p-3f;
  public static final float L7 = 0x1.233ba2p-3f;
  public static final float L8 = -0x1.fc28cep-4f;
  public static final float L9 = 0x1.e6c016p-4f;
  public static final float L10 = -0x1.de01bap-4f;
  public static final float L11 = 0x1.1472dcp-4f;

  /** {@code log(1 + e) = e + e^2 (A0 + A1 e + ...)} for e in [0, 1], relative error 2^-27.5. */
  public static final float A0 = -0x1.ffffd2p-2f;
  public static final float A1 = 0x1.554dd4p-2f;
  public static final float A2 = -0x1.ff249ep-3f;
  public static final float A3 = 0x1.93510cp-3f;
  public static final float A4 = -0x1.3a597ap-3f;
  public static final float A5 = 0x1.b50b32p-4f;
  public static final float A6 = -0x1.d78b46p-5f;
  public static final float A7 = 0x1.4a249ep-6f;
  public static final float A8 = -0x1.b164fep-9f;

  private LogConstants() {}
}
