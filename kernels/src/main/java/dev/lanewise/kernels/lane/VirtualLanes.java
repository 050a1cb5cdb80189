package dev.lanewise.kernels.lane;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * Sums over 16 virtual lanes, whatever the width of a real vector: lanes 0 to 15 live in one, two or four accumulators of
 * {@link Lanes#COUNT} lanes each, of which the kernels keep as many as the width needs (the others stay zero and fold away).
 */
public final class VirtualLanes {
  /** Bytes of 16 floats: the step of a summing loop. */
  public static final int STEP = 4 * Lanes.VIRTUAL;

  /** Whether a second accumulator (256 bits), a third and a fourth (128 bits) are in use. */
  public static final boolean TWO = Lanes.COUNT <= 8;
  public static final boolean FOUR = Lanes.COUNT == 4;

  /** Byte offset of the second, third and fourth accumulator's floats. */
  public static final int SECOND = 4 * Lanes.COUNT;
  public static final int THIRD = 2 * SECOND;
  public static final int FOURTH = 3 * SECOND;

  private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(Lanes.F, 8 % Lanes.COUNT, 1, true);
  private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(Lanes.F, 4 % Lanes.COUNT, 1, true);
  private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(Lanes.F, 2, 1, true);
  private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(Lanes.F, 1, 1, true);

  private VirtualLanes() {}

  /** The accumulator whose first lane is virtual lane {@code first}, with {@code value} added to virtual lane {@code lane}. */
  public static FloatVector addTo(FloatVector accumulator, int first, int lane, float value) {
    FloatVector index = FloatVector.zero(Lanes.F).addIndex(1);
    return accumulator.blend(accumulator.add(value), index.compare(VectorOperators.EQ, (float) (lane - first)));
  }

  /** As {@link #addTo}, with one fma of a product. */
  public static FloatVector fmaTo(FloatVector accumulator, int first, int lane, float x, float y) {
    FloatVector index = FloatVector.zero(Lanes.F).addIndex(1);
    FloatVector sum = FloatVector.broadcast(Lanes.F, x).fma(FloatVector.broadcast(Lanes.F, y), accumulator);
    return accumulator.blend(sum, index.compare(VectorOperators.EQ, (float) (lane - first)));
  }

  /** The fixed tree: lane j += lane j + 8, then + 4, + 2, + 1. */
  public static float tree(FloatVector a0, FloatVector a1, FloatVector a2, FloatVector a3) {
    FloatVector sum = a0;
    if (FOUR) {
      sum = a0.add(a2).add(a1.add(a3));
    } else if (TWO) {
      sum = a0.add(a1);
      sum = sum.add(sum.rearrange(BY_4));
    } else {
      sum = sum.add(sum.rearrange(BY_8));
      sum = sum.add(sum.rearrange(BY_4));
    }
    sum = sum.add(sum.rearrange(BY_2));
    sum = sum.add(sum.rearrange(BY_1));
    return sum.lane(0);
  }
}
