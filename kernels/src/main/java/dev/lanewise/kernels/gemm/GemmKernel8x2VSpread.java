package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.I;
import static dev.lanewise.kernels.lane.Lanes.exact;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * GEMM micro-kernel, fp32, for small products: 8 rows by one or two vectors of columns from where the operands lie, straight to C.
 *
 * <pre>C[i][j] = sum over p &lt; k of A[i][p] * B[p][j], chains that start from +0</pre>
 *
 * <p>A[i][p] at byte {@code aAt + i * aRow + 4 p}: the elements of a row side by side. They are loaded a vector at a time, the last one from the row's
 * end backwards or, of rows shorter than a vector, past it, and each is spread over a vector within registers: a scalar load from a segment brings five instructions of
 * bounds checks and addresses with it, more than the multiply-adds of one vector hide (measured, see reports/decisions/0005). Row p of B at
 * {@code bAt + p * bRow}, row i of C at {@code cAt + i * cRow}.
 *
 * <p>Order and error are those of {@link GemmKernel12x2V}, and so are the bits. The caller has proved the bounds. B's step is a variable
 * on purpose, as in {@link GemmKernel8x2VInPlace}. Allocates nothing, throws nothing.
 */
final class GemmKernel8x2VSpread {
  /** Rows of a tile. */
  static final int MR = 8;

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.COUNT;

  /** Chains start here; loaded, since C2 does not always keep a zero that it knows in a register (reports/decisions/0003). */
  private static final float[] ZEROS = new float[MR * 2 * V];

  private GemmKernel8x2VSpread() {}

