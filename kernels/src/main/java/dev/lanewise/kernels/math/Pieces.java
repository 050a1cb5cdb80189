package dev.lanewise.kernels.math;

import static java.lang.Math.fma;

/**
 * Eight polynomials of one degree, of which each lane takes the one of its piece: a vector of 8 or 16 lanes looks each coefficient up by one permutation.
 *
 * <p>Each polynomial is in {@code t - center}; centers were chosen where the value is next to a float, so that c0 costs no accuracy.
 */
final class Pieces {
  /** As many as a vector of 256 bits has lanes; a power of two, since lookups take the lower bits of an index. */
  static final int COUNT = 8;

  /** The column of centers; those of coefficients follow, c0 first. */
  static final int CENTER = 0;
  static final int C0 = 1;
  static final int C1 = 2;
  static final int C2 = 3;
  static final int C3 = 4;
  static final int C4 = 5;
  static final int C5 = 6;
  static final int C6 = 7;
  static final int C7 = 8;
  static final int C8 = 9;

  /** The widest vector takes a column twice. */
  private static final int LANES = 16;

  private final float[][] pieces;

  /** Their bits by column: vectors of whole numbers are looked up in without a conversion of the index. */
  private final int[][] columns;

  /** @param pieces center, c0, c1, ... of each */
  Pieces(float[][] pieces) {
    this.pieces = pieces;
    columns = new int[pieces[0].length][LANES];
    for (int lane = 0; lane < LANES; lane++) {
      for (int k = 0; k < columns.length; k++) {
        columns[k][lane] = Float.floatToRawIntBits(pieces[lane % COUNT][k]);
      }
    }
  }

  /** The whole number next to {@code t (a t + b)}, which is the piece of t. */
  static int index(float t, float a, float b) {
    return (int) (fma(t, fma(t, a, b), ExpConstants.ROUND) - ExpConstants.ROUND);
  }

  /** Center, c0, c1, ... of a piece. */
  float[] piece(int index) {
    return pieces[index];
  }

  /** The bits of a column. */
  int[] column(int k) {
    return columns[k];
  }
}
