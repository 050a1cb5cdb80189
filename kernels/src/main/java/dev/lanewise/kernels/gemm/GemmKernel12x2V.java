package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.gemm.GemmPlan.COLUMN_STRIDE;
import static dev.lanewise.kernels.gemm.GemmPlan.ROW_STRIDE;
import static dev.lanewise.kernels.lane.Lanes.F;

import dev.lanewise.kernels.lane.Lanes;
import jdk.incubator.vector.FloatVector;

/**
 * GEMM micro-kernel, fp32: a tile of 12 rows by 2 vectors of columns, nothing but the loop over k.
 *
 * <pre>T[i][j] = S[i][j] + sum over p &lt; k of A[i][p] * B[p][j]</pre>
 *
 * <p>Panels (floats): B is k x NR packed row by row, S and T are 12 x NR: where the chains start,
 * C or zeros, and the result; they may be one array. A is read
 * in the storage it was packed in, so that packing never transposes: {@link #rows} where k runs along memory,
 * {@link #columns} where the rows of the tile do. Both strides are constants, for then C2 proves A's bounds once, before the loop. The step from
 * one row of B to the next, NR, is a parameter on purpose: its two checks stay in the loop, and keep C2 from loading all twelve broadcasts at its
 * top, for which it spilled three accumulators: 67% instead of 85% of the peak at 256 bits (measured, see reports/decisions/0005).
 *
 * <p>Order: one fma per p, ascending, so the bits equal those of {@code GemmReference.fmaOrder} at every lane width and
 * every split of k. Error: |t^ - t| &lt;= gamma_k * sum |a||b| (Higham, Accuracy and Stability of Numerical Algorithms,
 * 2nd ed., section 3.1).
 *
 * <p>Registers: 24 accumulators, 2 of B, the rest for broadcasts: 24 independent chains cover the fma latency on any
 * processor with two fma ports. The tile is merged into C elsewhere: doing it here would pass C2's node budget and box
 * every vector. The caller has proved the bounds and padded the panels. Allocates nothing, throws nothing.
 *
 * <p>The text is long because accumulators must be locals: an array or a loop over them would put them in memory.
 * Source: Goto and van de Geijn, Anatomy of High-Performance Matrix Multiplication, 2008, section 4.
 */
public final class GemmKernel12x2V {
  /** Rows of a tile. */
  public static final int MR = 12;

  private static final int V = Lanes.COUNT;

  private GemmKernel12x2V() {}

