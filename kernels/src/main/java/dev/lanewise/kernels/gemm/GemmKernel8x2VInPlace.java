package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * GEMM micro-kernel, fp32, with both operands where they lie in memory: 8 rows by one or two vectors of columns, for
 * products in which packing would cost as much as multiplying.
 *
 * <pre>T[i][j] = S[i][j] + sum over p &lt; k of A[i][p] * B[p][j]</pre>
 *
 * <p>A[i][p] at byte {@code aAt + i * aRow + p * aStep}, so A may be stored either way; row p of B at {@code bAt + p * bRow}. Rows of the tile past
 * {@code rows} repeat the last one: no branch, and nothing outside of A is read. Whole vectors of columns are read. S and T are 8 rows as
 * wide as the tile; S holds where the chains start, zeros or C. Order, error and the duties of the caller are those of
 * {@link GemmKernel12x2V}, and so are the bits.
 *
 * <p>Eight rows, not twelve: with twelve C2 passes its node budget and boxes every vector. Both steps through memory are variables on
 * purpose: for a constant one C2 builds a nest of loops to hoist bounds checks out of a few steps of k, which costs more than the checks, hidden
 * behind the multiply-adds (measured, see reports/decisions/0001).
 */
final class GemmKernel8x2VInPlace {
  /** Rows of a tile. */
  static final int MR = 8;

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.COUNT;

  private GemmKernel8x2VInPlace() {}

