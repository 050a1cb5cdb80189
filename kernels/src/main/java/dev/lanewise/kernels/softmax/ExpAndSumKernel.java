package dev.lanewise.kernels.softmax;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.VirtualLanes.BY_1;
import static dev.lanewise.kernels.lane.VirtualLanes.BY_2;
import static dev.lanewise.kernels.lane.VirtualLanes.BY_4;
import static dev.lanewise.kernels.lane.VirtualLanes.BY_8;
import static dev.lanewise.kernels.lane.VirtualLanes.FOUR;
import static dev.lanewise.kernels.lane.VirtualLanes.TWO;
import static dev.lanewise.kernels.math.ExpConstants.*;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.lane.VirtualLanes;
import dev.lanewise.kernels.math.ExpKernel;
import dev.lanewise.kernels.reference.MathReference;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * e^(x - max), kept, and its sum, in one pass over a row of at least 16 elements; a loop of its own, as {@code ExpKernel} says. The rest of fewer than
 * 16 comes from a vector that ends with the row: it runs before the loop, which computes some of its results again, to the same bits. In place
 * that would take exponentials of exponentials, so there the rest is scalar.
 */
final class ExpAndSumKernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private ExpAndSumKernel() {}

  /** Over byte offsets in [from, to), the sum over 16 virtual lanes; no x may exceed the maximum; y may be x. */
  static float run(long from, long to, MemorySegment x, float max, MemorySegment y) {
    FloatVector a0 = FloatVector.zero(Lanes.F);
    FloatVector a1 = FloatVector.zero(Lanes.F);
    FloatVector a2 = FloatVector.zero(Lanes.F);
    FloatVector a3 = FloatVector.zero(Lanes.F);
    long end = from + VirtualLanes.wholeGroups(to - from);
    boolean inPlace = x.address() == y.address();
    if (!inPlace && end < to) {
      ExpKernel.run(Math.min(end, to - STEP), to, x, max, y);
    }
    for (long i = from; i < end; i += STEP) {
      FloatVector d = fromMemorySegment(F, x, i, NATIVE).sub(max);
      FloatVector t = d.fma(FloatVector.broadcast(Lanes.F, LOG2_E), FloatVector.broadcast(Lanes.F, ROUND));
      FloatVector n = t.sub(ROUND);
      FloatVector r = n.fma(FloatVector.broadcast(Lanes.F, -LN2_LO), n.fma(FloatVector.broadcast(Lanes.F, -LN2_HI), d));
      FloatVector p = r.fma(FloatVector.broadcast(Lanes.F, E6), FloatVector.broadcast(Lanes.F, E5));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, E4));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, E3));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, E2));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, 1f));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, 1f));
      IntVector k = t.reinterpretAsInts().sub(ROUND_BITS);
      IntVector half = k.lanewise(VectorOperators.ASHR, 1);
      FloatVector first = half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      FloatVector second = k.sub(half).add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      FloatVector e = p.mul(first).mul(second).blend(0f, d.compare(VectorOperators.LT, UNDERFLOW));
      e.intoMemorySegment(y, i, NATIVE);
      FloatVector next = a0.add(e);
      a0 = TWO ? a1 : next;
      a1 = FOUR ? a2 : next;
      a2 = a3;
      a3 = next;
    }
    FloatVector sum = FOUR ? a0.add(a2).add(a1.add(a3)) : TWO ? a0.add(a1) : a0.add(a0.rearrange(BY_8));
    sum = FOUR ? sum : sum.add(sum.rearrange(BY_4));
    sum = sum.add(sum.rearrange(BY_2));
    float total = sum.add(sum.rearrange(BY_1)).lane(0);
    for (long i = end; i < to; i += 4) {
      if (inPlace) {
        y.set(JAVA_FLOAT, i, MathReference.exp(x.get(JAVA_FLOAT, i) - max));
      }
      total += y.get(JAVA_FLOAT, i);
    }
    return total;
  }
}
