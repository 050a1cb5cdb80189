package dev.lanewise.reports;

import java.util.List;
import java.util.Map;

/** One result file. */
sealed interface Run {
  /** The name of the file. */
  String file();

  /** What else is known about it: JVM, options, versions. */
  Map<String, String> facts();

  /** Benchmarks: contenders on the same machine in the same run. */
  record Benchmarks(String file, Map<String, String> facts, List<Figure> figures) implements Run {}

  /**
   * A training.
   *
   * @param peakFraction useful arithmetic as a share of the FMA peak of its threads, measured in the same run
   */
  record Training(
      String file, Map<String, String> facts, List<Epoch> epochs, double testLoss, double testAccuracy, double peakFraction)
      implements
        Run {}

  /** One pass over the training data. */
  record Epoch(double loss, double accuracy, double seconds, double imagesPerSecond) {}
}
