package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.I;
import static dev.lanewise.kernels.lane.Lanes.exact;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * Vector times transposed matrix, fp32: eight dot products at a time of one vector with rows of B, four steps of k at a time, where vectors have 8 lanes.
 *
 * <pre>t[j] = t[j] + sum over p &lt; k of a[p] * B[j][p],  0 &lt;= j &lt; 8 groups</pre>
 *
 * <p>{@link GemvKernel16R} for half its lanes, with the same contract and k a multiple of {@value #STEPS}. Two squares of 4 x 4 keep within 16 registers, where
 * one of 8 x 8 is spilled: pairs of floats change places by one permutation and a selection, single floats by shifts within 64 bits, which processors do several of at
 * a time (measured, see reports/decisions/0014).
 */
final class GemvKernel8R {
  /** Rows of B taken together. */
  static final int ROWS = 8;

  /** Steps of k taken together. */
  static final int STEPS = 4;

  /** Whether vectors have that many lanes. */
  static final boolean FITS = Lanes.COUNT == ROWS;

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private GemvKernel8R() {}

  static void groups(int groups, int k, float[] a, MemorySegment b, long bAt, long bRow, float[] t) {
    for (int group = 0; group < groups; group++) {
      long lower = bAt + group * ROWS * bRow;
      eight(k, a, b, lower, lower + 4 * bRow - 4 * STEPS, bRow, t, group * ROWS);
    }
  }

  /**
   * Upper rows from {@code b0} on and, {@value #STEPS} floats earlier than they begin, lower ones from {@code b4} on: both handed over, since C2 keeps more addresses than it
   * has registers where it knows how they belong together.
   */
  private static void eight(int k, float[] a, MemorySegment b, long b0, long b4, long bRow, float[] t, int at) {
    b = exact(b);
    IntVector swap2 = IntVector.fromArray(I, Turn.PAIRS_SWAPPED, 0);
    VectorMask<Integer> upper = VectorMask.fromLong(I, 0xf0);
    VectorMask<Integer> second2 = VectorMask.fromLong(I, 0xcc);
    VectorMask<Integer> second1 = VectorMask.fromLong(I, 0xaa);
    long b1 = b0 + bRow;
    long b2 = b0 + 2 * bRow;
    long b3 = b0 + 3 * bRow;
    long b5 = b4 + bRow;
    long b6 = b4 + 2 * bRow;
    long b7 = b4 + 3 * bRow;
    FloatVector c = FloatVector.fromArray(F, t, at);
    for (int p = 0; p < k; p += STEPS) {
      long column = 4L * p;
      IntVector r0 = IntVector.fromMemorySegment(I, b, b0 + column, ORDER);
      r0 = r0.blend(IntVector.fromMemorySegment(I, b, b4 + column, ORDER), upper);
      IntVector r1 = IntVector.fromMemorySegment(I, b, b1 + column, ORDER);
      r1 = r1.blend(IntVector.fromMemorySegment(I, b, b5 + column, ORDER), upper);
      IntVector r2 = IntVector.fromMemorySegment(I, b, b2 + column, ORDER);
      r2 = r2.blend(IntVector.fromMemorySegment(I, b, b6 + column, ORDER), upper);
      IntVector r3 = IntVector.fromMemorySegment(I, b, b3 + column, ORDER);
      r3 = r3.blend(IntVector.fromMemorySegment(I, b, b7 + column, ORDER), upper);
      IntVector u0 = r0.blend(swap2.selectFrom(r2), second2);
      IntVector u1 = r1.blend(swap2.selectFrom(r3), second2);
      IntVector u2 = swap2.selectFrom(r0).blend(r2, second2);
      IntVector u3 = swap2.selectFrom(r1).blend(r3, second2);
      IntVector w0 = u0.blend(u1.reinterpretAsLongs().lanewise(LSHL, 32).reinterpretAsInts(), second1);
      IntVector w1 = u0.reinterpretAsLongs().lanewise(LSHR, 32).reinterpretAsInts().blend(u1, second1);
      IntVector w2 = u2.blend(u3.reinterpretAsLongs().lanewise(LSHL, 32).reinterpretAsInts(), second1);
      IntVector w3 = u2.reinterpretAsLongs().lanewise(LSHR, 32).reinterpretAsInts().blend(u3, second1);
      c = w0.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p]), c);
      c = w1.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p + 1]), c);
      c = w2.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p + 2]), c);
      c = w3.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p + 3]), c);
    }
    c.intoArray(t, at);
  }
}
