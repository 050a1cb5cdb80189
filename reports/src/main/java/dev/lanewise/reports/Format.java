package dev.lanewise.reports;

import java.util.Locale;

/** Numbers as texts, the same in every locale; what was not measured is a dash. */
final class Format {
  static final String NONE = "–";

  private Format() {}

  /** So many digits after the point. */
  static String plain(double value, int digits) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%." + digits + "f", value) : NONE;
  }

  /** About three digits that count. */
  static String speed(double value) {
    double size = Math.abs(value);
    return size >= 1e5 ? grouped(value) : plain(value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
  }

  /** Digits in groups of three. */
  static String grouped(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%,.0f", value) : NONE;
  }

  /** A share as a percentage. */
  static String percent(double share, int digits) {
    return Double.isFinite(share) ? plain(100 * share, digits) + "%" : NONE;
  }
}
