package dev.lanewise.reports;

/** Where the marks of an axis stand. */
final class Axis {
  private Axis() {}

  /** 1, 2 or 5 times a power of ten, so that there are about six marks from 0 to the top. */
  static double step(double top) {
    double power = Math.pow(10, Math.floor(Math.log10(top / 6)));
    for (double step : new double[] {1, 2, 5}) {
      if (top / (step * power) <= 7) {
        return step * power;
      }
    }
    return 10 * power;
  }

  /** With as many digits as the step needs. */
  static String label(double value, double step) {
    return Format.plain(value, Math.max(0, (int) Math.ceil(-Math.log10(step) - 1e-9)));
  }
}
