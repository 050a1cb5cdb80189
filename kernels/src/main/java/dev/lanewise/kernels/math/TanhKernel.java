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

/** Hyperbolic tangent, the operations of {@code MathReference} lane by lane; in the loop only the Vector API is called, as {@link ExpKernel} says. */
public final class TanhKernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private TanhKernel() {}

  /** Writes y[i] = tanh x[i] for byte offsets in [from, to); y may be x. */
  public static void run(long from, long to, MemorySegment x, MemorySegment y) {
    long bytes = to - from;
    x = exact(x);
    y = exact(y);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector value = fromMemorySegment(F, x, from + i, NATIVE);
      FloatVector a = value.abs();
      FloatVector z = a.add(a);
      FloatVector t = z.fma(FloatVector.broadcast(Lanes.F, LOG2_E), FloatVector.broadcast(Lanes.F, ROUND));
      FloatVector n = t.sub(ROUND);
      FloatVector r = n.fma(FloatVector.broadcast(Lanes.F, -LN2_LO), n.fma(FloatVector.broadcast(Lanes.F, -LN2_HI), z));
      FloatVector p = r.fma(FloatVector.broadcast(Lanes.F, M7), FloatVector.broadcast(Lanes.F, M6));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, M5));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, M4));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, M3));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, M2));
      FloatVector s = t.reinterpretAsInts().add(127 - ROUND_BITS).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      FloatVector expm1 = s.fma(r.mul(r).fma(p, r), s.sub(1f));
      FloatVector sum = expm1.add(2f);
      FloatVector lost = expm1.sub(sum.sub(2f));
      FloatVector inverse = FloatVector.broadcast(Lanes.F, 1f).div(sum);
      FloatVector q = expm1.mul(inverse);
      FloatVector left = q.neg().fma(lost, q.neg().fma(sum, expm1));
      FloatVector size = left.fma(inverse, q).blend(1f, a.compare(VectorOperators.GT, TANH_ONE));
      IntVector sign = value.reinterpretAsInts().and(0x8000_0000);
      size.reinterpretAsInts().or(sign).intoMemorySegment(y, from + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      y.set(JAVA_FLOAT, from + i, MathReference.tanh(x.get(JAVA_FLOAT, from + i)));
    }
  }
}
