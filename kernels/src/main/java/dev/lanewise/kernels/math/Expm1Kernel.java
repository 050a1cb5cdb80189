package dev.lanewise.kernels.math;

import static dev.lanewise.kernels.lane.Lanes.exact;
import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.math.ExpConstants.*;
import static dev.lanewise.kernels.math.SmoothConstants.EXPM1_TAIL;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.reference.SmoothUnitsReference;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** What needs e^x - 1 for x at most 0: the operations of {@code SmoothUnitsReference} lane by lane; in the loop only the Vector API is called, as {@link ExpKernel} says. */
public final class Expm1Kernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private Expm1Kernel() {}

  /** Writes y[i] = x[i] where that is at least 0, else alpha (e^x[i] - 1), for byte offsets in [from, to); y may be x. */
  public static void elu(long from, long to, MemorySegment x, float alpha, MemorySegment y) {
    long bytes = to - from;
    x = exact(x);
    y = exact(y);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector value = fromMemorySegment(F, x, from + i, NATIVE);
      FloatVector d = value;
      d = d.blend(EXPM1_TAIL, d.compare(VectorOperators.LT, EXPM1_TAIL));
      FloatVector shifted = d.fma(FloatVector.broadcast(Lanes.F, LOG2_E), FloatVector.broadcast(Lanes.F, ROUND));
      FloatVector n = shifted.sub(ROUND);
      FloatVector r = n.fma(FloatVector.broadcast(Lanes.F, -LN2_LO), n.fma(FloatVector.broadcast(Lanes.F, -LN2_HI), d));
      FloatVector p = r.fma(FloatVector.broadcast(Lanes.F, M7), FloatVector.broadcast(Lanes.F, M6));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, M5));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, M4));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, M3));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, M2));
      FloatVector m = r.mul(r).fma(p, r);
      FloatVector s = shifted.reinterpretAsInts().add(127 - ROUND_BITS).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      FloatVector expm1 = s.fma(m, s.sub(1f));
      value.blend(expm1.mul(alpha), value.compare(VectorOperators.LT, 0f)).intoMemorySegment(y, from + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      y.set(JAVA_FLOAT, from + i, SmoothUnitsReference.elu(x.get(JAVA_FLOAT, from + i), alpha));
    }
  }

  /** Writes dx[i] = dy[i] (1 - e^-y[i]) for byte offsets in [from, to); dx may be y or dy. */
  public static void softplusBackward(long from, long to, MemorySegment y, MemorySegment dy, MemorySegment dx) {
    long bytes = to - from;
    y = exact(y);
    dy = exact(dy);
    dx = exact(dx);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector d = fromMemorySegment(F, y, from + i, NATIVE).neg();
      d = d.blend(0f, d.compare(VectorOperators.GT, 0f));
      d = d.blend(EXPM1_TAIL, d.compare(VectorOperators.LT, EXPM1_TAIL));
      FloatVector shifted = d.fma(FloatVector.broadcast(Lanes.F, LOG2_E), FloatVector.broadcast(Lanes.F, ROUND));
      FloatVector n = shifted.sub(ROUND);
      FloatVector r = n.fma(FloatVector.broadcast(Lanes.F, -LN2_LO), n.fma(FloatVector.broadcast(Lanes.F, -LN2_HI), d));
      FloatVector p = r.fma(FloatVector.broadcast(Lanes.F, M7), FloatVector.broadcast(Lanes.F, M6));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, M5));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, M4));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, M3));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, M2));
      FloatVector m = r.mul(r).fma(p, r);
      FloatVector s = shifted.reinterpretAsInts().add(127 - ROUND_BITS).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      FloatVector expm1 = s.fma(m, s.sub(1f));
      fromMemorySegment(F, dy, from + i, NATIVE).mul(expm1.neg()).intoMemorySegment(dx, from + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      dx.set(JAVA_FLOAT, from + i, dy.get(JAVA_FLOAT, from + i) * -SmoothUnitsReference.expm1(-y.get(JAVA_FLOAT, from + i)));
    }
  }
}
