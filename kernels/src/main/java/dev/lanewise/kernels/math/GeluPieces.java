package dev.lanewise.kernels.math;

/**
 * The lower tail of the normal distribution times its distance, {@code t Phi(-t)}, for t below {@link #END}: 16 polynomials of degree 6, one of which is
 * chosen for each lane. So GELU needs neither an exponential nor a quotient where nearly all of its arguments are.
 *
 * <p>The piece of t is the whole number nearest to {@code (t/2 + 2)^2 - 4}: pieces get narrower as the tail gets steeper, and one size of
 * error, 2^-26.3 relative, fits all. Each polynomial is in {@code t - center}, which is exact; centers were chosen where the value is next to a float.
 */
public final class GeluPieces {
  /** From here on t has no piece. */
  public static final float END = 4.8125f;

  /** Polynomials; a power of two, since lookups take the lower bits of an index. */
  public static final int COUNT = 16;

  /** The column of centers; those of coefficients follow, c0 first. */
  static final int CENTER = 0;
  static final int C0 = 1;
  static final int C1 = 2;
  static final int C2 = 3;
  static final int C3 = 4;
  static final int C4 = 5;
  static final int C5 = 6;
  static final int C6 = 7;

  /** Minimax fits (Lawson's algorithm, coefficients rounded one by one to fp32 and the rest refitted): center, c0 to c6. */
  private static final float[][] PIECES = {
      {0f, 0f, 0x1p-1f, -0x1.988452p-2f, -0x1.1aee98p-20f, 0x1.106be2p-4f, -0x1.205dccp-13f, -0x1.3a2a76p-7f},
      {0x1.ddc326p-2f, 0x1.3227cep-3f, 0x1.3a4dc2p-3f, -0x1.468276p-2f, 0x1.af03b6p-4f, 0x1.343e42p-5f, -0x1.6048fcp-6f, -0x1.f89fp-9f},
      {0x1.ca041ep-1f, 0x1.53ddfap-3f, -0x1.b7c6aap-5f, -0x1.487f92p-3f, 0x1.053ce2p-3f, -0x1.5ee672p-7f, -0x1.3eeea4p-6f, 0x1.3a454ap-8f},
      {0x1.49cbd8p0f, 0x1.04bdb8p-3f, -0x1.00a79ep-3f, -0x1.e52382p-6f, 0x1.661e16p-4f, -0x1.20cbd4p-5f, -0x1.33cd88p-8f, 0x1.a9bda2p-8f},
      {0x1.a760b8p0f, 0x1.4c7bfap-4f, -0x1.e7598cp-4f, 0x1.31fcdap-5f, 0x1.22411ep-5f, -0x1.09dbecp-5f, 0x1.a0eacep-8f, 0x1.966932p-9f},
      {0x1.ff5cf4p0f, 0x1.767a5ep-5f, -0x1.5e35b8p-4f, 0x1.ba49d8p-5f, 0x1.79ef32p-13f, -0x1.28af58p-6f, 0x1.2576e6p-7f, -0x1.cd86b2p-12f},
      {0x1.294b1ap1f, 0x1.805946p-6f, -0x1.accb98p-5f, 0x1.75ce3cp-5f, -0x1.db8e0ep-7f, -0x1.562c6ap-8f, 0x1.a0fa8ap-8f, -0x1.f67eep-10f},
      {0x1.50c5dap1f, 0x1.6ef218p-7f, -0x1.d621aap-6f, 0x1.f90326p-6f, -0x1.06f2fap-6f, 0x1.d98dd4p-10f, 0x1.71a5ep-9f, -0x1.c3da8ep-10f},
      {0x1.76a94cp1f, 0x1.4837e6p-8f, -0x1.d79b0cp-7f, 0x1.27fep-6f, -0x1.91b36p-7f, 0x1.05d66cp-8f, 0x1.9d45e8p-12f, -0x1.f70106p-11f},
      {0x1.9adf82p1f, 0x1.17487cp-9f, -0x1.ba4bb8p-8f, 0x1.3a2d0cp-7f, -0x1.fe655p-8f, 0x1.dfbfaep-9f, -0x1.5ab1p-11f, -0x1.42bb4ap-12f},
      {0x1.bda89ep1f, 0x1.c6bc46p-11f, -0x1.87dc3ap-9f, 0x1.348b28p-8f, -0x1.1f55e2p-8f, 0x1.4fc4c2p-9f, -0x1.bda34p-11f, 0x1.5388bp-15f},
      {0x1.df440ep1f, 0x1.632a4ap-12f, -0x1.49e3e4p-10f, 0x1.1bc704p-9f, -0x1.273eecp-9f, 0x1.92fb62p-10f, -0x1.634342p-11f,
          0x1.412496p-13f},
      {0x1.fff16ep1f, 0x1.0a25cep-13f, -0x1.087e9ep-11f, 0x1.ebe888p-11f, -0x1.190bdep-10f, 0x1.b134b8p-11f, -0x1.cb5e3p-12f,
          0x1.3552fcp-13f},
      {0x1.0fb28ep2f, 0x1.84c0bep-15f, -0x1.9a8fa4p-13f, 0x1.98fb46p-12f, -0x1.fa7fc4p-12f, 0x1.af14dcp-12f, -0x1.05c7c4p-12f,
          0x1.b627fep-14f},
      {0x1.1f008ep2f, 0x1.130c78p-16f, -0x1.331d86p-14f, 0x1.458bbep-13f, -0x1.b0e106p-13f, 0x1.90f356p-13f, -0x1.0f5e98p-13f,
          0x1.08620ep-14f},
      {0x1.2df082p2f, 0x1.796686p-18f, -0x1.bba2f2p-16f, 0x1.f1b2bep-15f, -0x1.60b222p-14f, 0x1.5fbf9ep-14f, -0x1.04bbeep-14f,
          0x1.1eee62p-15f},
  };

  /** Their bits by column: vectors of whole numbers are looked up in without a conversion of the index. */
  private static final int[][] COLUMNS = columns();

  private GeluPieces() {}

  /** {@code t Phi(-t)} for t in [0, END). */
  public static float tail(float t) {
    float[] c = PIECES[piece(t)];
    float u = t - c[CENTER];
    float p = Math.fma(Math.fma(Math.fma(c[C6], u, c[C5]), u, c[C4]), u, c[C3]);
    return Math.fma(Math.fma(Math.fma(p, u, c[C2]), u, c[C1]), u, c[C0]);
  }

  private static int piece(float t) {
    float w = Math.fma(t, 0.5f, 2f);
    return (int) (Math.fma(w, w, ExpConstants.ROUND - 4f) - ExpConstants.ROUND);
  }

  /** The bits of a column. */
  static int[] column(int k) {
    return COLUMNS[k];
  }

  private static int[][] columns() {
    int[][] columns = new int[PIECES[0].length][COUNT];
    for (int piece = 0; piece < COUNT; piece++) {
      for (int k = 0; k < columns.length; k++) {
        columns[k][piece] = Float.floatToRawIntBits(PIECES[piece][k]);
      }
    }
    return columns;
  }
}
