package dev.lanewise.kernels.math;

/**
 * Numbers of sine and cosine of a fraction of a turn, shared by the vector kernels and their scalar twins.
 *
 * <p>{@code f} is a fraction of a quarter turn with |f| &lt;= 1/2; minimax fits (Lawson's algorithm, coefficients rounded one by one to
 * fp32 and the rest refitted) in f^2.
 */
public final class TurnConstants {
  /** {@code sin(pi/2 f) = f (S0 + S1 f^2 + ...)}, relative error 2^-25.1. */
  public static final float S0 = 0x1.921fb6p+0f;
  public static final float S1 = -0x1.4abc24p-1f;
  public static final float S2 = 0x1.4680a0p-4f;
  public static final float S3 = -0x1.33182cp-8f;

  /** {@code cos(pi/2 f) = 1 + f^2 (C1 + C2 f^2 + ...)}, error 2^-31.2. */
  public static final float C1 = -0x1.3bd3ccp+0f;
  public static final float C2 = 0x1.03c1aep-2f;
  public static final float C3 = -0x1.55b146p-6f;
  public static final float C4 = 0x1.d47d48p-11f;

  private TurnConstants() {}
}
