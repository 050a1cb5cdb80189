package dev.lanewise.kernels.rng;

import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.math.LogVector;
import dev.lanewise.kernels.math.TurnVector;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Two words, a radius and an angle, become two independent normal numbers; source in {@code RngReference}. */
final class BoxMuller {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();

  private BoxMuller() {}

  /** Replaces the words at two byte offsets by {@code mean + stddev z}. */
  static void pair(MemorySegment y, long lower, long upper, float mean, float stddev) {
    FloatVector u = PhiloxVector.fraction(PhiloxVector.word(y, lower), 1);
    IntVector turn = PhiloxVector.word(y, upper);
    FloatVector radius = LogVector.log(u).mul(-2f).lanewise(VectorOperators.SQRT);
    FloatVector start = FloatVector.broadcast(Lanes.F, mean);
    FloatVector factor = FloatVector.broadcast(Lanes.F, stddev);
    radius.mul(TurnVector.cosine(turn)).fma(factor, start).intoMemorySegment(y, lower, NATIVE);
    radius.mul(TurnVector.sine(turn)).fma(factor, start).intoMemorySegment(y, upper, NATIVE);
  }
}
