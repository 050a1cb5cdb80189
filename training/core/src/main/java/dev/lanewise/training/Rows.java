package dev.lanewise.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/** What meters ask of a row of scores. */
final class Rows {
  private Rows() {}

  /** The column of the highest score, the first of equal ones; {@link ConfusionMatrix#NONE} if a NaN is among them. */
  static int highest(MemorySegment scores, long from, int cols) {
    int best = 0;
    boolean nan = false;
    for (int c = 0; c < cols; c++) {
      float score = scores.getAtIndex(JAVA_FLOAT, from + c);
      nan |= Float.isNaN(score);
      best = score > scores.getAtIndex(JAVA_FLOAT, from + best) ? c : best;
    }
    return nan ? ConfusionMatrix.NONE : best;
  }
}
