package dev.lanewise.kernels.math;

import static dev.lanewise.kernels.lane.Lanes.exact;
import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.math.ExpConstants.*;
import static dev.lanewise.kernels.math.LogConstants.A0;
import static dev.lanewise.kernels.math.LogConstants.A1;
import static dev.lanewise.kernels.math.LogConstants.A2;
import static dev.lanewise.kernels.math.LogConstants.A3;
import static dev.lanewise.kernels.math.LogConstants.A4;
import static dev.lanewise.kernels.math.LogConstants.A5;
import static dev.lanewise.kernels.math.LogConstants.A6;
import static dev.lanewise.kernels.math.LogConstants.A7;
import static dev.lanewise.kernels.math.LogConstants.A8;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.reference.SmoothUnitsReference;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** log(1 + e^x), the operations of {@code SmoothUnitsReference} lane by lane; in the loop only the Vector API is called, as {@link ExpKernel} says. */
public final class SoftplusKernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private SoftplusKernel() {}

  /** Writes y[i] = log(1 + e^x[i]) for byte offsets in [from, to); y may be x. */
  public static void run(long from, long to, MemorySegment x, MemorySegment y) {
    long bytes = to - from;
    x = exact(x);
    y = exact(y);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector value = fromMemorySegment(F, x, from + i, NATIVE);
      FloatVector d = value.abs().neg();
      FloatVector shifted = d.fma(FloatVector.broadcast(Lanes.F, LOG2_E), FloatVector.broadcast(Lanes.F, ROUND));
      FloatVector n = shifted.sub(ROUND);
      FloatVector r = n.fma(FloatVector.broadcast(Lanes.F, -LN2_LO), n.fma(FloatVector.broadcast(Lanes.F, -LN2_HI), d));
      FloatVector p = r.fma(FloatVector.broadcast(Lanes.F, E6), FloatVector.broadcast(Lanes.F, E5));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, E4));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, E3));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, E2));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, 1f));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, 1f));
      FloatVector lifted = shifted.reinterpretAsInts().add(LIFTED_BITS).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      FloatVector e = p.mul(lifted).mul(UNLIFT).blend(0f, d.compare(VectorOperators.LT, UNDERFLOW));
      FloatVector q = e.fma(FloatVector.broadcast(Lanes.F, A8), FloatVector.broadcast(Lanes.F, A7));
      q = q.fma(e, FloatVector.broadcast(Lanes.F, A6));
      q = q.fma(e, FloatVector.broadcast(Lanes.F, A5));
      q = q.fma(e, FloatVector.broadcast(Lanes.F, A4));
      q = q.fma(e, FloatVector.broadcast(Lanes.F, A3));
      q = q.fma(e, FloatVector.broadcast(Lanes.F, A2));
      q = q.fma(e, FloatVector.broadcast(Lanes.F, A1));
      q = q.fma(e, FloatVector.broadcast(Lanes.F, A0));
      FloatVector log = e.mul(e).fma(q, e);
      value.blend(0f, value.compare(VectorOperators.LE, 0f)).add(log).intoMemorySegment(y, from + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      y.set(JAVA_FLOAT, from + i, SmoothUnitsReference.softplus(x.get(JAVA_FLOAT, from + i)));
    }
  }
}
