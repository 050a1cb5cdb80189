package dev.lanewise.reports;

import dev.lanewise.reports.Figure.Unit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tables and charts of one run of benchmarks: one of each for a family and a unit. */
final class BenchmarkSection {
  private BenchmarkSection() {}

  /** Figures that share a table. */
  private record Group(String family, Unit unit) {}

  static void write(Run.Benchmarks run, Html out) {
    Map<Group, List<Figure>> groups = new LinkedHashMap<>();
    for (Figure figure : run.figures()) {
      groups.computeIfAbsent(new Group(figure.family(), figure.unit()), group -> new ArrayList<>()).add(figure);
    }
    groups.forEach((group, figures) -> write(group, figures, out));
  }

  private static void write(Group group, List<Figure> figures, Html out) {
    Set<String> everybody = new LinkedHashSet<>(List.of(Figure.OURS));
    Map<String, Map<String, Figure>> rows = new LinkedHashMap<>();
    for (Figure figure : figures) {
      everybody.add(figure.who());
      rows.computeIfAbsent(figure.work(), work -> new LinkedHashMap<>()).put(figure.who(), figure);
    }
    List<String> contenders = List.copyOf(everybody);
    out.element("h3", group.family + ", " + group.unit.symbol);
    table(group.unit, contenders, rows, out);
    boolean limited = figures.stream().anyMatch(figure -> Double.isFinite(figure.limit()));
    out.raw(Colours.legend(contenders, limited ? group.unit.limit : ""));
    out.raw(BarChart.svg(group.family, group.unit.symbol, contenders, rows.entrySet().stream().map(BenchmarkSection::bars).toList()));
  }

  private static BarChart.Group bars(Map.Entry<String, Map<String, Figure>> row) {
    Map<String, Double> bars = new LinkedHashMap<>();
    row.getValue().forEach((who, figure) -> bars.put(who, figure.speed()));
    double limit = row.getValue().values().stream().mapToDouble(Figure::limit).findFirst().orElse(Double.NaN);
    return new BarChart.Group(row.getKey(), bars, limit);
  }

  private static void table(Unit unit, List<String> contenders, Map<String, Map<String, Figure>> rows, Html out) {
    List<String> peers = contenders.subList(1, contenders.size());
    boolean elements = rows.values().stream().map(r -> r.get(Figure.OURS))
        .anyMatch(f -> f != null && Double.isFinite(f.elementsPerSecond()));
    List<String> heads = new ArrayList<>(List.of("work", "Lanewise", "±"));
    if (!unit.limit.isEmpty()) {
      heads.add("% of " + unit.limit);
    }
    if (elements) {
      heads.add("ns/element");
    }
    heads.add("B/op");
    for (String peer : peers) {
      heads.add(peer);
      heads.add("× " + peer);
    }
    out.openTable(heads);
    rows.forEach((work, row) -> out.row(cells(unit, work, row, peers, elements)));
    out.closeTable();
  }

  private static List<String> cells(Unit unit, String work, Map<String, Figure> row, List<String> peers, boolean elements) {
    Figure ours = row.get(Figure.OURS);
    List<String> cells = new ArrayList<>(List.of(work, speed(ours), ours == null ? Format.NONE : Format.speed(ours.error())));
    if (!unit.limit.isEmpty()) {
      cells.add(ours == null ? Format.NONE : Format.percent(ours.share(), 1));
    }
    if (elements) {
      cells.add(ours == null ? Format.NONE : Format.plain(1e9 / ours.elementsPerSecond(), 3));
    }
    cells.add(ours == null ? Format.NONE : Format.plain(ours.bytesPerCall(), 1));
    for (String peer : peers) {
      Figure theirs = row.get(peer);
      cells.add(speed(theirs));
      cells.add(ours == null || theirs == null ? Format.NONE : Format.plain(ours.speed() / theirs.speed(), 2));
    }
    return cells;
  }

  private static String speed(@Nullable Figure figure) {
    return figure == null ? Format.NONE : Format.speed(figure.speed());
  }
}
