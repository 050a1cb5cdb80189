package dev.lanewise.reports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the tests of a module left in {@code target/laws}: which laws hold which subject, and what the last run measured. */
final class Laws {
  private record Law(String tier, String test) {}

  private record Measured(String outcome, double share, double ulp, boolean property) {
    static final Measured NOTHING = new Measured("not run", Double.NaN, Double.NaN, false);
  }

  private final Map<String, List<Law>> laws = new TreeMap<>();
  private final Map<String, Measured> measured = new HashMap<>();

  private Laws() {}

  static Laws read(Path folder) throws IOException {
    Laws all = new Laws();
    for (String[] cells : cells(folder.resolve("laws.tsv"), 3)) {
      all.laws.computeIfAbsent(cells[0], subject -> new ArrayList<>()).add(new Law(cells[1], cells[2]));
    }
    for (String[] cells : cells(folder.resolve("measured.tsv"), 5)) {
      all.measured.put(cells[0],
          new Measured(cells[1], Double.parseDouble(cells[2]), Double.parseDouble(cells[3]), cells[4].equals("property")));
    }
    return all;
  }

  private static List<String[]> cells(Path file, int columns) throws IOException {
    if (!Files.exists(file)) {
      throw new ReportException(file.toString(), "is not there; run mvn verify first", null);
    }
    List<String[]> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      String[] cells = line.split("\t", -1);
      if (cells.length != columns) {
        throw new ReportException(file.toString(), "has a line of " + cells.length + " cells instead of " + columns + ": " + line, null);
      }
      lines.add(cells);
    }
    return lines;
  }

  Set<String> subjects() {
    return laws.keySet();
  }

  /** How many different tests there are in all. */
  int tests() {
    return all().size();
  }

  /** How many of them are properties, which try many cases. */
  long properties() {
    return all().stream().filter(test -> of(test, measured).property()).count();
  }

  private Set<String> all() {
    Set<String> tests = new HashSet<>();
    laws.values().forEach(each -> each.forEach(law -> tests.add(law.test())));
    return tests;
  }

  long count(String subject, String tier) {
    return of(subject).stream().filter(law -> law.tier().equals(tier)).count();
  }

  /** The tests, by class and method, without their package. */
  List<String> names(String subject) {
    return of(subject).stream().map(law -> "`" + law.test().substring(law.test().lastIndexOf('.') + 1) + "`").toList();
  }

  /** Tests that failed, or did not run for a reason other than a stated assumption. */
  List<String> unproven(String subject) {
    return of(subject).stream()
        .map(Law::test)
        .filter(test -> !Set.of("passed", "skipped").contains(of(test, measured).outcome()))
        .toList();
  }

  /** The worst error as a share of its bound, NaN where no law measured one. */
  double worstShare(String subject) {
    double worst = Double.NaN;
    for (Law law : of(subject)) {
      worst = worse(worst, of(law.test(), measured).share());
    }
    return worst;
  }

  /** The largest error in ulp, NaN where no law measured one. */
  double worstUlp(String subject) {
    double worst = Double.NaN;
    for (Law law : of(subject)) {
      worst = worse(worst, of(law.test(), measured).ulp());
    }
    return worst;
  }

  private static double worse(double a, double b) {
    return Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.max(a, b);
  }

  private List<Law> of(String subject) {
    return laws.getOrDefault(subject, List.of());
  }

  private static Measured of(String test, Map<String, Measured> measured) {
    return measured.getOrDefault(test, Measured.NOTHING);
  }
}
