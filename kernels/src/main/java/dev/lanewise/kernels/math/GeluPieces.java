package dev.lanewise.kernels.math;

import static dev.lanewise.kernels.math.Pieces.*;
import static java.lang.Math.fma;

/**
 * The lower tail of the normal distribution times its distance, {@code t Phi(-t)}, for t below {@link #END}: 8 polynomials of degree 7, one of which is
 * chosen for each lane. So GELU needs neither an exponential nor a quotient where nearly all of its arguments are.
 *
 * <p>Pieces get narrower as the tail gets steeper, and one size of error, 2^-25.9 relative, fits all. But for the first each has its center at its upper end, where the
 * tail is least: what is added to c0 has its sign.
 */
public final class GeluPieces {
  /** From here on t has no piece. */
  public static final float END = 4.53125f;

  /** The piece of t is the whole number nearest to {@code t (A t + B)}. */
  static final float A = 0.1f;
  static final float B = 1.2f;

  /** Minimax fits (Lawson's algorithm, coefficients rounded one by one to fp32 and the rest refitted): center, c0 to c7. */
  static final Pieces PIECES = new Pieces(new float[][] {
      {0f, 0f, 0x1p-1f, -0x1.988456p-2f, 0x1.04f162p-19f, 0x1.1037ecp-4f, 0x1.d9dc8ap-13f, -0x1.628622p-7f, 0x1.9de2d8p-10f},
      {0x1.290d42p0f, 0x1.242efcp-3f, -0x1.cf870cp-4f, -0x1.1055c2p-4f, 0x1.ac1ffp-4f, -0x1.ecd81ep-6f, -0x1.0c99e4p-7f, 0x1.396442p-7f,
          0x1.4c2c3p-9f},
      {0x1.cfcb32p0f, 0x1.03d93ep-4f, -0x1.ae31b4p-4f, 0x1.95fefp-5f, 0x1.12c5ep-6f, -0x1.af2abp-6f, 0x1.223caap-7f, 0x1.c9cc2ap-10f,
          -0x1.70ac42p-10f},
      {0x1.36a44ap1f, 0x1.2ec474p-6f, -0x1.62dfe2p-5f, 0x1.4e6024p-5f, -0x1.071372p-6f, -0x1.305d1cp-9f, 0x1.37bcep-8f, -0x1.68282p-9f,
          -0x1.8059a4p-11f},
      {0x1.820b2p1f, 0x1.fa514ap-9f, -0x1.777b48p-7f, 0x1.eb17c4p-7f, -0x1.6298aap-7f, 0x1.098832p-8f, -0x1.9bd866p-14f, -0x1.9418e4p-11f,
          0x1.7a48c8p-12f},
      {0x1.c6752p1f, 0x1.65ef2cp-11f, -0x1.3abe88p-9f, 0x1.fbbefap-9f, -0x1.e7670cp-9f, 0x1.2b584ep-9f, -0x1.97def4p-11f, 0x1.a1950cp-13f,
          0x1.bf46c6p-13f},
      {0x1.03bdacp2f, 0x1.a47214p-14f, -0x1.a81ec2p-12f, 0x1.9129aep-11f, -0x1.d383ap-11f, 0x1.730f0ep-11f, -0x1.88b39ap-12f,
          0x1.5f0e46p-13f, 0x1.a25d9p-18f},
      {0x1.228b52p2f, 0x1.acf55ap-17f, -0x1.e4f74cp-15f, 0x1.049936p-13f, -0x1.60052cp-13f, 0x1.4b7dp-13f, -0x1.cf285ep-14f,
          0x1.b192eap-15f, -0x1.b3bb1ap-16f},
  });

  private GeluPieces() {}

  /** {@code t Phi(-t)} for t in [0, END). */
  public static float tail(float t) {
    float[] c = PIECES.piece(Pieces.index(t, A, B));
    float u = t - c[CENTER];
    float p = fma(fma(fma(c[C7], u, c[C6]), u, c[C5]), u, c[C4]);
    return fma(fma(fma(fma(p, u, c[C3]), u, c[C2]), u, c[C1]), u, c[C0]);
  }
}
