package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.I;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * GEMV micro-kernel, fp32: one row by a vector of columns of a transposed matrix, which is turned in registers.
 *
 * <pre>T[j] = T[j] + sum over p &lt; k of X[p] * B[j][p]</pre>
 *
 * <p>Row j of the stored B at byte {@code bAt + j * bStep}, k along memory. A chain over k must not be cut, so vectors lie across the rows: squares of
 * a vector's width are loaded by rows and turned as in {@link Turn}, and each turned row is multiplied at once. T holds C on entry, or zeros.
 * Order and error are those of {@link GemmKernel12x2V}, and so are the bits. The caller has proved the bounds. Allocates nothing, throws nothing.
 *
 * <p>One method per width, since a square's rows must be local variables.
 */
final class GemvKernelTurned {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.COUNT;

  private GemvKernelTurned() {}

  /** All k steps by a vector of columns; {@code x} holds at least k elements. */
  static void run(int k, float[] x, MemorySegment b, long bAt, long bStep, float[] t) {
    int whole = k - k % V;
    if (V == 16) {
      squares16(whole, x, b, bAt, bStep, t);
    } else if (V == 8) {
      squares8(whole, x, b, bAt, bStep, t);
    } else {
      squares4(whole, x, b, bAt, bStep, t);
    }
    for (int j = 0; j < V && whole < k; j++) {
      float c = t[j];
      for (int p = whole; p < k; p++) {
        c = Math.fma(x[p], b.get(JAVA_FLOAT_UNALIGNED, bAt + j * bStep + 4L * p), c);
      }
      t[j] = c;
    }
  }

