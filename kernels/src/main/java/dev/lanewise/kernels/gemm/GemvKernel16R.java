package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.I;
import static dev.lanewise.kernels.lane.Lanes.exact;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * Vector times transposed matrix, fp32: sixteen dot products at a time of one vector with rows of B, eight steps of k at a time, where vectors have 16 lanes.
 *
 * <pre>t[j] = t[j] + sum over p &lt; k of a[p] * B[j][p],  0 &lt;= j &lt; 16 groups</pre>
 *
 * <p>Row j of B, at least k floats long, at byte {@code bAt + j * bRow}; k a multiple of {@value #STEPS}. Each element of the result is one chain over ascending p, as in
 * {@link GemvKernel12R}, so two squares of 8 x 8, that of the upper rows in the upper lanes, are turned in registers (as {@link Turn} does) and multiplied at once.
 * A vector takes eight floats of a row and leaves the others to the next; so rows are read up to eight floats behind k and, from the ninth on, before their
 * beginning, which lies within B. A square of 16 is beyond what C2 compiles, and vectors of eight floats beside those of 16 spoil the profiles of all others
 * (measured, see reports/decisions/0005). The caller has proved the bounds.
 */
final class GemvKernel16R {
  /** Rows of B taken together. */
  static final int ROWS = 16;

  /** Steps of k taken together. */
  static final int STEPS = 8;

  /** Whether vectors have that many lanes. */
  static final boolean FITS = Lanes.COUNT == ROWS;

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private GemvKernel16R() {}

  static void groups(int groups, int k, float[] a, MemorySegment b, long bAt, long bRow, float[] t) {
    b = exact(b);
    IntVector low4 = IntVector.fromArray(I, Turn.LANES, 2 * ROWS);
    IntVector high4 = IntVector.fromArray(I, Turn.LANES, 3 * ROWS);
    IntVector low2 = IntVector.fromArray(I, Turn.LANES, 4 * ROWS);
    IntVector high2 = IntVector.fromArray(I, Turn.LANES, 5 * ROWS);
    IntVector low1 = IntVector.fromArray(I, Turn.LANES, 6 * ROWS);
    IntVector high1 = IntVector.fromArray(I, Turn.LANES, 7 * ROWS);
    VectorMask<Integer> upper = VectorMask.fromLong(I, 0xff00);
    for (int group = 0; group < groups; group++) {
      long b0 = bAt + group * ROWS * bRow;
      long b1 = b0 + bRow;
      long b2 = b0 + 2 * bRow;
      long b3 = b0 + 3 * bRow;
      long b4 = b0 + 4 * bRow;
      long b5 = b0 + 5 * bRow;
      long b6 = b0 + 6 * bRow;
      long b7 = b0 + 7 * bRow;
      long b8 = b0 + 8 * bRow - 4 * STEPS;
      long b9 = b8 + bRow;
      long b10 = b8 + 2 * bRow;
      long b11 = b8 + 3 * bRow;
      long b12 = b8 + 4 * bRow;
      long b13 = b8 + 5 * bRow;
      long b14 = b8 + 6 * bRow;
      long b15 = b8 + 7 * bRow;
      FloatVector c = FloatVector.fromArray(F, t, group * ROWS);
      for (int p = 0; p < k; p += STEPS) {
        long column = 4L * p;
        IntVector r0 = IntVector.fromMemorySegment(I, b, b0 + column, ORDER);
        r0 = r0.blend(IntVector.fromMemorySegment(I, b, b8 + column, ORDER), upper);
        IntVector r1 = IntVector.fromMemorySegment(I, b, b1 + column, ORDER);
        r1 = r1.blend(IntVector.fromMemorySegment(I, b, b9 + column, ORDER), upper);
        IntVector r2 = IntVector.fromMemorySegment(I, b, b2 + column, ORDER);
        r2 = r2.blend(IntVector.fromMemorySegment(I, b, b10 + column, ORDER), upper);
        IntVector r3 = IntVector.fromMemorySegment(I, b, b3 + column, ORDER);
        r3 = r3.blend(IntVector.fromMemorySegment(I, b, b11 + column, ORDER), upper);
        IntVector r4 = IntVector.fromMemorySegment(I, b, b4 + column, ORDER);
        r4 = r4.blend(IntVector.fromMemorySegment(I, b, b12 + column, ORDER), upper);
        IntVector r5 = IntVector.fromMemorySegment(I, b, b5 + column, ORDER);
        r5 = r5.blend(IntVector.fromMemorySegment(I, b, b13 + column, ORDER), upper);
        IntVector r6 = IntVector.fromMemorySegment(I, b, b6 + column, ORDER);
        r6 = r6.blend(IntVector.fromMemorySegment(I, b, b14 + column, ORDER), upper);
        IntVector r7 = IntVector.fromMemorySegment(I, b, b7 + column, ORDER);
        r7 = r7.blend(IntVector.fromMemorySegment(I, b, b15 + column, ORDER), upper);
        IntVector u0 = low4.selectFrom(r0, r4);
        IntVector u4 = high4.selectFrom(r0, r4);
        IntVector u1 = low4.selectFrom(r1, r5);
        IntVector u5 = high4.selectFrom(r1, r5);
        IntVector u2 = low4.selectFrom(r2, r6);
        IntVector u6 = high4.selectFrom(r2, r6);
        IntVector u3 = low4.selectFrom(r3, r7);
        IntVector u7 = high4.selectFrom(r3, r7);
        IntVector v0 = low2.selectFrom(u0, u2);
        IntVector v2 = high2.selectFrom(u0, u2);
        IntVector v1 = low2.selectFrom(u1, u3);
        IntVector v3 = high2.selectFrom(u1, u3);
        IntVector v4 = low2.selectFrom(u4, u6);
        IntVector v6 = high2.selectFrom(u4, u6);
        IntVector v5 = low2.selectFrom(u5, u7);
        IntVector v7 = high2.selectFrom(u5, u7);
        IntVector w0 = low1.selectFrom(v0, v1);
        IntVector w1 = high1.selectFrom(v0, v1);
        IntVector w2 = low1.selectFrom(v2, v3);
        IntVector w3 = high1.selectFrom(v2, v3);
        IntVector w4 = low1.selectFrom(v4, v5);
        IntVector w5 = high1.selectFrom(v4, v5);
        IntVector w6 = low1.selectFrom(v6, v7);
        IntVector w7 = high1.selectFrom(v6, v7);
        c = w0.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p]), c);
        c = w1.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p + 1]), c);
        c = w2.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p + 2]), c);
        c = w3.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p + 3]), c);
        c = w4.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p + 4]), c);
        c = w5.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p + 5]), c);
        c = w6.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p + 6]), c);
        c = w7.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p + 7]), c);
      }
      c.intoArray(t, group * ROWS);
    }
  }
}
