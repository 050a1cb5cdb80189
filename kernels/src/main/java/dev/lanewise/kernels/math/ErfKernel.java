package dev.lanewise.kernels.math;

import static dev.lanewise.kernels.lane.Lanes.exact;
import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.math.ErfConstants.*;
import static dev.lanewise.kernels.math.ExpConstants.*;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.reference.SmoothUnitsReference;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Error function, the operations of {@code SmoothUnitsReference} lane by lane; in the loop only the Vector API is called, as {@link ExpKernel} says. */
public final class ErfKernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private ErfKernel() {}

  /** Writes y[i] = erf x[i] for byte offsets in [from, to); y may be x. */
  public static void run(long from, long to, MemorySegment x, MemorySegment y) {
    long bytes = to - from;
    x = exact(x);
    y = exact(y);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector value = fromMemorySegment(F, x, from + i, NATIVE);
      FloatVector t = value.abs();
      FloatVector q = t.fma(FloatVector.broadcast(Lanes.F, T6), FloatVector.broadcast(Lanes.F, T5));
      q = q.fma(t, FloatVector.broadcast(Lanes.F, T4));
      q = q.fma(t, FloatVector.broadcast(Lanes.F, T3));
      q = q.fma(t, FloatVector.broadcast(Lanes.F, T2));
      q = q.fma(t, FloatVector.broadcast(Lanes.F, T1));
      q = q.fma(t, FloatVector.broadcast(Lanes.F, T0));
      FloatVector d = q.fma(t, t).neg();
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
      FloatVector outer = s.neg().fma(m, FloatVector.broadcast(Lanes.F, 1f).sub(s)).blend(1f, t.compare(VectorOperators.GT, ERF_ONE));
      FloatVector signed = outer.reinterpretAsInts().or(value.reinterpretAsInts().and(0x8000_0000)).reinterpretAsFloats();
      FloatVector square = value.mul(value);
      FloatVector inner = square.fma(FloatVector.broadcast(Lanes.F, S6), FloatVector.broadcast(Lanes.F, S5));
      inner = inner.fma(square, FloatVector.broadcast(Lanes.F, S4));
      inner = inner.fma(square, FloatVector.broadcast(Lanes.F, S3));
      inner = inner.fma(square, FloatVector.broadcast(Lanes.F, S2));
      inner = inner.fma(square, FloatVector.broadcast(Lanes.F, S1));
      inner = inner.fma(square, FloatVector.broadcast(Lanes.F, S0));
      inner = inner.fma(value, value);
      inner.blend(signed, t.compare(VectorOperators.GT, ERF_SPLIT)).intoMemorySegment(y, from + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      y.set(JAVA_FLOAT, from + i, SmoothUnitsReference.erf(x.get(JAVA_FLOAT, from + i)));
    }
  }
}