  private static void squares16(int k, float[] x, MemorySegment b, long bAt, long bStep, float[] t) {
    IntVector low8 = IntVector.fromArray(I, Turn.LANES, 0 * V);
    IntVector high8 = IntVector.fromArray(I, Turn.LANES, 1 * V);
    IntVector low4 = IntVector.fromArray(I, Turn.LANES, 2 * V);
    IntVector high4 = IntVector.fromArray(I, Turn.LANES, 3 * V);
    IntVector low2 = IntVector.fromArray(I, Turn.LANES, 4 * V);
    IntVector high2 = IntVector.fromArray(I, Turn.LANES, 5 * V);
    IntVector low1 = IntVector.fromArray(I, Turn.LANES, 6 * V);
    IntVector high1 = IntVector.fromArray(I, Turn.LANES, 7 * V);
    FloatVector c = FloatVector.fromArray(F, t, 0);
    for (int p = 0; p < k; p += 16) {
      long at = bAt + 4L * p;
      IntVector r0 = FloatVector.fromMemorySegment(F, b, at, ORDER).reinterpretAsInts();
      IntVector r1 = FloatVector.fromMemorySegment(F, b, at + bStep, ORDER).reinterpretAsInts();
      IntVector r2 = FloatVector.fromMemorySegment(F, b, at + 2 * bStep, ORDER).reinterpretAsInts();
      IntVector r3 = FloatVector.fromMemorySegment(F, b, at + 3 * bStep, ORDER).reinterpretAsInts();
      IntVector r4 = FloatVector.fromMemorySegment(F, b, at + 4 * bStep, ORDER).reinterpretAsInts();
      IntVector r5 = FloatVector.fromMemorySegment(F, b, at + 5 * bStep, ORDER).reinterpretAsInts();
      IntVector r6 = FloatVector.fromMemorySegment(F, b, at + 6 * bStep, ORDER).reinterpretAsInts();
      IntVector r7 = FloatVector.fromMemorySegment(F, b, at + 7 * bStep, ORDER).reinterpretAsInts();
      IntVector r8 = FloatVector.fromMemorySegment(F, b, at + 8 * bStep, ORDER).reinterpretAsInts();
      IntVector r9 = FloatVector.fromMemorySegment(F, b, at + 9 * bStep, ORDER).reinterpretAsInts();
      IntVector r10 = FloatVector.fromMemorySegment(F, b, at + 10 * bStep, ORDER).reinterpretAsInts();
      IntVector r11 = FloatVector.fromMemorySegment(F, b, at + 11 * bStep, ORDER).reinterpretAsInts();
      IntVector r12 = FloatVector.fromMemorySegment(F, b, at + 12 * bStep, ORDER).reinterpretAsInts();
      IntVector r13 = FloatVector.fromMemorySegment(F, b, at + 13 * bStep, ORDER).reinterpretAsInts();
      IntVector r14 = FloatVector.fromMemorySegment(F, b, at + 14 * bStep, ORDER).reinterpretAsInts();
      IntVector r15 = FloatVector.fromMemorySegment(F, b, at + 15 * bStep, ORDER).reinterpretAsInts();
      IntVector d0 = low8.selectFrom(r0, r8);
      IntVector d8 = high8.selectFrom(r0, r8);
      IntVector d1 = low8.selectFrom(r1, r9);
      IntVector d9 = high8.selectFrom(r1, r9);
      IntVector d2 = low8.selectFrom(r2, r10);
      IntVector d10 = high8.selectFrom(r2, r10);
      IntVector d3 = low8.selectFrom(r3, r11);
      IntVector d11 = high8.selectFrom(r3, r11);
      IntVector d4 = low8.selectFrom(r4, r12);
      IntVector d12 = high8.selectFrom(r4, r12);
      IntVector d5 = low8.selectFrom(r5, r13);
      IntVector d13 = high8.selectFrom(r5, r13);
      IntVector d6 = low8.selectFrom(r6, r14);
      IntVector d14 = high8.selectFrom(r6, r14);
      IntVector d7 = low8.selectFrom(r7, r15);
      IntVector d15 = high8.selectFrom(r7, r15);
      IntVector e0 = low4.selectFrom(d0, d4);
      IntVector e4 = high4.selectFrom(d0, d4);
      IntVector e1 = low4.selectFrom(d1, d5);
      IntVector e5 = high4.selectFrom(d1, d5);
      IntVector e2 = low4.selectFrom(d2, d6);
      IntVector e6 = high4.selectFrom(d2, d6);
      IntVector e3 = low4.selectFrom(d3, d7);
      IntVector e7 = high4.selectFrom(d3, d7);
      IntVector e8 = low4.selectFrom(d8, d12);
      IntVector e12 = high4.selectFrom(d8, d12);
      IntVector e9 = low4.selectFrom(d9, d13);
      IntVector e13 = high4.selectFrom(d9, d13);
      IntVector e10 = low4.selectFrom(d10, d14);
      IntVector e14 = high4.selectFrom(d10, d14);
      IntVector e11 = low4.selectFrom(d11, d15);
      IntVector e15 = high4.selectFrom(d11, d15);
      IntVector f0 = low2.selectFrom(e0, e2);
      IntVector f2 = high2.selectFrom(e0, e2);
      IntVector f1 = low2.selectFrom(e1, e3);
      IntVector f3 = high2.selectFrom(e1, e3);
      IntVector f4 = low2.selectFrom(e4, e6);
      IntVector f6 = high2.selectFrom(e4, e6);
      IntVector f5 = low2.selectFrom(e5, e7);
      IntVector f7 = high2.selectFrom(e5, e7);
      IntVector f8 = low2.selectFrom(e8, e10);
      IntVector f10 = high2.selectFrom(e8, e10);
      IntVector f9 = low2.selectFrom(e9, e11);
      IntVector f11 = high2.selectFrom(e9, e11);
      IntVector f12 = low2.selectFrom(e12, e14);
      IntVector f14 = high2.selectFrom(e12, e14);
      IntVector f13 = low2.selectFrom(e13, e15);
      IntVector f15 = high2.selectFrom(e13, e15);
      c = FloatVector.broadcast(F, x[p]).fma(low1.selectFrom(f0, f1).reinterpretAsFloats(), c);
      c = FloatVector.broadcast(F, x[p + 1]).fma(high1.selectFrom(f0, f1).reinterpretAsFloats(), c);
      c = FloatVector.broadcast(F, x[p + 2]).fma(low1.selectFrom(f2, f3).reinterpretAsFloats(), c);
      c = FloatVector.broadcast(F, x[p + 3]).fma(high1.selectFrom(f2, f3).reinterpretAsFloats(), c);
      c = FloatVector.broadcast(F, x[p + 4]).fma(low1.selectFrom(f4, f5).reinterpretAsFloats(), c);
      c = FloatVector.broadcast(F, x[p + 5]).fma(high1.selectFrom(f4, f5).reinterpretAsFloats(), c);
      c = FloatVector.broadcast(F, x[p + 6]).fma(low1.selectFrom(f6, f7).reinterpretAsFloats(), c);
      c = FloatVector.broadcast(F, x[p + 7]).fma(high1.selectFrom(f6, f7).reinterpretAsFloats(), c);
      c = FloatVector.broadcast(F, x[p + 8]).fma(low1.selectFrom(f8, f9).reinterpretAsFloats(), c);
      c = FloatVector.broadcast(F, x[p + 9]).fma(high1.selectFrom(f8, f9).reinterpretAsFloats(), c);
      c = FloatVector.broadcast(F, x[p + 10]).fma(low1.selectFrom(f10, f11).reinterpretAsFloats(), c);
      c = FloatVector.broadcast(F, x[p + 11]).fma(high1.selectFrom(f10, f11).reinterpretAsFloats(), c);
      c = FloatVector.broadcast(F, x[p + 12]).fma(low1.selectFrom(f12, f13).reinterpretAsFloats(), c);
      c = FloatVector.broadcast(F, x[p + 13]).fma(high1.selectFrom(f12, f13).reinterpretAsFloats(), c);
      c = FloatVector.broadcast(F, x[p + 14]).fma(low1.selectFrom(f14, f15).reinterpretAsFloats(), c);
      c = FloatVector.broadcast(F, x[p + 15]).fma(high1.selectFrom(f14, f15).reinterpretAsFloats(), c);
    }
    c.intoArray(t, 0);
  }

