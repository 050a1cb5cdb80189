package dev.lanewise.kernels.gemm;

/**
 * GEMM micro-kernel, fp32, on packed operands: 12 rows by a single column, for products whose C is one column, such as an image of one channel that a
 * convolution's adjoint draws. A tile of two vectors of columns would multiply by zeros in 31 of 32 lanes; twelve scalar chains take a quarter of
 * its time.
 *
 * <pre>T[i][0] = S[i][0] + sum over p &lt; k of A[i][p] * B[p][0]</pre>
 *
 * <p>Layouts, order, error and the duties of the caller are those of {@link GemmKernel12x2V#rows}, and so are the bits.
 */
final class GemmKernel12x1 {
  private static final int NR = GemmPlan.NR;
  private static final int STRIDE = GemmPlan.ROW_STRIDE;

  private GemmKernel12x1() {}

  static void rows(int k, float[] a, int aAt, float[] b, int bAt, float[] s, float[] t) {
    float c0 = s[0];
    float c1 = s[NR];
    float c2 = s[2 * NR];
    float c3 = s[3 * NR];
    float c4 = s[4 * NR];
    float c5 = s[5 * NR];
    float c6 = s[6 * NR];
    float c7 = s[7 * NR];
    float c8 = s[8 * NR];
    float c9 = s[9 * NR];
    float c10 = s[10 * NR];
    float c11 = s[11 * NR];
    for (int p = 0; p < k; p++) {
      float x = b[bAt + p * NR];
      int at = aAt + p;
      c0 = Math.fma(a[at], x, c0);
      c1 = Math.fma(a[at + STRIDE], x, c1);
      c2 = Math.fma(a[at + 2 * STRIDE], x, c2);
      c3 = Math.fma(a[at + 3 * STRIDE], x, c3);
      c4 = Math.fma(a[at + 4 * STRIDE], x, c4);
      c5 = Math.fma(a[at + 5 * STRIDE], x, c5);
      c6 = Math.fma(a[at + 6 * STRIDE], x, c6);
      c7 = Math.fma(a[at + 7 * STRIDE], x, c7);
      c8 = Math.fma(a[at + 8 * STRIDE], x, c8);
      c9 = Math.fma(a[at + 9 * STRIDE], x, c9);
      c10 = Math.fma(a[at + 10 * STRIDE], x, c10);
      c11 = Math.fma(a[at + 11 * STRIDE], x, c11);
    }
    t[0] = c0;
    t[NR] = c1;
    t[2 * NR] = c2;
    t[3 * NR] = c3;
    t[4 * NR] = c4;
    t[5 * NR] = c5;
    t[6 * NR] = c6;
    t[7 * NR] = c7;
    t[8 * NR] = c8;
    t[9 * NR] = c9;
    t[10 * NR] = c10;
    t[11 * NR] = c11;
  }
}
