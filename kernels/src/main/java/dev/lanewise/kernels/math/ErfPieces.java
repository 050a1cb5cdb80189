package dev.lanewise.kernels.math;

import static dev.lanewise.kernels.math.Pieces.*;
import static java.lang.Math.fma;

/**
 * The error function of t from 0 to {@link #ONE}: 8 polynomials of degree 6, one of which is chosen for each lane, with an error of 2^-26.7 at most. In the first piece
 * it is {@code t + t (C1 + C2 t + ...)}, so that small results are as exact as others; the center of the second is
 * near its lower end, so that little is subtracted from c0.
 */
public final class ErfPieces {
  /** Beyond it erf is 1 to less than half an ulp. */
  public static final float ONE = 3.9375f;

  /** The least float of the second piece. */
  public static final float FIRST_END = 0x1.87c9f6p-3f;

  /** The piece of t is the whole number nearest to {@code t (A t + B)}. */
  static final float A = -0.19f;
  static final float B = 2.65f;

  /** Minimax fits (Lawson's algorithm, coefficients rounded one by one to fp32 and the rest refitted): center, c0 to c6. */
  static final Pieces PIECES = new Pieces(new float[][] {
      {0f, 0f, 0x1.06eba8p-3f, 0x1.2b2fbp-27f, -0x1.8125acp-2f, -0x1.c0e532p-13f, 0x1.d90e3p-4f, -0x1.cacd2ap-7f},
      {0x1.18ced6p-2f, 0x1.35175ep-2f, 0x1.0bf066p0f, -0x1.25e766p-2f, -0x1.2f8968p-2f, 0x1.1744p-3f, 0x1.32698ep-4f, -0x1.9312fcp-5f},
      {0x1.9c99cp-1f, 0x1.7dbb8ep-1f, 0x1.2dc78p-1f, -0x1.e66264p-2f, 0x1.e0b252p-5f, 0x1.13debcp-3f, -0x1.e8031ep-5f, -0x1.47b0d2p-6f},
      {0x1.407ba6p0f, 0x1.d8c0b8p-1f, 0x1.e21d3ep-3f, -0x1.2dc6c6p-2f, 0x1.56ff6ap-3f, -0x1.aed284p-8f, -0x1.7de0e4p-5f, 0x1.5159bp-6f},
      {0x1.bdfb18p0f, 0x1.f8f5b6p-1f, 0x1.bc67bap-5f, -0x1.831998p-4f, 0x1.7797b8p-4f, -0x1.8c7e8ep-5f, 0x1.6cb412p-8f, 0x1.4614d6p-7f},
      {0x1.222e5ap1f, 0x1.ff4fa2p-1f, 0x1.b166dap-8f, -0x1.eb43b8p-7f, 0x1.4f2c5p-6f, -0x1.2a314ap-6f, 0x1.50e982p-7f, -0x1.6bedcep-9f},
      {0x1.6fd03ap1f, 0x1.fff9acp-1f, 0x1.32f07ep-12f, -0x1.b90be4p-11f, 0x1.8ba46p-10f, -0x1.ee291cp-10f, 0x1.db2b5ep-10f,
          -0x1.43cc5ap-10f},
      {0x1.ca102cp1f, 0x1.fffff2p-1f, 0x1.a1128cp-19f, -0x1.75a3b4p-17f, 0x1.9d7f12p-16f, -0x1.4f6b3ep-15f, 0x1.0679ecp-14f,
          -0x1.0ef59ap-14f},
  });

  private ErfPieces() {}

  /** erf t for t in [0, ONE]. */
  public static float erf(float t) {
    float[] c = PIECES.piece(Pieces.index(t, A, B));
    float u = t - c[CENTER];
    float p = fma(fma(fma(c[C6], u, c[C5]), u, c[C4]), u, c[C3]);
    return fma(fma(fma(p, u, c[C2]), u, c[C1]), u, t < FIRST_END ? t : c[C0]);
  }
}
