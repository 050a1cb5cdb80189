package dev.lanewise.kernels.softmax;

import static dev.lanewise.kernels.lane.Lanes.exact;
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
import dev.lanewise.kernels.reference.MathReference;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Sum of e^(x - max), when the exponentials themselves are not wanted; a loop of its own, as {@code ExpKernel} says. */
public final class SumOfExpKernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private SumOfExpKernel() {}

  /** Sum over byte offsets in [from, to), over 16 virtual lanes; no x may exceed the maximum. */
  public static float run(long from, long to, MemorySegment x, float max) {
    long bytes = to - from;
    x = exact(x);
    FloatVector a0 = FloatVector.zero(Lanes.F);
    FloatVector a1 = FloatVector.zero(Lanes.F);
    FloatVector a2 = FloatVector.zero(Lanes.F);
    FloatVector a3 = FloatVector.zero(Lanes.F);
    long end = VirtualLanes.wholeGroups(bytes);
    for (long i = 0; i < end; i += STEP) {
      FloatVector d = fromMemorySegment(F, x, from + i, NATIVE).sub(max);
      FloatVector t = d.fma(FloatVector.broadcast(Lanes.F, LOG2_E), FloatVector.broadcast(Lanes.F, ROUND));
      FloatVector n = t.sub(ROUND);
      FloatVector r = n.fma(FloatVector.broadcast(Lanes.F, -LN2_LO), n.fma(FloatVector.broadcast(Lanes.F, -LN2_HI), d));
      FloatVector p = r.fma(FloatVector.broadcast(Lanes.F, E6), FloatVector.broadcast(Lanes.F, E5));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, E4));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, E3));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, E2));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, 1f));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, 1f));
      FloatVector lifted = t.reinterpretAsInts().add(LIFTED_BITS).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      FloatVector e = p.mul(lifted).mul(UNLIFT).blend(0f, d.compare(VectorOperators.LT, UNDERFLOW));
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
    for (long i = end; i < bytes; i += 4) {
      total += MathReference.exp(x.get(JAVA_FLOAT, from + i) - max);
    }
    return total;
  }
}
