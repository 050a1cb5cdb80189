package dev.lanewise.cli;

import dev.lanewise.layers.Model;
import dev.lanewise.training.History;

/** What the arithmetic of training amounts to, counted as if nothing were wasted. */
final class UsefulWork {
  private UsefulWork() {}

  /** The median over the epochs; 0 without one. */
  static double examplesPerSecond(History history) {
    return history.epochs().isEmpty() ? 0
        : PeakMeter.median(history.epochs().stream().mapToDouble(epoch -> epoch.examplesPerSecond()).toArray());
  }

  /** Useful work of the training steps, GFLOP/s, at the median speed. */
  static double gflops(History history, Model model) {
    return examplesPerSecond(history) * model.trainingFlops() * 1e-9;
  }
}
