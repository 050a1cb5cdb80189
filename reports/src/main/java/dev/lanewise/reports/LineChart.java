package dev.lanewise.reports;

import java.util.Locale;

/** A curve over epochs as SVG. */
final class LineChart {
  private static final int WIDTH = 420;
  private static final int HEIGHT = 220;
  private static final int LEFT = 56;
  private static final int RIGHT = 14;
  private static final int TOP = 26;
  private static final int BOTTOM = 30;

  private LineChart() {}

  /** One value for each epoch from 1; the axis reaches from a little below the least to a little above the greatest. */
  static String svg(String title, double... values) {
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      if (Double.isFinite(value)) {
        least = Math.min(least, value);
        greatest = Math.max(greatest, value);
      }
    }
    if (least > greatest) {
      return "";
    }
    double step = Axis.step(Math.max(greatest - least, Math.max(Math.abs(greatest), 1e-6) * 1e-3));
    double low = Math.floor(least / step - 1e-9) * step;
    double high = Math.max(Math.ceil(greatest / step + 1e-9) * step, low + step);
    StringBuilder svg = new StringBuilder();
    add(svg, "<svg class=\"curve\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n", WIDTH, HEIGHT, Html.escape(title));
    add(svg, "<text class=\"label\" x=\"%d\" y=\"15\">%s</text>\n", LEFT, Html.escape(title));
    for (int i = 0; low + i * step <= high + step * 1e-6; i++) {
      double y = y(low + i * step, low, high);
      add(svg, "<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>", LEFT, y, WIDTH - RIGHT, y);
      add(svg, "<text class=\"tick\" text-anchor=\"end\" x=\"%d\" y=\"%.1f\">%s</text>\n", LEFT - 6, y + 4,
          Axis.label(low + i * step, step));
    }
    int everyOther = Math.max(1, values.length / 10);
    StringBuilder points = new StringBuilder();
    StringBuilder dots = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      double x = values.length == 1 ? (LEFT + WIDTH - RIGHT) / 2.0 : LEFT + 8 + (WIDTH - RIGHT - LEFT - 16.0) * i / (values.length - 1);
      if (i % everyOther == 0) {
        add(svg, "<text class=\"tick\" text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">%d</text>\n", x, HEIGHT - 10, i + 1);
      }
      if (Double.isFinite(values[i])) {
        double y = y(values[i], low, high);
        add(points, "%.1f,%.1f ", x, y);
        add(dots, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\"><title>epoch %d: %s</title></circle>", x, y, i + 1,
            Format.plain(values[i], 4));
      }
    }
    return svg.append("<polyline points=\"").append(points.toString().strip()).append("\"/>").append(dots).append("\n</svg>\n").toString();
  }

  private static double y(double value, double low, double high) {
    return TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / (high - low);
  }

  private static void add(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }
}