  /** A[i][p] at {@code a[aAt + i * GemmPlan.ROW_STRIDE + p]}. */
  public static void rows(int k, float[] a, int aAt, float[] b, int bAt, int bStep, float[] s, float[] t) {
    int bp = bAt;
    FloatVector c0a = FloatVector.fromArray(F, s, 0);
    FloatVector c0b = FloatVector.fromArray(F, s, V);
    FloatVector c1a = FloatVector.fromArray(F, s, 2 * V);
    FloatVector c1b = FloatVector.fromArray(F, s, 3 * V);
    FloatVector c2a = FloatVector.fromArray(F, s, 4 * V);
    FloatVector c2b = FloatVector.fromArray(F, s, 5 * V);
    FloatVector c3a = FloatVector.fromArray(F, s, 6 * V);
    FloatVector c3b = FloatVector.fromArray(F, s, 7 * V);
    FloatVector c4a = FloatVector.fromArray(F, s, 8 * V);
    FloatVector c4b = FloatVector.fromArray(F, s, 9 * V);
    FloatVector c5a = FloatVector.fromArray(F, s, 10 * V);
    FloatVector c5b = FloatVector.fromArray(F, s, 11 * V);
    FloatVector c6a = FloatVector.fromArray(F, s, 12 * V);
    FloatVector c6b = FloatVector.fromArray(F, s, 13 * V);
    FloatVector c7a = FloatVector.fromArray(F, s, 14 * V);
    FloatVector c7b = FloatVector.fromArray(F, s, 15 * V);
    FloatVector c8a = FloatVector.fromArray(F, s, 16 * V);
    FloatVector c8b = FloatVector.fromArray(F, s, 17 * V);
    FloatVector c9a = FloatVector.fromArray(F, s, 18 * V);
    FloatVector c9b = FloatVector.fromArray(F, s, 19 * V);
    FloatVector c10a = FloatVector.fromArray(F, s, 20 * V);
    FloatVector c10b = FloatVector.fromArray(F, s, 21 * V);
    FloatVector c11a = FloatVector.fromArray(F, s, 22 * V);
    FloatVector c11b = FloatVector.fromArray(F, s, 23 * V);
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromArray(F, b, bp);
      FloatVector b1 = FloatVector.fromArray(F, b, bp + V);
      FloatVector a0 = FloatVector.broadcast(F, a[aAt + p]);
      c0a = a0.fma(b0, c0a);
      c0b = a0.fma(b1, c0b);
      FloatVector a1 = FloatVector.broadcast(F, a[aAt + ROW_STRIDE + p]);
      c1a = a1.fma(b0, c1a);
      c1b = a1.fma(b1, c1b);
      FloatVector a2 = FloatVector.broadcast(F, a[aAt + 2 * ROW_STRIDE + p]);
      c2a = a2.fma(b0, c2a);
      c2b = a2.fma(b1, c2b);
      FloatVector a3 = FloatVector.broadcast(F, a[aAt + 3 * ROW_STRIDE + p]);
      c3a = a3.fma(b0, c3a);
      c3b = a3.fma(b1, c3b);
      FloatVector a4 = FloatVector.broadcast(F, a[aAt + 4 * ROW_STRIDE + p]);
      c4a = a4.fma(b0, c4a);
      c4b = a4.fma(b1, c4b);
      FloatVector a5 = FloatVector.broadcast(F, a[aAt + 5 * ROW_STRIDE + p]);
      c5a = a5.fma(b0, c5a);
      c5b = a5.fma(b1, c5b);
      FloatVector a6 = FloatVector.broadcast(F, a[aAt + 6 * ROW_STRIDE + p]);
      c6a = a6.fma(b0, c6a);
      c6b = a6.fma(b1, c6b);
      FloatVector a7 = FloatVector.broadcast(F, a[aAt + 7 * ROW_STRIDE + p]);
      c7a = a7.fma(b0, c7a);
      c7b = a7.fma(b1, c7b);
      FloatVector a8 = FloatVector.broadcast(F, a[aAt + 8 * ROW_STRIDE + p]);
      c8a = a8.fma(b0, c8a);
      c8b = a8.fma(b1, c8b);
      FloatVector a9 = FloatVector.broadcast(F, a[aAt + 9 * ROW_STRIDE + p]);
      c9a = a9.fma(b0, c9a);
      c9b = a9.fma(b1, c9b);
      FloatVector a10 = FloatVector.broadcast(F, a[aAt + 10 * ROW_STRIDE + p]);
      c10a = a10.fma(b0, c10a);
      c10b = a10.fma(b1, c10b);
      FloatVector a11 = FloatVector.broadcast(F, a[aAt + 11 * ROW_STRIDE + p]);
      c11a = a11.fma(b0, c11a);
      c11b = a11.fma(b1, c11b);
      bp += bStep;
    }
    c0a.intoArray(t, 0);
    c0b.intoArray(t, V);
    c1a.intoArray(t, 2 * V);
    c1b.intoArray(t, 3 * V);
    c2a.intoArray(t, 4 * V);
    c2b.intoArray(t, 5 * V);
    c3a.intoArray(t, 6 * V);
    c3b.intoArray(t, 7 * V);
    c4a.intoArray(t, 8 * V);
    c4b.intoArray(t, 9 * V);
    c5a.intoArray(t, 10 * V);
    c5b.intoArray(t, 11 * V);
    c6a.intoArray(t, 12 * V);
    c6b.intoArray(t, 13 * V);
    c7a.intoArray(t, 14 * V);
    c7b.intoArray(t, 15 * V);
    c8a.intoArray(t, 16 * V);
    c8b.intoArray(t, 17 * V);
    c9a.intoArray(t, 18 * V);
    c9b.intoArray(t, 19 * V);
    c10a.intoArray(t, 20 * V);
    c10b.intoArray(t, 21 * V);
    c11a.intoArray(t, 22 * V);
    c11b.intoArray(t, 23 * V);
  }

  /** A[i][p] at {@code a[aAt + p * GemmPlan.COLUMN_STRIDE + i]}. */
  public static void columns(int k, float[] a, int aAt, float[] b, int bAt, int bStep, float[] s, float[] t) {
    int bp = bAt;
    FloatVector c0a = FloatVector.fromArray(F, s, 0);
    FloatVector c0b = FloatVector.fromArray(F, s, V);
    FloatVector c1a = FloatVector.fromArray(F, s, 2 * V);
    FloatVector c1b = FloatVector.fromArray(F, s, 3 * V);
    FloatVector c2a = FloatVector.fromArray(F, s, 4 * V);
    FloatVector c2b = FloatVector.fromArray(F, s, 5 * V);
    FloatVector c3a = FloatVector.fromArray(F, s, 6 * V);
    FloatVector c3b = FloatVector.fromArray(F, s, 7 * V);
    FloatVector c4a = FloatVector.fromArray(F, s, 8 * V);
    FloatVector c4b = FloatVector.fromArray(F, s, 9 * V);
    FloatVector c5a = FloatVector.fromArray(F, s, 10 * V);
    FloatVector c5b = FloatVector.fromArray(F, s, 11 * V);
    FloatVector c6a = FloatVector.fromArray(F, s, 12 * V);
    FloatVector c6b = FloatVector.fromArray(F, s, 13 * V);
    FloatVector c7a = FloatVector.fromArray(F, s, 14 * V);
    FloatVector c7b = FloatVector.fromArray(F, s, 15 * V);
    FloatVector c8a = FloatVector.fromArray(F, s, 16 * V);
    FloatVector c8b = FloatVector.fromArray(F, s, 17 * V);
    FloatVector c9a = FloatVector.fromArray(F, s, 18 * V);
    FloatVector c9b = FloatVector.fromArray(F, s, 19 * V);
    FloatVector c10a = FloatVector.fromArray(F, s, 20 * V);
    FloatVector c10b = FloatVector.fromArray(F, s, 21 * V);
    FloatVector c11a = FloatVector.fromArray(F, s, 22 * V);
    FloatVector c11b = FloatVector.fromArray(F, s, 23 * V);
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromArray(F, b, bp);
      FloatVector b1 = FloatVector.fromArray(F, b, bp + V);
      FloatVector a0 = FloatVector.broadcast(F, a[aAt + p * COLUMN_STRIDE]);
      c0a = a0.fma(b0, c0a);
      c0b = a0.fma(b1, c0b);
      FloatVector a1 = FloatVector.broadcast(F, a[aAt + p * COLUMN_STRIDE + 1]);
      c1a = a1.fma(b0, c1a);
      c1b = a1.fma(b1, c1b);
      FloatVector a2 = FloatVector.broadcast(F, a[aAt + p * COLUMN_STRIDE + 2]);
      c2a = a2.fma(b0, c2a);
      c2b = a2.fma(b1, c2b);
      FloatVector a3 = FloatVector.broadcast(F, a[aAt + p * COLUMN_STRIDE + 3]);
      c3a = a3.fma(b0, c3a);
      c3b = a3.fma(b1, c3b);
      FloatVector a4 = FloatVector.broadcast(F, a[aAt + p * COLUMN_STRIDE + 4]);
      c4a = a4.fma(b0, c4a);
      c4b = a4.fma(b1, c4b);
      FloatVector a5 = FloatVector.broadcast(F, a[aAt + p * COLUMN_STRIDE + 5]);
      c5a = a5.fma(b0, c5a);
      c5b = a5.fma(b1, c5b);
      FloatVector a6 = FloatVector.broadcast(F, a[aAt + p * COLUMN_STRIDE + 6]);
      c6a = a6.fma(b0, c6a);
      c6b = a6.fma(b1, c6b);
      FloatVector a7 = FloatVector.broadcast(F, a[aAt + p * COLUMN_STRIDE + 7]);
      c7a = a7.fma(b0, c7a);
      c7b = a7.fma(b1, c7b);
      FloatVector a8 = FloatVector.broadcast(F, a[aAt + p * COLUMN_STRIDE + 8]);
      c8a = a8.fma(b0, c8a);
      c8b = a8.fma(b1, c8b);
      FloatVector a9 = FloatVector.broadcast(F, a[aAt + p * COLUMN_STRIDE + 9]);
      c9a = a9.fma(b0, c9a);
      c9b = a9.fma(b1, c9b);
      FloatVector a10 = FloatVector.broadcast(F, a[aAt + p * COLUMN_STRIDE + 10]);
      c10a = a10.fma(b0, c10a);
      c10b = a10.fma(b1, c10b);
      FloatVector a11 = FloatVector.broadcast(F, a[aAt + p * COLUMN_STRIDE + 11]);
      c11a = a11.fma(b0, c11a);
      c11b = a11.fma(b1, c11b);
      bp += bStep;
    }
    c0a.intoArray(t, 0);
    c0b.intoArray(t, V);
    c1a.intoArray(t, 2 * V);
    c1b.intoArray(t, 3 * V);
    c2a.intoArray(t, 4 * V);
    c2b.intoArray(t, 5 * V);
    c3a.intoArray(t, 6 * V);
    c3b.intoArray(t, 7 * V);
    c4a.intoArray(t, 8 * V);
    c4b.intoArray(t, 9 * V);
    c5a.intoArray(t, 10 * V);
    c5b.intoArray(t, 11 * V);
    c6a.intoArray(t, 12 * V);
    c6b.intoArray(t, 13 * V);
    c7a.intoArray(t, 14 * V);
    c7b.intoArray(t, 15 * V);
    c8a.intoArray(t, 16 * V);
    c8b.intoArray(t, 17 * V);
    c9a.intoArray(t, 18 * V);
    c9b.intoArray(t, 19 * V);
    c10a.intoArray(t, 20 * V);
    c10b.intoArray(t, 21 * V);
    c11a.intoArray(t, 22 * V);
    c11b.intoArray(t, 23 * V);
  }
}
