package dev.lanewise.kernels.math;

import static dev.lanewise.kernels.lane.Lanes.exact;
import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.math.ExpConstants.LN2_HI;
import static dev.lanewise.kernels.math.ExpConstants.LN2_LO;
import static dev.lanewise.kernels.math.LogConstants.*;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.reference.MathReference;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Natural logarithm, the operations of {@code MathReference} lane by lane; in the loop only the Vector API is called, as {@link ExpKernel} says. */
public final class LogKernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private LogKernel() {}

  /** Writes y[i] = log x[i] for byte offsets in [from, to); y may be x. */
  public static void run(long from, long to, MemorySegment x, MemorySegment y) {
    long bytes = to - from;
    x = exact(x);
    y = exact(y);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector value = fromMemorySegment(F, x, from + i, NATIVE);
      VectorMask<Float> subnormal = value.compare(VectorOperators.LT, Float.MIN_NORMAL);
      IntVector bits = value.blend(value.mul(LIFT), subnormal).reinterpretAsInts();
      IntVector k = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
      FloatVector f = bits.sub(k.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats().sub(1f);
      FloatVector exponent = (FloatVector) k.convert(VectorOperators.I2F, 0);
      exponent = exponent.blend(exponent.sub(LIFT_EXPONENT), subnormal);
      FloatVector whole = exponent.mul(LN2_HI);
      FloatVector high = whole.add(f);
      FloatVector low = f.sub(high.sub(whole));
      FloatVector p = f.fma(FloatVector.broadcast(Lanes.F, L11), FloatVector.broadcast(Lanes.F, L10));
      p = p.fma(f, FloatVector.broadcast(Lanes.F, L9));
      p = p.fma(f, FloatVector.broadcast(Lanes.F, L8));
      p = p.fma(f, FloatVector.broadcast(Lanes.F, L7));
      p = p.fma(f, FloatVector.broadcast(Lanes.F, L6));
      p = p.fma(f, FloatVector.broadcast(Lanes.F, L5));
      p = p.fma(f, FloatVector.broadcast(Lanes.F, L4));
      p = p.fma(f, FloatVector.broadcast(Lanes.F, L3));
      FloatVector tail = f.mul(f).mul(f).fma(p, exponent.fma(FloatVector.broadcast(Lanes.F, LN2_LO), low));
      FloatVector log = high.add(f.mul(-0.5f).fma(f, tail));
      log = value.blend(log, value.compare(VectorOperators.LE, Float.MAX_VALUE));
      log = log.blend(Float.NaN, value.compare(VectorOperators.LT, 0f));
      log.blend(Float.NEGATIVE_INFINITY, value.compare(VectorOperators.EQ, 0f)).intoMemorySegment(y, from + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      y.set(JAVA_FLOAT, from + i, MathReference.log(x.get(JAVA_FLOAT, from + i)));
    }
  }
}
