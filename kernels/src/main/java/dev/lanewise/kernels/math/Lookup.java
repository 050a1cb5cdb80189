package dev.lanewise.kernels.math;

import dev.lanewise.kernels.lane.Lanes;
import jdk.incubator.vector.IntVector;

/**
 * Columns of {@link Pieces} as vectors. A lane takes its piece's number out of one of 8 or 16 lanes by one permutation, out of two of 4 lanes by two and a selection:
 * {@code HALVES ? piece.selectFrom(lower, upper) : piece.selectFrom(lower)}, of an index the lower three bits. It is written out in the loops, which call the Vector API only.
 */
final class Lookup {
  static final boolean HALVES = Lanes.COUNT < Pieces.COUNT;

  private static final int UPPER = HALVES ? Lanes.COUNT : 0;

  private Lookup() {}

  static IntVector lower(int[] column) {
    return IntVector.fromArray(Lanes.I, column, 0);
  }

  /** The half that vectors of 4 lanes lack. */
  static IntVector upper(int[] column) {
    return IntVector.fromArray(Lanes.I, column, UPPER);
  }
}
