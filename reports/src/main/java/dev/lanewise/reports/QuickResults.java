package dev.lanewise.reports;

import dev.lanewise.reports.Figure.Unit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code lanewise bench --quick gemm --json FILE} writes. */
final class QuickResults {
  private QuickResults() {}

  static Run read(Node root) throws ReportException {
    double peak = root.get("peakGflops").number();
    List<Figure> figures = new ArrayList<>();
    for (Node shape : root.get("shapes").elements()) {
      String work = shape.get("name").text();
      double limit = shape.has("peakGflops") ? shape.get("peakGflops").number() : peak;
      figures.add(figure(work, Figure.OURS, shape.get("lanewise").number(), limit));
      if (shape.has("openblas") && !shape.get("openblas").isNull()) {
        figures.add(figure(work, "openblas-jni", shape.get("openblas").number(), limit));
      }
    }
    if (figures.isEmpty()) {
      throw new ReportException(root.file(), "holds no shape", null);
    }
    return new Run.Benchmarks(root.fileName(), facts(root, peak), figures);
  }

  private static Figure figure(String work, String who, double speed, double limit) {
    return new Figure(
        "Gemm", work, who, Unit.ARITHMETIC, speed, Double.NaN, limit, Double.NaN, Double.NaN, Double.NaN);
  }

  private static Map<String, String> facts(Node root, double peak) throws ReportException {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Method", "quick comparison in one process" + (root.has("rounds")
        ? ", medians of " + Format.plain(root.get("rounds").number(), 0) + " rounds"
        : ""));
    if (root.has("java")) {
      facts.put("JVM", root.get("java").text());
    }
    if (root.has("openblasVersion")) {
      facts.put("OpenBLAS", root.get("openblasVersion").isNull() ? "absent" : root.get("openblasVersion").text());
    }
    if (root.has("vectorBits")) {
      facts.put("Vectors", Format.plain(root.get("vectorBits").number(), 0) + " bits");
    }
    facts.put("FMA peak, 1 thread", Format.plain(peak, 1) + " GFLOP/s");
    return facts;
  }
}
