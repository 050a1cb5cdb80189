package dev.lanewise.kernels.math;

import static dev.lanewise.kernels.math.ExpConstants.LN2_HI;
import static dev.lanewise.kernels.math.ExpConstants.LN2_LO;
import static dev.lanewise.kernels.math.LogConstants.*;

import dev.lanewise.kernels.lane.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** log of a vector: the operations of {@code MathReference} lane by lane. */
public final class LogVector {
  private LogVector() {}

  public static FloatVector log(FloatVector x) {
    VectorMask<Float> subnormal = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
    IntVector bits = x.blend(x.mul(LIFT), subnormal).reinterpretAsInts();
    IntVector k = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
    FloatVector f = bits.sub(k.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats().sub(1f);
    FloatVector exponent = (FloatVector) k.convert(VectorOperators.I2F, 0);
    exponent = exponent.blend(exponent.sub(LIFT_EXPONENT), subnormal);
    FloatVector log = ofParts(exponent, f);
    return x.blend(log, x.compare(VectorOperators.LE, Float.MAX_VALUE))
        .blend(Float.NaN, x.compare(VectorOperators.LT, 0f))
        .blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f));
  }

  /** log(1 + e) for e in [0, 1]. */
  public static FloatVector onePlus(FloatVector e) {
    VectorMask<Float> upper = e.compare(VectorOperators.GT, SQRT2_LESS_1);
    FloatVector k = FloatVector.zero(Lanes.F).blend(1f, upper);
    return ofParts(k, e.blend(e.sub(1f).mul(0.5f), upper));
  }

  private static FloatVector ofParts(FloatVector k, FloatVector f) {
    FloatVector whole = k.mul(LN2_HI);
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
    FloatVector tail = f.mul(f).mul(f).fma(p, k.fma(FloatVector.broadcast(Lanes.F, LN2_LO), low));
    return high.add(f.mul(-0.5f).fma(f, tail));
  }
}
