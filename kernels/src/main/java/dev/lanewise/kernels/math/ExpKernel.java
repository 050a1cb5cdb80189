package dev.lanewise.kernels.math;

import static dev.lanewise.kernels.lane.Lanes.exact;
import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.math.ExpConstants.*;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.reference.MathReference;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * e^(x - shift), the operations of {@code MathReference} lane by lane: what a scalar branch skips is computed here and replaced by a
 * blend, but for the scaling by 2^n, which is short unless a lane is near the ends of the range. Only the Vector API is called inside the loop, by
 * name: C2 leaves other methods as calls once a method has grown too large, and then every vector is an object.
 */
public final class ExpKernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private ExpKernel() {}

  /** Writes y[i] = e^(x[i] - shift) for byte offsets in [from, to); y may be x. */
  public static void run(long from, long to, MemorySegment x, float shift, MemorySegment y) {
    long bytes = to - from;
    x = exact(x);
    y = exact(y);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector d = fromMemorySegment(F, x, from + i, NATIVE).sub(shift);
      FloatVector t = d.fma(FloatVector.broadcast(Lanes.F, LOG2_E), FloatVector.broadcast(Lanes.F, ROUND));
      FloatVector n = t.sub(ROUND);
      FloatVector r = n.fma(FloatVector.broadcast(Lanes.F, -LN2_LO), n.fma(FloatVector.broadcast(Lanes.F, -LN2_HI), d));
      FloatVector p = r.fma(FloatVector.broadcast(Lanes.F, E6), FloatVector.broadcast(Lanes.F, E5));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, E4));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, E3));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, E2));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, 1f));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, 1f));
      if (d.abs().compare(VectorOperators.LE, NORMAL).allTrue()) {
        // The exponent is added to the bits: exact, since neither p nor the result is subnormal; the rest of t's bits is shifted out.
        t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(p.reinterpretAsInts()).intoMemorySegment(y, from + i, NATIVE);
      } else {
        IntVector k = t.reinterpretAsInts().sub(ROUND_BITS);
        IntVector half = k.lanewise(VectorOperators.ASHR, 1);
        FloatVector first = half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        FloatVector second = k.sub(half).add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        FloatVector e = p.mul(first).mul(second).blend(0f, d.compare(VectorOperators.LT, UNDERFLOW));
        e.blend(Float.POSITIVE_INFINITY, d.compare(VectorOperators.GT, OVERFLOW)).intoMemorySegment(y, from + i, NATIVE);
      }
    }
    for (; i < bytes; i += 4) {
      y.set(JAVA_FLOAT, from + i, MathReference.exp(x.get(JAVA_FLOAT, from + i) - shift));
    }
  }
}