  /** Two vectors of columns. */
  static void two(
      int k, MemorySegment a, long aAt, long aRow, MemorySegment b, long bAt, long bRow, MemorySegment c, long cAt, long cRow) {
    a = exact(a);
    b = exact(b);
    c = exact(c);
    FloatVector c0a = FloatVector.fromArray(F, ZEROS, 0);
    FloatVector c0b = FloatVector.fromArray(F, ZEROS, V);
    FloatVector c1a = FloatVector.fromArray(F, ZEROS, 2 * V);
    FloatVector c1b = FloatVector.fromArray(F, ZEROS, 3 * V);
    FloatVector c2a = FloatVector.fromArray(F, ZEROS, 4 * V);
    FloatVector c2b = FloatVector.fromArray(F, ZEROS, 5 * V);
    FloatVector c3a = FloatVector.fromArray(F, ZEROS, 6 * V);
    FloatVector c3b = FloatVector.fromArray(F, ZEROS, 7 * V);
    FloatVector c4a = FloatVector.fromArray(F, ZEROS, 8 * V);
    FloatVector c4b = FloatVector.fromArray(F, ZEROS, 9 * V);
    FloatVector c5a = FloatVector.fromArray(F, ZEROS, 10 * V);
    FloatVector c5b = FloatVector.fromArray(F, ZEROS, 11 * V);
    FloatVector c6a = FloatVector.fromArray(F, ZEROS, 12 * V);
    FloatVector c6b = FloatVector.fromArray(F, ZEROS, 13 * V);
    FloatVector c7a = FloatVector.fromArray(F, ZEROS, 14 * V);
    FloatVector c7b = FloatVector.fromArray(F, ZEROS, 15 * V);
    long bp = bAt;
    for (int p = 0; p < k; p += V) {
      int from = Math.max(0, Math.min(p, k - V));
      int end = Math.min(V, k - from);
      long ap = aAt + 4L * from;
      IntVector a0 = FloatVector.fromMemorySegment(F, a, ap, ORDER).reinterpretAsInts();
      IntVector a1 = FloatVector.fromMemorySegment(F, a, ap + aRow, ORDER).reinterpretAsInts();
      IntVector a2 = FloatVector.fromMemorySegment(F, a, ap + 2 * aRow, ORDER).reinterpretAsInts();
      IntVector a3 = FloatVector.fromMemorySegment(F, a, ap + 3 * aRow, ORDER).reinterpretAsInts();
      IntVector a4 = FloatVector.fromMemorySegment(F, a, ap + 4 * aRow, ORDER).reinterpretAsInts();
      IntVector a5 = FloatVector.fromMemorySegment(F, a, ap + 5 * aRow, ORDER).reinterpretAsInts();
      IntVector a6 = FloatVector.fromMemorySegment(F, a, ap + 6 * aRow, ORDER).reinterpretAsInts();
      IntVector a7 = FloatVector.fromMemorySegment(F, a, ap + 7 * aRow, ORDER).reinterpretAsInts();
      IntVector lane = IntVector.broadcast(I, p - from);
      for (int q = p - from; q < end; q++) {
        FloatVector b0 = FloatVector.fromMemorySegment(F, b, bp, ORDER);
        FloatVector b1 = FloatVector.fromMemorySegment(F, b, bp + 4 * V, ORDER);
        FloatVector x0 = lane.selectFrom(a0).reinterpretAsFloats();
        c0a = x0.fma(b0, c0a);
        c0b = x0.fma(b1, c0b);
        FloatVector x1 = lane.selectFrom(a1).reinterpretAsFloats();
        c1a = x1.fma(b0, c1a);
        c1b = x1.fma(b1, c1b);
        FloatVector x2 = lane.selectFrom(a2).reinterpretAsFloats();
        c2a = x2.fma(b0, c2a);
        c2b = x2.fma(b1, c2b);
        FloatVector x3 = lane.selectFrom(a3).reinterpretAsFloats();
        c3a = x3.fma(b0, c3a);
        c3b = x3.fma(b1, c3b);
        FloatVector x4 = lane.selectFrom(a4).reinterpretAsFloats();
        c4a = x4.fma(b0, c4a);
        c4b = x4.fma(b1, c4b);
        FloatVector x5 = lane.selectFrom(a5).reinterpretAsFloats();
        c5a = x5.fma(b0, c5a);
        c5b = x5.fma(b1, c5b);
        FloatVector x6 = lane.selectFrom(a6).reinterpretAsFloats();
        c6a = x6.fma(b0, c6a);
        c6b = x6.fma(b1, c6b);
        FloatVector x7 = lane.selectFrom(a7).reinterpretAsFloats();
        c7a = x7.fma(b0, c7a);
        c7b = x7.fma(b1, c7b);
        lane = lane.add(1);
        bp += bRow;
      }
    }
    c0a.intoMemorySegment(c, cAt, ORDER);
    c0b.intoMemorySegment(c, cAt + 4 * V, ORDER);
    c1a.intoMemorySegment(c, cAt + cRow, ORDER);
    c1b.intoMemorySegment(c, cAt + cRow + 4 * V, ORDER);
    c2a.intoMemorySegment(c, cAt + 2 * cRow, ORDER);
    c2b.intoMemorySegment(c, cAt + 2 * cRow + 4 * V, ORDER);
    c3a.intoMemorySegment(c, cAt + 3 * cRow, ORDER);
    c3b.intoMemorySegment(c, cAt + 3 * cRow + 4 * V, ORDER);
    c4a.intoMemorySegment(c, cAt + 4 * cRow, ORDER);
    c4b.intoMemorySegment(c, cAt + 4 * cRow + 4 * V, ORDER);
    c5a.intoMemorySegment(c, cAt + 5 * cRow, ORDER);
    c5b.intoMemorySegment(c, cAt + 5 * cRow + 4 * V, ORDER);
    c6a.intoMemorySegment(c, cAt + 6 * cRow, ORDER);
    c6b.intoMemorySegment(c, cAt + 6 * cRow + 4 * V, ORDER);
    c7a.intoMemorySegment(c, cAt + 7 * cRow, ORDER);
    c7b.intoMemorySegment(c, cAt + 7 * cRow + 4 * V, ORDER);
  }

