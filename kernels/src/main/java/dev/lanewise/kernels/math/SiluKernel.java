package dev.lanewise.kernels.math;

import static dev.lanewise.kernels.lane.Lanes.exact;
import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.math.ExpConstants.*;
import static dev.lanewise.kernels.math.SmoothConstants.*;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.reference.SmoothUnitsReference;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** SiLU and its backward pass: the operations of {@code SmoothUnitsReference} lane by lane; in the loop only the Vector API is called, as {@link ExpKernel} says. */
public final class SiluKernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private SiluKernel() {}

  /** Writes y[i] = x[i] sigmoid x[i] for byte offsets in [from, to); y may be x. */
  public static void run(long from, long to, MemorySegment x, MemorySegment y) {
    long bytes = to - from;
    x = exact(x);
    y = exact(y);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector value = fromMemorySegment(F, x, from + i, NATIVE);
      FloatVector t = value.abs();
      t = t.blend(SILU_TAIL, t.compare(VectorOperators.GT, SILU_TAIL));
      FloatVector d = t.neg();
      FloatVector shifted = d.fma(FloatVector.broadcast(Lanes.F, LOG2_E), FloatVector.broadcast(Lanes.F, ROUND));
      FloatVector n = shifted.sub(ROUND);
      FloatVector r = n.fma(FloatVector.broadcast(Lanes.F, -LN2_LO), n.fma(FloatVector.broadcast(Lanes.F, -LN2_HI), d));
      FloatVector p = r.fma(FloatVector.broadcast(Lanes.F, M7), FloatVector.broadcast(Lanes.F, M6));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, M5));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, M4));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, M3));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, M2));
      FloatVector m = r.mul(r).fma(p, r);
      IntVector k = shifted.reinterpretAsInts().sub(ROUND_BITS);
      IntVector half = k.lanewise(VectorOperators.ASHR, 1);
      FloatVector first = half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      FloatVector second = k.sub(half).add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      FloatVector e = m.add(1f).mul(first).mul(second);
      VectorMask<Float> negative = value.compare(VectorOperators.LT, 0f);
      FloatVector numerator = t.blend(t.fma(m, t).mul(first), negative);
      FloatVector sum = e.add(1f);
      FloatVector rounded = e.sub(sum.sub(1f));
      FloatVector inverse = FloatVector.broadcast(Lanes.F, 1f).div(sum);
      FloatVector q = numerator.mul(inverse);
      FloatVector left = q.neg().fma(rounded, q.neg().fma(sum, numerator));
      FloatVector size = left.fma(inverse, q);
      size = size.mul(FloatVector.broadcast(Lanes.F, 1f).blend(second, negative));
      size = size.blend(value, value.compare(VectorOperators.GT, SILU_TAIL));
      IntVector sign = value.reinterpretAsInts().and(0x8000_0000);
      size.reinterpretAsInts().or(sign).intoMemorySegment(y, from + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      y.set(JAVA_FLOAT, from + i, SmoothUnitsReference.silu(x.get(JAVA_FLOAT, from + i)));
    }
  }

  /** Writes dx[i] = dy[i] silu' x[i] for byte offsets in [from, to); dx may be x or dy. */
  public static void backward(long from, long to, MemorySegment x, MemorySegment dy, MemorySegment dx) {
    long bytes = to - from;
    x = exact(x);
    dy = exact(dy);
    dx = exact(dx);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector value = fromMemorySegment(F, x, from + i, NATIVE);
      FloatVector t = value.abs();
      t = t.blend(SILU_TAIL, t.compare(VectorOperators.GT, SILU_TAIL));
      FloatVector d = t.neg();
      FloatVector shifted = d.fma(FloatVector.broadcast(Lanes.F, LOG2_E), FloatVector.broadcast(Lanes.F, ROUND));
      FloatVector n = shifted.sub(ROUND);
      FloatVector r = n.fma(FloatVector.broadcast(Lanes.F, -LN2_LO), n.fma(FloatVector.broadcast(Lanes.F, -LN2_HI), d));
      FloatVector p = r.fma(FloatVector.broadcast(Lanes.F, M7), FloatVector.broadcast(Lanes.F, M6));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, M5));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, M4));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, M3));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, M2));
      FloatVector m = r.mul(r).fma(p, r);
      IntVector k = shifted.reinterpretAsInts().sub(ROUND_BITS);
      IntVector half = k.lanewise(VectorOperators.ASHR, 1);
      FloatVector first = half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      FloatVector second = k.sub(half).add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      FloatVector e = m.add(1f).mul(first).mul(second);
      FloatVector near = FloatVector.broadcast(Lanes.F, 1f).div(e.add(1f));
      FloatVector far = e.mul(near);
      FloatVector change = t.mul(near).mul(far);
      FloatVector slope = near.add(change).blend(far.sub(change), value.compare(VectorOperators.LT, 0f));
      fromMemorySegment(F, dy, from + i, NATIVE).mul(slope).intoMemorySegment(dx, from + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      dx.set(JAVA_FLOAT, from + i, dy.get(JAVA_FLOAT, from + i) * SmoothUnitsReference.siluSlope(x.get(JAVA_FLOAT, from + i)));
    }
  }
}
