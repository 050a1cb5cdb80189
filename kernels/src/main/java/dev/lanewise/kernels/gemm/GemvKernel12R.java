package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.lane.Lanes.exact;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * Vector times transposed matrix, fp32: twelve dot products of one vector with rows of B, nothing but the loop over k.
 *
 * <pre>t[at + j] = t[at + j] + sum over p &lt; k of a[p] * B[j][p]</pre>
 *
 * <p>a[p] at byte {@code aAt + p * aStep}, row j of B at {@code bAt + j * bRow}. Each element of the result is one chain over ascending p, so no
 * vector can run along p, and none across the rows without transposing B, as {@link GemvKernel16R} and {@link GemvKernel8R} do: scalars it is, for what they leave. Eight chains would cover the fma
 * latency, but C2 makes eight steps at a time of a loop so short, chain after chain, at half the speed (measured, see reports/decisions/0013). Rows past
 * {@code rows} repeat the last one. The caller has proved the bounds.
 */
final class GemvKernel12R {
  /** Rows of B taken together. */
  static final int ROWS = 12;

  private GemvKernel12R() {}

  static void twelve(
      int k, MemorySegment a, long aAt, long aStep, MemorySegment b, long bAt, long bRow, int rows, float[] t, int at) {
    a = exact(a);
    b = exact(b);
    long r1 = bAt + Math.min(1, rows - 1) * bRow;
    long r2 = bAt + Math.min(2, rows - 1) * bRow;
    long r3 = bAt + Math.min(3, rows - 1) * bRow;
    long r4 = bAt + Math.min(4, rows - 1) * bRow;
    long r5 = bAt + Math.min(5, rows - 1) * bRow;
    long r6 = bAt + Math.min(6, rows - 1) * bRow;
    long r7 = bAt + Math.min(7, rows - 1) * bRow;
    long r8 = bAt + Math.min(8, rows - 1) * bRow;
    long r9 = bAt + Math.min(9, rows - 1) * bRow;
    long r10 = bAt + Math.min(10, rows - 1) * bRow;
    long r11 = bAt + Math.min(11, rows - 1) * bRow;
    float c0 = t[at];
    float c1 = t[at + 1];
    float c2 = t[at + 2];
    float c3 = t[at + 3];
    float c4 = t[at + 4];
    float c5 = t[at + 5];
    float c6 = t[at + 6];
    float c7 = t[at + 7];
    float c8 = t[at + 8];
    float c9 = t[at + 9];
    float c10 = t[at + 10];
    float c11 = t[at + 11];
    for (int p = 0; p < k; p++) {
      float x = a.get(JAVA_FLOAT_UNALIGNED, aAt + p * aStep);
      long column = 4L * p;
      c0 = Math.fma(x, b.get(JAVA_FLOAT_UNALIGNED, bAt + column), c0);
      c1 = Math.fma(x, b.get(JAVA_FLOAT_UNALIGNED, r1 + column), c1);
      c2 = Math.fma(x, b.get(JAVA_FLOAT_UNALIGNED, r2 + column), c2);
      c3 = Math.fma(x, b.get(JAVA_FLOAT_UNALIGNED, r3 + column), c3);
      c4 = Math.fma(x, b.get(JAVA_FLOAT_UNALIGNED, r4 + column), c4);
      c5 = Math.fma(x, b.get(JAVA_FLOAT_UNALIGNED, r5 + column), c5);
      c6 = Math.fma(x, b.get(JAVA_FLOAT_UNALIGNED, r6 + column), c6);
      c7 = Math.fma(x, b.get(JAVA_FLOAT_UNALIGNED, r7 + column), c7);
      c8 = Math.fma(x, b.get(JAVA_FLOAT_UNALIGNED, r8 + column), c8);
      c9 = Math.fma(x, b.get(JAVA_FLOAT_UNALIGNED, r9 + column), c9);
      c10 = Math.fma(x, b.get(JAVA_FLOAT_UNALIGNED, r10 + column), c10);
      c11 = Math.fma(x, b.get(JAVA_FLOAT_UNALIGNED, r11 + column), c11);
    }
    t[at] = c0;
    t[at + 1] = c1;
    t[at + 2] = c2;
    t[at + 3] = c3;
    t[at + 4] = c4;
    t[at + 5] = c5;
    t[at + 6] = c6;
    t[at + 7] = c7;
    t[at + 8] = c8;
    t[at + 9] = c9;
    t[at + 10] = c10;
    t[at + 11] = c11;
  }
}
