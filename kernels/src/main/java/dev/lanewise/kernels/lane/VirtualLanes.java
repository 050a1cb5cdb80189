package dev.lanewise.kernels.lane;

import jdk.incubator.vector.VectorShuffle;

/**
 * Sums over 16 virtual lanes, whatever the width of a real vector: lanes 0 to 15 live in one, two or four accumulators of
 * {@link Lanes#COUNT} lanes each, of which the kernels keep as many as the width needs (the others stay zero and fold away). The rest
 * of fewer than 16 elements is added to the tree's root as a scalar chain: spreading it over lanes would need vectors that are merged
 * from two branches, which C2 boxes.
 *
 * <p>Where a term is long to compute, the loop goes over single vectors, adds to the first accumulator and rotates them: so its body holds
 * one copy of the term at every width, since C2 stops inlining into a method that has grown too large. Whole groups of 16 leave the
 * accumulators in their places.
 *
 * <p>The tree is written out in each kernel, since a method that takes vectors may stay a call: lane j += lane j + 8, then + 4, + 2, + 1.
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

  /** Bring the lane so far above to each lane; the tree uses those that are narrower than a vector. */
  public static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(Lanes.F, 8 % Lanes.COUNT, 1, true);

  public static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(Lanes.F, 4 % Lanes.COUNT, 1, true);
  public static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(Lanes.F, 2, 1, true);
  public static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(Lanes.F, 1, 1, true);

  private VirtualLanes() {}

  /** Bytes of the whole groups of 16 floats among {@code bytes}. */
  public static long wholeGroups(long bytes) {
    return bytes - bytes % STEP;
  }
}
