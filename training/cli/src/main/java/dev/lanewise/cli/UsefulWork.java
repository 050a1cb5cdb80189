package dev.lanewise.cli;

import dev.lanewise.layers.Layer;
import dev.lanewise.layers.Sequential;
import dev.lanewise.training.History;

/** What the arithmetic of training amounts to, counted as if nothing were wasted. */
final class UsefulWork {
  private UsefulWork() {}

  /**
   * Floating-point operations per trained example, two per multiply-add: each layer with parameters multiplies once
   * forward, once for the gradient of its weights and, except the first of them, before which there is nothing to learn, once
   * for the gradient of its input. 15.4 million for the article's network.
   */
  static long flopsPerExample(Sequential model) {
    long sum = 0;
    for (Layer layer : model.layers()) {
      if (!layer.params().isEmpty()) {
        sum += layer.flops() * (sum == 0 ? 2 : 3);
      }
    }
    return sum;
  }

  /** The median over the epochs; 0 without one. */
  static double imagesPerSecond(History history) {
    return history.epochs().isEmpty() ? 0
        : PeakMeter.median(history.epochs().stream().mapToDouble(epoch -> epoch.examplesPerSecond()).toArray());
  }

  /** Useful work of the training steps, GFLOP/s, at the median speed. */
  static double gflops(History history, Sequential model) {
    return imagesPerSecond(history) * flopsPerExample(model) * 1e-9;
  }
}
