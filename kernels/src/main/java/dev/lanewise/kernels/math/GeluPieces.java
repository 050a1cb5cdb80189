package dev.lanewise.kernels.math;

import static dev.lanewise.kernels.math.Pieces.*;
import static java.lang.Math.fma;

/**
 * The lower tail of the normal distribution times its distance, {@code t Phi(-t)}, for t below {@link #END}: 8 polynomials of degree 8, one of which is
 * chosen for each lane. So GELU needs neither an exponential nor a quotient where nearly all of its arguments are.
 *
 * <p>Pieces get narrower as the tail gets steeper, and one size of error, 2^-29 relative, fits all. But for the first each has its center at its upper end, where the
 * tail is least: what is added to c0 has its sign.
 */
public final class GeluPieces {
  /** From here on t has no piece. */
  public static final float END = 4.8125f;

  /** The piece of t is the whole number nearest to {@code t (A t + B)}. */
  static final float A = 0.14f;
  static final float B = 0.88f;

  /** Minimax fits (Lawson's algorithm, coefficients rounded one by one to fp32 and the rest refitted): center, c0 to c8. */
  static final Pieces PIECES = new Pieces(new float[][] {
      {0f, 0f, 0x1p-1f, -0x1.988454p-2f, 0x1.09577ep-21f, 0x1.10508cp-4f, 0x1.ad0352p-15f, -0x1.4cfb34p-7f, 0x1.7d5c18p-12f,
          0x1.cbfe44p-11f},
      {0x1.683c56p0f, 0x1.cb4e4p-4f, -0x1.07f976p-3f, -0x1.81e2dap-10f, 0x1.1fa432p-4f, -0x1.2c4a46p-5f, -0x1.8c52c2p-13f, 0x1.78d37ap-8f,
          -0x1.77b2a8p-10f, -0x1.ad709ep-11f},
      {0x1.1191a4p1f, 0x1.1d2fbep-5f, -0x1.21196cp-4f, 0x1.ab80e8p-5f, -0x1.0d9812p-7f, -0x1.8be20ep-7f, 0x1.08bc92p-7f, -0x1.b942e2p-10f,
          -0x1.2a3dfcp-10f, 0x1.31e102p-13f},
      {0x1.6313c2p1f, 0x1.f743bep-8f, -0x1.5564fap-6f, 0x1.8d0342p-6f, -0x1.dc593cp-7f, 0x1.b3dadep-9f, 0x1.8c0ae2p-10f, -0x1.474604p-10f,
          0x1.3dd91cp-11f, 0x1.c82a44p-13f},
      {0x1.acaee2p1f, 0x1.63e92ap-10f, -0x1.269562p-8f, 0x1.b9e3b8p-8f, -0x1.8241e4p-8f, 0x1.99ee96p-9f, -0x1.b3cfd4p-11f, -0x1.6cfc8cp-14f,
          0x1.9f9bf8p-13f, -0x1.f2b2cap-15f},
      {0x1.f012b2p1f, 0x1.b04a64p-13f, -0x1.9ffb82p-11f, 0x1.74cb6ep-10f, -0x1.97a446p-10f, 0x1.28bfd2p-10f, -0x1.24696ap-11f,
          0x1.2f2752p-13f, -0x1.19d0f8p-15f, -0x1.7e9744p-15f},
      {0x1.17f576p2f, 0x1.bee8d2p-16f, -0x1.e6945p-14f, 0x1.f5830cp-13f, -0x1.42f85p-12f, 0x1.1fe45cp-12f, -0x1.7494ccp-13f, 0x1.48314p-14f,
          -0x1.0935e8p-15f, -0x1.a9f58p-19f},
      {0x1.34ff62p2f, 0x1.bea578p-19f, -0x1.0cba56p-16f, 0x1.354a7p-15f, -0x1.c30c4ep-15f, 0x1.d0ac0ap-15f, -0x1.64183p-15f,
          0x1.a03728p-16f, -0x1.5fdc6ap-17f, 0x1.11ef9ap-18f},
  });

  private GeluPieces() {}

  /** {@code t Phi(-t)} for t in [0, END). */
  public static float tail(float t) {
    float[] c = PIECES.piece(Pieces.index(t, A, B));
    float u = t - c[CENTER];
    float p = fma(fma(fma(fma(c[C8], u, c[C7]), u, c[C6]), u, c[C5]), u, c[C4]);
    return fma(fma(fma(fma(p, u, c[C3]), u, c[C2]), u, c[C1]), u, c[C0]);
  }
}
