package dev.lanewise.training;

/** Checks of the numbers of optimizers. */
final class Hyper {
  private Hyper() {}

  static void requirePositive(String optimizer, String what, float value) {
    if (!(value > 0 && value < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          optimizer + ": " + what + " is " + value + "; a finite number above 0 is needed");
    }
  }

  static void requireNotNegative(String optimizer, String what, float value) {
    if (!(value >= 0 && value < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(optimizer + ": " + what + " is " + value + "; a finite number from 0 is needed");
    }
  }

  /** Requires a rate of forgetting: from 0, and below 1, where nothing would ever be forgotten. */
  static void requireDecay(String optimizer, String what, float value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(optimizer + ": " + what + " is " + value + "; a number from 0 to below 1 is needed");
    }
  }
}
