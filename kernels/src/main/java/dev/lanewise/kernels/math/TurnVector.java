package dev.lanewise.kernels.math;

import static dev.lanewise.kernels.math.TurnConstants.*;

import dev.lanewise.kernels.lane.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Sine of a fraction of a turn, of a vector: the operations of {@code MathReference} lane by lane. */
public final class TurnVector {
  private TurnVector() {}

  /** Sine of {@code turn / 2^32} of a full turn. */
  public static FloatVector sine(IntVector turn) {
    IntVector rest = turn.lanewise(VectorOperators.LSHL, 2).lanewise(VectorOperators.ASHR, 2);
    IntVector quarter = turn.sub(rest);
    FloatVector f = ((FloatVector) rest.convert(VectorOperators.I2F, 0)).mul(0x1p-30f);
    FloatVector t = f.mul(f);
    FloatVector s = t.fma(FloatVector.broadcast(Lanes.F, S3), FloatVector.broadcast(Lanes.F, S2));
    s = s.fma(t, FloatVector.broadcast(Lanes.F, S1));
    s = s.fma(t, FloatVector.broadcast(Lanes.F, S0)).mul(f);
    FloatVector c = t.fma(FloatVector.broadcast(Lanes.F, C4), FloatVector.broadcast(Lanes.F, C3));
    c = c.fma(t, FloatVector.broadcast(Lanes.F, C2));
    c = c.fma(t, FloatVector.broadcast(Lanes.F, C1));
    c = c.fma(t, FloatVector.broadcast(Lanes.F, 1f));
    VectorMask<Float> odd = quarter.and(0x4000_0000).compare(VectorOperators.NE, 0).cast(Lanes.F);
    // Quarters 2 and 3 are negative: their upper bit is the sign bit already.
    IntVector sign = quarter.and(0x8000_0000);
    return s.blend(c, odd).reinterpretAsInts().lanewise(VectorOperators.XOR, sign).reinterpretAsFloats();
  }

  /** Cosine of {@code turn / 2^32} of a full turn. */
  public static FloatVector cosine(IntVector turn) {
    return sine(turn.add(0x4000_0000));
  }
}
