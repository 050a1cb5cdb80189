package dev.lanewise.reports;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Groups of horizontal bars as SVG: a group for each piece of work, a bar for each contender, a mark where the limit is.
 */
final class BarChart {
  private static final int WIDTH = 860;
  private static final int LEFT = 210;
  private static final int RIGHT = 50;
  private static final int BAR = 9;
  private static final int GAP = 8;
  private static final int AXIS = 26;

  /**
   * One group.
   *
   * @param bars value by contender; NaN leaves the bar out
   * @param limit or NaN
   */
  record Group(String label, Map<String, Double> bars, double limit) {}

  private BarChart() {}

  /** The chart; empty if there is nothing to draw. */
  static String svg(String title, String unit, List<String> contenders, List<Group> groups) {
    double top = groups.stream()
        .flatMapToDouble(g -> DoubleStream.concat(
            g.bars.values().stream().mapToDouble(Double::doubleValue), DoubleStream.of(g.limit)))
        .filter(Double::isFinite).max().orElse(0);
    if (top <= 0) {
      return "";
    }
    double step = Axis.step(top);
    double scale = (WIDTH - LEFT - RIGHT) / (step * Math.ceil(top / step));
    int height = AXIS;
    for (Group group : groups) {
      height += GAP + BAR * drawn(group, contenders).size();
    }
    StringBuilder svg = new StringBuilder();
    add(svg, "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n", WIDTH, height + AXIS, Html.escape(title));
    for (int i = 0; i * step <= step * Math.ceil(top / step) + 1e-9; i++) {
      double x = LEFT + scale * step * i;
      add(svg, "<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>", x, AXIS, x, height);
      add(svg, "<text class=\"tick\" text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">%s</text>\n", x, AXIS - 8, Axis.label(step * i, step));
    }
    add(svg, "<text class=\"tick\" text-anchor=\"end\" x=\"%d\" y=\"%d\">%s</text>\n", WIDTH - 2, height + 16, Html.escape(unit));
    int y = AXIS + GAP / 2;
    for (Group group : groups) {
      List<String> drawn = drawn(group, contenders);
      int middle = y + BAR * drawn.size() / 2;
      add(svg, "<text class=\"label\" text-anchor=\"end\" x=\"%d\" y=\"%d\">%s</text>\n", LEFT - 6, middle + 4, Html.escape(group.label));
      int from = y;
      for (String who : drawn) {
        double value = group.bars.getOrDefault(who, 0.0);
        add(svg, "<rect fill=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"><title>%s %s: %s %s</title></rect>\n",
            Colours.of(who), LEFT, y, Math.max(1, scale * value), BAR - 1, Html.escape(group.label), Html.escape(who),
            Format.speed(value), Html.escape(unit));
        y += BAR;
      }
      if (Double.isFinite(group.limit)) {
        double x = LEFT + scale * group.limit;
        add(svg, "<line class=\"limit\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>\n", x, from - 2, x, y + 1);
      }
      y += GAP;
    }
    return svg.append("</svg>\n").toString();
  }

  private static List<String> drawn(Group group, List<String> contenders) {
    return contenders.stream().filter(who -> Double.isFinite(group.bars.getOrDefault(who, Double.NaN))).toList();
  }

  private static void add(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }
}