  private static void squares8(int k, float[] x, MemorySegment b, long bAt, long bStep, float[] t) {
    IntVector low4 = IntVector.fromArray(I, Turn.LANES, 2 * V);
    IntVector high4 = IntVector.fromArray(I, Turn.LANES, 3 * V);
    IntVector low2 = IntVector.fromArray(I, Turn.LANES, 4 * V);
    IntVector high2 = IntVector.fromArray(I, Turn.LANES, 5 * V);
    IntVector low1 = IntVector.fromArray(I, Turn.LANES, 6 * V);
    IntVector high1 = IntVector.fromArray(I, Turn.LANES, 7 * V);
    FloatVector c = FloatVector.fromArray(F, t, 0);
    for (int p = 0; p < k; p += 8) {
      long at = bAt + 4L * p;
      IntVector r0 = FloatVector.fromMemorySegment(F, b, at, ORDER).reinterpretAsInts();
      IntVector r1 = FloatVector.fromMemorySegment(F, b, at + bStep, ORDER).reinterpretAsInts();
      IntVector r2 = FloatVector.fromMemorySegment(F, b, at + 2 * bStep, ORDER).reinterpretAsInts();
      IntVector r3 = FloatVector.fromMemorySegment(F, b, at + 3 * bStep, ORDER).reinterpretAsInts();
      IntVector r4 = FloatVector.fromMemorySegment(F, b, at + 4 * bStep, ORDER).reinterpretAsInts();
      IntVector r5 = FloatVector.fromMemorySegment(F, b, at + 5 * bStep, ORDER).reinterpretAsInts();
      IntVector r6 = FloatVector.fromMemorySegment(F, b, at + 6 * bStep, ORDER).reinterpretAsInts();
      IntVector r7 = FloatVector.fromMemorySegment(F, b, at + 7 * bStep, ORDER).reinterpretAsInts();
      IntVector d0 = low4.selectFrom(r0, r4);
      IntVector d4 = high4.selectFrom(r0, r4);
      IntVector d1 = low4.selectFrom(r1, r5);
      IntVector d5 = high4.selectFrom(r1, r5);
      IntVector d2 = low4.selectFrom(r2, r6);
      IntVector d6 = high4.selectFrom(r2, r6);
      IntVector d3 = low4.selectFrom(r3, r7);
      IntVector d7 = high4.selectFrom(r3, r7);
      IntVector e0 = low2.selectFrom(d0, d2);
      IntVector e2 = high2.selectFrom(d0, d2);
      IntVector e1 = low2.selectFrom(d1, d3);
      IntVector e3 = high2.selectFrom(d1, d3);
      IntVector e4 = low2.selectFrom(d4, d6);
      IntVector e6 = high2.selectFrom(d4, d6);
      IntVector e5 = low2.selectFrom(d5, d7);
      IntVector e7 = high2.selectFrom(d5, d7);
      c = FloatVector.broadcast(F, x[p]).fma(low1.selectFrom(e0, e1).reinterpretAsFloats(), c);
      c = FloatVector.broadcast(F, x[p + 1]).fma(high1.selectFrom(e0, e1).reinterpretAsFloats(), c);
      c = FloatVector.broadcast(F, x[p + 2]).fma(low1.selectFrom(e2, e3).reinterpretAsFloats(), c);
      c = FloatVector.broadcast(F, x[p + 3]).fma(high1.selectFrom(e2, e3).reinterpretAsFloats(), c);
      c = FloatVector.broadcast(F, x[p + 4]).fma(low1.selectFrom(e4, e5).reinterpretAsFloats(), c);
      c = FloatVector.broadcast(F, x[p + 5]).fma(high1.selectFrom(e4, e5).reinterpretAsFloats(), c);
      c = FloatVector.broadcast(F, x[p + 6]).fma(low1.selectFrom(e6, e7).reinterpretAsFloats(), c);
      c = FloatVector.broadcast(F, x[p + 7]).fma(high1.selectFrom(e6, e7).reinterpretAsFloats(), c);
    }
    c.intoArray(t, 0);
  }

