package dev.lanewise.jmh.quick;

import java.util.Arrays;

/** Medians: a neighbour that takes the processor for a moment moves them little. */
final class Median {
  private Median() {}

  /** The middle value, or the mean of the two in the middle. */
  static double of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no values have no median");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /** The median of the quotients of values taken side by side: drift of the clock is in both and cancels. */
  static double ofRatios(double[] above, double[] below) {
    double[] ratios = new double[above.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = above[i] / below[i];
    }
    return of(ratios);
  }
}
