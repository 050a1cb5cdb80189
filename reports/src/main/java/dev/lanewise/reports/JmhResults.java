package dev.lanewise.reports;

import dev.lanewise.reports.Figure.Unit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What JMH writes with {@code -rf json}. Secondary metrics {@code gflop} and {@code gb}, if there, are the speed;
 * {@code PeakBench} and {@code TriadBench} of the same file are the limits.
 */
final class JmhResults {
  /** Bandwidth of some threads over so many bytes. */
  private record Triad(String threads, double bytes, double bandwidth) {}

  private static final String ALLOCATED = "gc.alloc.rate.norm";

  private final Map<String, Double> peaks = new LinkedHashMap<>();
  private final List<Triad> triads = new ArrayList<>();

  private JmhResults() {}

  static Run read(Node root) throws ReportException {
    List<Node> entries = root.elements();
    if (entries.isEmpty()) {
      throw new ReportException(root.file(), "holds no benchmark", null);
    }
    return new JmhResults().read(root.fileName(), entries);
  }

  private Run read(String file, List<Node> entries) throws ReportException {
    for (Node entry : entries) {
      limits(entry);
    }
    List<Figure> figures = new ArrayList<>();
    for (Node entry : entries) {
      if (!isLimit(entry)) {
        figures.add(figure(entry));
      }
    }
    return new Run.Benchmarks(file, facts(entries.get(0)), figures);
  }

  private static boolean isLimit(Node entry) throws ReportException {
    String type = className(entry);
    return type.equals("PeakBench") || type.equals("TriadBench");
  }

  private void limits(Node entry) throws ReportException {
    switch (className(entry)) {
      case "PeakBench" -> peaks.put(parameter(entry, "threads", "1"), secondary(entry, "gflop"));
      case "TriadBench" -> triads.add(new Triad(
          parameter(entry, "threads", "1"), 12 * Double.parseDouble(parameter(entry, "n", "1")), secondary(entry, "gb")));
      default -> {
        // Measured against a limit.
      }
    }
  }

  private Figure figure(Node entry) throws ReportException {
    Node metric = entry.get("primaryMetric");
    double calls = metric.get("score").number();
    double gflop = secondary(entry, "gflop");
    double gb = secondary(entry, "gb");
    Unit unit = !Double.isNaN(gflop) ? Unit.ARITHMETIC : !Double.isNaN(gb) ? Unit.TRAFFIC : Unit.CALLS;
    double speed = switch (unit) {
      case ARITHMETIC -> gflop;
      case TRAFFIC -> gb;
      case CALLS -> calls;
    };
    double limit = switch (unit) {
      case ARITHMETIC -> peaks.getOrDefault(parameter(entry, "threads", "1"), Double.NaN);
      case TRAFFIC -> bandwidth(parameter(entry, "threads", "1"), 1e9 * gb / calls);
      case CALLS -> Double.NaN;
    };
    return new Figure(family(entry), work(entry), parameter(entry, "peer", Figure.OURS), unit, speed,
        metric.get("scoreError").number() / calls * speed, limit,
        calls * Double.parseDouble(parameter(entry, "n", "NaN")), secondary(entry, ALLOCATED), secondary(entry, "gc.alloc.rate"));
  }

  /** That of the triad on as many threads whose arrays are about as big; NaN without one. */
  private double bandwidth(String threads, double bytes) {
    double best = Double.NaN;
    double distance = Double.POSITIVE_INFINITY;
    for (Triad triad : triads) {
      double away = Math.abs(Math.log(triad.bytes / bytes));
      if (triad.threads.equals(threads) && away < distance) {
        distance = away;
        best = triad.bandwidth;
      }
    }
    return best;
  }

  private static String className(Node entry) throws ReportException {
    String[] words = entry.get("benchmark").text().split("\\.");
    if (words.length < 2) {
      throw new ReportException(entry.file(), entry.get("benchmark").path() + " is not class.method", null);
    }
    return words[words.length - 2];
  }

  /** Peers that need a class of their own belong to the table of the kernel: GemmMklBench to Gemm. */
  private static String family(Node entry) throws ReportException {
    return className(entry).replaceFirst("(Mkl|Ort|Torch)?Bench(mark)?$", "");
  }

  /** Method and parameters, but for the contender and a lone thread. */
  private static String work(Node entry) throws ReportException {
    String name = entry.get("benchmark").text();
    StringBuilder work = new StringBuilder(name.substring(name.lastIndexOf('.') + 1));
    if (entry.has("params")) {
      Node parameters = entry.get("params");
      for (String key : parameters.names()) {
        String value = parameters.get(key).text();
        switch (key) {
          case "peer" -> {
            // Another column.
          }
          case "threads" -> work.append(value.equals("1") ? "" : ", " + value + " threads");
          case "product", "convolution" -> work.append(' ').append(value);
          default -> work.append(' ').append(key).append('=').append(value);
        }
      }
    }
    return work.toString();
  }

  private static String parameter(Node entry, String key, String otherwise) throws ReportException {
    return entry.has("params") && entry.get("params").has(key) ? entry.get("params").get(key).text() : otherwise;
  }

  /** JMH put a dot before the names of profilers once. */
  private static double secondary(Node entry, String name) throws ReportException {
    if (!entry.has("secondaryMetrics")) {
      return Double.NaN;
    }
    Node metrics = entry.get("secondaryMetrics");
    for (String key : List.of(name, "·" + name)) {
      if (metrics.has(key)) {
        return metrics.get(key).get("score").number();
      }
    }
    return Double.NaN;
  }

  private static String counted(String threads) {
    return threads + (threads.equals("1") ? " thread" : " threads");
  }

  private Map<String, String> facts(Node entry) throws ReportException {
    Map<String, String> facts = new LinkedHashMap<>();
    if (entry.has("vmName") && entry.has("vmVersion")) {
      facts.put("JVM", entry.get("vmName").text() + " " + entry.get("vmVersion").text());
    }
    if (entry.has("jmhVersion")) {
      facts.put("JMH", entry.get("jmhVersion").text());
    }
    if (entry.has("forks") && entry.has("measurementIterations")) {
      facts.put("Processes", Format.plain(entry.get("forks").number(), 0) + ", with "
          + Format.plain(entry.get("measurementIterations").number(), 0) + " measurements each");
    }
    peaks.forEach((threads, peak) -> facts.put("FMA peak, " + counted(threads), Format.plain(peak, 1) + " GFLOP/s"));
    triads.forEach(triad -> facts.put(
        "Triad over " + Format.plain(triad.bytes / 1024, 0) + " KB, " + counted(triad.threads),
        Format.plain(triad.bandwidth, 1) + " GB/s"));
    return facts;
  }
}