  private static void squares4(int k, float[] x, MemorySegment b, long bAt, long bStep, float[] t) {
    IntVector low2 = IntVector.fromArray(I, Turn.LANES, 4 * V);
    IntVector high2 = IntVector.fromArray(I, Turn.LANES, 5 * V);
    IntVector low1 = IntVector.fromArray(I, Turn.LANES, 6 * V);
    IntVector high1 = IntVector.fromArray(I, Turn.LANES, 7 * V);
    FloatVector c = FloatVector.fromArray(F, t, 0);
    for (int p = 0; p < k; p += 4) {
      long at = bAt + 4L * p;
      IntVector r0 = FloatVector.fromMemorySegment(F, b, at, ORDER).reinterpretAsInts();
      IntVector r1 = FloatVector.fromMemorySegment(F, b, at + bStep, ORDER).reinterpretAsInts();
      IntVector r2 = FloatVector.fromMemorySegment(F, b, at + 2 * bStep, ORDER).reinterpretAsInts();
      IntVector r3 = FloatVector.fromMemorySegment(F, b, at + 3 * bStep, ORDER).reinterpretAsInts();
      IntVector d0 = low2.selectFrom(r0, r2);
      IntVector d2 = high2.selectFrom(r0, r2);
      IntVector d1 = low2.selectFrom(r1, r3);
      IntVector d3 = high2.selectFrom(r1, r3);
      c = FloatVector.broadcast(F, x[p]).fma(low1.selectFrom(d0, d1).reinterpretAsFloats(), c);
      c = FloatVector.broadcast(F, x[p + 1]).fma(high1.selectFrom(d0, d1).reinterpretAsFloats(), c);
      c = FloatVector.broadcast(F, x[p + 2]).fma(low1.selectFrom(d2, d3).reinterpretAsFloats(), c);
      c = FloatVector.broadcast(F, x[p + 3]).fma(high1.selectFrom(d2, d3).reinterpretAsFloats(), c);
    }
    c.intoArray(t, 0);
  }
}