  /** One vector of columns. */
  static void one(
      int k, MemorySegment a, long aAt, long aRow, MemorySegment b, long bAt, long bRow, MemorySegment c, long cAt, long cRow) {
    a = exact(a);
    b = exact(b);
    c = exact(c);
    FloatVector c0a = FloatVector.fromArray(F, ZEROS, 0);
    FloatVector c1a = FloatVector.fromArray(F, ZEROS, V);
    FloatVector c2a = FloatVector.fromArray(F, ZEROS, 2 * V);
    FloatVector c3a = FloatVector.fromArray(F, ZEROS, 3 * V);
    FloatVector c4a = FloatVector.fromArray(F, ZEROS, 4 * V);
    FloatVector c5a = FloatVector.fromArray(F, ZEROS, 5 * V);
    FloatVector c6a = FloatVector.fromArray(F, ZEROS, 6 * V);
    FloatVector c7a = FloatVector.fromArray(F, ZEROS, 7 * V);
    long bp = bAt;
    for (int p = 0; p < k; p += V) {
      int from = Math.max(0, Math.min(p, k - V));
      int end = Math.min(V, k - from);
      long ap = aAt + 4L * from;
      IntVector a0 = FloatVector.fromMemorySegment(F, a, ap, ORDER).reinterpretAsInts();
      IntVector a1 = FloatVector.fromMemorySegment(F, a, ap + aRow, ORDER).reinterpretAsInts();
      IntVector a2 = FloatVector.fromMemorySegment(F, a, ap + 2 * aRow, ORDER).reinterpretAsInts();
      IntVector a3 = FloatVector.fromMemorySegment(F, a, ap + 3 * aRow, ORDER).reinterpretAsInts();
      IntVector a4 = FloatVector.fromMemorySegment(F, a, ap + 4 * aRow, ORDER).reinterpretAsInts();
      IntVector a5 = FloatVector.fromMemorySegment(F, a, ap + 5 * aRow, ORDER).reinterpretAsInts();
      IntVector a6 = FloatVector.fromMemorySegment(F, a, ap + 6 * aRow, ORDER).reinterpretAsInts();
      IntVector a7 = FloatVector.fromMemorySegment(F, a, ap + 7 * aRow, ORDER).reinterpretAsInts();
      IntVector lane = IntVector.broadcast(I, p - from);
      for (int q = p - from; q < end; q++) {
        FloatVector b0 = FloatVector.fromMemorySegment(F, b, bp, ORDER);
        c0a = lane.selectFrom(a0).reinterpretAsFloats().fma(b0, c0a);
        c1a = lane.selectFrom(a1).reinterpretAsFloats().fma(b0, c1a);
        c2a = lane.selectFrom(a2).reinterpretAsFloats().fma(b0, c2a);
        c3a = lane.selectFrom(a3).reinterpretAsFloats().fma(b0, c3a);
        c4a = lane.selectFrom(a4).reinterpretAsFloats().fma(b0, c4a);
        c5a = lane.selectFrom(a5).reinterpretAsFloats().fma(b0, c5a);
        c6a = lane.selectFrom(a6).reinterpretAsFloats().fma(b0, c6a);
        c7a = lane.selectFrom(a7).reinterpretAsFloats().fma(b0, c7a);
        lane = lane.add(1);
        bp += bRow;
      }
    }
    c0a.intoMemorySegment(c, cAt, ORDER);
    c1a.intoMemorySegment(c, cAt + cRow, ORDER);
    c2a.intoMemorySegment(c, cAt + 2 * cRow, ORDER);
    c3a.intoMemorySegment(c, cAt + 3 * cRow, ORDER);
    c4a.intoMemorySegment(c, cAt + 4 * cRow, ORDER);
    c5a.intoMemorySegment(c, cAt + 5 * cRow, ORDER);
    c6a.intoMemorySegment(c, cAt + 6 * cRow, ORDER);
    c7a.intoMemorySegment(c, cAt + 7 * cRow, ORDER);
  }
}