  /** Two vectors of columns. */
  static void two(
      int k, MemorySegment a, long aAt, long aRow, long aStep, int rows, MemorySegment b, long bAt, long bRow, float[] s, float[] t) {
    a = exact(a);
    b = exact(b);
    long r1 = aAt + Math.min(1, rows - 1) * aRow;
    long r2 = aAt + Math.min(2, rows - 1) * aRow;
    long r3 = aAt + Math.min(3, rows - 1) * aRow;
    long r4 = aAt + Math.min(4, rows - 1) * aRow;
    long r5 = aAt + Math.min(5, rows - 1) * aRow;
    long r6 = aAt + Math.min(6, rows - 1) * aRow;
    long r7 = aAt + Math.min(7, rows - 1) * aRow;
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
    for (int p = 0; p < k; p++) {
      long step = p * aStep;
      FloatVector b0 = FloatVector.fromMemorySegment(F, b, bAt + p * bRow, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(F, b, bAt + p * bRow + 4 * V, ORDER);
      FloatVector a0 = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, aAt + step));
      c0a = a0.fma(b0, c0a);
      c0b = a0.fma(b1, c0b);
      FloatVector a1 = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, r1 + step));
      c1a = a1.fma(b0, c1a);
      c1b = a1.fma(b1, c1b);
      FloatVector a2 = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, r2 + step));
      c2a = a2.fma(b0, c2a);
      c2b = a2.fma(b1, c2b);
      FloatVector a3 = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, r3 + step));
      c3a = a3.fma(b0, c3a);
      c3b = a3.fma(b1, c3b);
      FloatVector a4 = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, r4 + step));
      c4a = a4.fma(b0, c4a);
      c4b = a4.fma(b1, c4b);
      FloatVector a5 = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, r5 + step));
      c5a = a5.fma(b0, c5a);
      c5b = a5.fma(b1, c5b);
      FloatVector a6 = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, r6 + step));
      c6a = a6.fma(b0, c6a);
      c6b = a6.fma(b1, c6b);
      FloatVector a7 = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, r7 + step));
      c7a = a7.fma(b0, c7a);
      c7b = a7.fma(b1, c7b);
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
  }

  /** One vector of columns. */
  static void one(
      int k, MemorySegment a, long aAt, long aRow, long aStep, int rows, MemorySegment b, long bAt, long bRow, float[] s, float[] t) {
    a = exact(a);
    b = exact(b);
    long r1 = aAt + Math.min(1, rows - 1) * aRow;
    long r2 = aAt + Math.min(2, rows - 1) * aRow;
    long r3 = aAt + Math.min(3, rows - 1) * aRow;
    long r4 = aAt + Math.min(4, rows - 1) * aRow;
    long r5 = aAt + Math.min(5, rows - 1) * aRow;
    long r6 = aAt + Math.min(6, rows - 1) * aRow;
    long r7 = aAt + Math.min(7, rows - 1) * aRow;
    FloatVector c0a = FloatVector.fromArray(F, s, 0);
    FloatVector c1a = FloatVector.fromArray(F, s, V);
    FloatVector c2a = FloatVector.fromArray(F, s, 2 * V);
    FloatVector c3a = FloatVector.fromArray(F, s, 3 * V);
    FloatVector c4a = FloatVector.fromArray(F, s, 4 * V);
    FloatVector c5a = FloatVector.fromArray(F, s, 5 * V);
    FloatVector c6a = FloatVector.fromArray(F, s, 6 * V);
    FloatVector c7a = FloatVector.fromArray(F, s, 7 * V);
    for (int p = 0; p < k; p++) {
      long step = p * aStep;
      FloatVector b0 = FloatVector.fromMemorySegment(F, b, bAt + p * bRow, ORDER);
      FloatVector a0 = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, aAt + step));
      c0a = a0.fma(b0, c0a);
      FloatVector a1 = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, r1 + step));
      c1a = a1.fma(b0, c1a);
      FloatVector a2 = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, r2 + step));
      c2a = a2.fma(b0, c2a);
      FloatVector a3 = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, r3 + step));
      c3a = a3.fma(b0, c3a);
      FloatVector a4 = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, r4 + step));
      c4a = a4.fma(b0, c4a);
      FloatVector a5 = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, r5 + step));
      c5a = a5.fma(b0, c5a);
      FloatVector a6 = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, r6 + step));
      c6a = a6.fma(b0, c6a);
      FloatVector a7 = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, r7 + step));
      c7a = a7.fma(b0, c7a);
    }
    c0a.intoArray(t, 0);
    c1a.intoArray(t, V);
    c2a.intoArray(t, 2 * V);
    c3a.intoArray(t, 3 * V);
    c4a.intoArray(t, 4 * V);
    c5a.intoArray(t, 5 * V);
    c6a.intoArray(t, 6 * V);
    c7a.intoArray(t, 7 * V);
  }

  /** One vector of columns of a B that was narrower, copied to an array with its rows a vector apart. */
  static void narrow(
      int k, MemorySegment a, long aAt, long aRow, long aStep, int rows, float[] b, float[] s, float[] t) {
    a = exact(a);
    long r1 = aAt + Math.min(1, rows - 1) * aRow;
    long r2 = aAt + Math.min(2, rows - 1) * aRow;
    long r3 = aAt + Math.min(3, rows - 1) * aRow;
    long r4 = aAt + Math.min(4, rows - 1) * aRow;
    long r5 = aAt + Math.min(5, rows - 1) * aRow;
    long r6 = aAt + Math.min(6, rows - 1) * aRow;
    long r7 = aAt + Math.min(7, rows - 1) * aRow;
    FloatVector c0a = FloatVector.fromArray(F, s, 0);
    FloatVector c1a = FloatVector.fromArray(F, s, V);
    FloatVector c2a = FloatVector.fromArray(F, s, 2 * V);
    FloatVector c3a = FloatVector.fromArray(F, s, 3 * V);
    FloatVector c4a = FloatVector.fromArray(F, s, 4 * V);
    FloatVector c5a = FloatVector.fromArray(F, s, 5 * V);
    FloatVector c6a = FloatVector.fromArray(F, s, 6 * V);
    FloatVector c7a = FloatVector.fromArray(F, s, 7 * V);
    for (int p = 0; p < k; p++) {
      long step = p * aStep;
      FloatVector b0 = FloatVector.fromArray(F, b, p * V);
      FloatVector a0 = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, aAt + step));
      c0a = a0.fma(b0, c0a);
      FloatVector a1 = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, r1 + step));
      c1a = a1.fma(b0, c1a);
      FloatVector a2 = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, r2 + step));
      c2a = a2.fma(b0, c2a);
      FloatVector a3 = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, r3 + step));
      c3a = a3.fma(b0, c3a);
      FloatVector a4 = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, r4 + step));
      c4a = a4.fma(b0, c4a);
      FloatVector a5 = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, r5 + step));
      c5a = a5.fma(b0, c5a);
      FloatVector a6 = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, r6 + step));
      c6a = a6.fma(b0, c6a);
      FloatVector a7 = FloatVector.broadcast(F, a.get(JAVA_FLOAT_UNALIGNED, r7 + step));
      c7a = a7.fma(b0, c7a);
    }
    c0a.intoArray(t, 0);
    c1a.intoArray(t, V);
    c2a.intoArray(t, 2 * V);
    c3a.intoArray(t, 3 * V);
    c4a.intoArray(t, 4 * V);
    c5a.intoArray(t, 5 * V);
    c6a.intoArray(t, 6 * V);
    c7a.intoArray(t, 7 * V);
  }
}
