package dev.lanewise.kernels.math;

import static dev.lanewise.kernels.math.ExpConstants.*;

import dev.lanewise.kernels.lane.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * exp, tanh and sigmoid of a vector: the operations of {@code MathReference} lane by lane. What a scalar branch skips is computed
 * here and replaced by a blend.
 */
public final class ExpVector {
  private ExpVector() {}

  public static FloatVector exp(FloatVector x) {
    return notAbove(x).blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.GT, OVERFLOW));
  }

  /** exp for arguments of at most {@link ExpConstants#OVERFLOW}: what softmax and sigmoid need. */
  public static FloatVector notAbove(FloatVector x) {
    FloatVector t = x.fma(FloatVector.broadcast(Lanes.F, LOG2_E), FloatVector.broadcast(Lanes.F, ROUND));
    FloatVector r = reduced(x, t.sub(ROUND));
    FloatVector p = r.fma(FloatVector.broadcast(Lanes.F, E6), FloatVector.broadcast(Lanes.F, E5));
    p = p.fma(r, FloatVector.broadcast(Lanes.F, E4));
    p = p.fma(r, FloatVector.broadcast(Lanes.F, E3));
    p = p.fma(r, FloatVector.broadcast(Lanes.F, E2));
    p = p.fma(r, FloatVector.broadcast(Lanes.F, 1f));
    p = p.fma(r, FloatVector.broadcast(Lanes.F, 1f));
    IntVector k = t.reinterpretAsInts().sub(ROUND_BITS);
    IntVector half = k.lanewise(VectorOperators.ASHR, 1);
    FloatVector y = p.mul(power(half)).mul(power(k.sub(half)));
    return y.blend(0f, x.compare(VectorOperators.LT, UNDERFLOW));
  }

  public static FloatVector tanh(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector z = a.add(a);
    FloatVector t = z.fma(FloatVector.broadcast(Lanes.F, LOG2_E), FloatVector.broadcast(Lanes.F, ROUND));
    FloatVector r = reduced(z, t.sub(ROUND));
    FloatVector p = r.fma(FloatVector.broadcast(Lanes.F, M7), FloatVector.broadcast(Lanes.F, M6));
    p = p.fma(r, FloatVector.broadcast(Lanes.F, M5));
    p = p.fma(r, FloatVector.broadcast(Lanes.F, M4));
    p = p.fma(r, FloatVector.broadcast(Lanes.F, M3));
    p = p.fma(r, FloatVector.broadcast(Lanes.F, M2));
    FloatVector q = r.mul(r).fma(p, r);
    FloatVector s = power(t.reinterpretAsInts().sub(ROUND_BITS));
    FloatVector expm1 = s.fma(q, s.sub(1f));
    FloatVector y = quotient(expm1, 2f, expm1).blend(1f, a.compare(VectorOperators.GT, TANH_ONE));
    IntVector sign = x.reinterpretAsInts().and(0x8000_0000);
    return y.reinterpretAsInts().or(sign).reinterpretAsFloats();
  }

  public static FloatVector sigmoid(FloatVector x) {
    FloatVector e = notAbove(x.abs().neg());
    FloatVector one = FloatVector.broadcast(Lanes.F, 1f);
    return quotient(one.blend(e, x.compare(VectorOperators.LT, 0f)), 1f, e);
  }

  /** numerator / (large + small), what rounding takes from the sum given back. */
  private static FloatVector quotient(FloatVector numerator, float large, FloatVector small) {
    FloatVector sum = small.add(large);
    FloatVector lost = small.sub(sum.sub(large));
    FloatVector inverse = FloatVector.broadcast(Lanes.F, 1f).div(sum);
    FloatVector q = numerator.mul(inverse);
    FloatVector minus = q.neg();
    FloatVector left = minus.fma(lost, minus.fma(sum, numerator));
    return left.fma(inverse, q);
  }

  /** x - n ln 2, in two steps so that the first is exact. */
  private static FloatVector reduced(FloatVector x, FloatVector n) {
    FloatVector r = n.fma(FloatVector.broadcast(Lanes.F, -LN2_HI), x);
    return n.fma(FloatVector.broadcast(Lanes.F, -LN2_LO), r);
  }

  /** 2^k for k in [-126, 127]. */
  private static FloatVector power(IntVector k) {
    return k.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
  }
}
