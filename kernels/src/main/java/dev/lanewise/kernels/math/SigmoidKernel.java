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
import jdk.incubator.vector.VectorOperators;

/** 1 / (1 + e^-x), the operations of {@code MathReference} lane by lane; in the loop only the Vector API is called, as {@link ExpKernel} says. */
public final class SigmoidKernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private SigmoidKernel() {}

  /** Writes y[i] = sigmoid(x[i]) for byte offsets in [from, to); y may be x. */
  public static void run(long from, long to, MemorySegment x, MemorySegment y) {
    long bytes = to - from;
    x = exact(x);
    y = exact(y);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector value = fromMemorySegment(F, x, from + i, NATIVE);
      FloatVector d = value.reinterpretAsInts().or(0x8000_0000).reinterpretAsFloats();
      FloatVector t = d.fma(FloatVector.broadcast(Lanes.F, LOG2_E), FloatVector.broadcast(Lanes.F, ROUND));
      FloatVector n = t.sub(ROUND);
      FloatVector r = n.fma(FloatVector.broadcast(Lanes.F, -LN2_LO), n.fma(FloatVector.broadcast(Lanes.F, -LN2_HI), d));
      FloatVector p = r.fma(FloatVector.broadcast(Lanes.F, E6), FloatVector.broadcast(Lanes.F, E5));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, E4));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, E3));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, E2));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, 1f));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, 1f));
      if (d.compare(VectorOperators.GE, -NORMAL).allTrue()) {
        // As in ExpKernel: the exponent is added to the bits.
        FloatVector e = t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(p.reinterpretAsInts()).reinterpretAsFloats();
        FloatVector numerator = FloatVector.broadcast(Lanes.F, 1f).blend(e, value.compare(VectorOperators.LT, 0f));
        FloatVector sum = e.add(1f);
        FloatVector lost = e.sub(sum.sub(1f));
        FloatVector inverse = FloatVector.broadcast(Lanes.F, 1f).div(sum);
        FloatVector q = numerator.mul(inverse);
        FloatVector left = q.neg().fma(lost, q.neg().fma(sum, numerator));
        left.fma(inverse, q).intoMemorySegment(y, from + i, NATIVE);
      } else {
        FloatVector lifted = t.reinterpretAsInts().add(LIFTED_BITS).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        FloatVector e = p.mul(lifted).mul(UNLIFT).blend(0f, d.compare(VectorOperators.LT, UNDERFLOW));
        FloatVector numerator = FloatVector.broadcast(Lanes.F, 1f).blend(e, value.compare(VectorOperators.LT, 0f));
        FloatVector sum = e.add(1f);
        FloatVector lost = e.sub(sum.sub(1f));
        FloatVector inverse = FloatVector.broadcast(Lanes.F, 1f).div(sum);
        FloatVector q = numerator.mul(inverse);
        FloatVector left = q.neg().fma(lost, q.neg().fma(sum, numerator));
        left.fma(inverse, q).intoMemorySegment(y, from + i, NATIVE);
      }
    }
    for (; i < bytes; i += 4) {
      y.set(JAVA_FLOAT, from + i, MathReference.sigmoid(x.get(JAVA_FLOAT, from + i)));
    }
  }
}
