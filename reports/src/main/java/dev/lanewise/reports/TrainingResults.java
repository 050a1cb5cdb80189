package dev.lanewise.reports;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code lanewise train --json FILE} writes. */
final class TrainingResults {
  private TrainingResults() {}

  static Run read(Node root) throws ReportException {
    List<Run.Epoch> epochs = new ArrayList<>();
    for (Node epoch : root.get("epochs").elements()) {
      epochs.add(new Run.Epoch(
          epoch.get("loss").number(), epoch.get("accuracy").number(), epoch.get("seconds").number(),
          epoch.get("imagesPerSecond").number()));
    }
    if (epochs.isEmpty()) {
      throw new ReportException(root.file(), "holds no epoch", null);
    }
    Node test = root.get("test");
    return new Run.Training(root.fileName(), facts(root), epochs, test.get("loss").number(), test.get("accuracy").number(),
        root.get("peakFraction").number());
  }

  private static Map<String, String> facts(Node root) throws ReportException {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Model", root.get("model").text() + ", " + Format.grouped(root.get("parameters").number()) + " parameters");
    String data = root.get("data").text();
    facts.put("Data", data.equals("synthetic") ? "synthetic: drawn by the program, not real images" : data);
    facts.put("Seed", Format.plain(root.get("seed").number(), 0));
    facts.put("Threads", Format.plain(root.get("threads").number(), 0));
    facts.put("Vectors", Format.plain(root.get("vectorBits").number(), 0) + " bits");
    facts.put("Useful arithmetic", Format.plain(root.get("usefulGflops").number(), 1) + " GFLOP/s");
    facts.put("FMA peak of these threads", Format.plain(root.get("peakGflops").number(), 1) + " GFLOP/s");
    facts.put("Peak memory", Format.grouped(root.get("peakRssBytes").number() / (1 << 20)) + " MB resident");
    facts.put("SHA-256 of the parameters", root.get("parametersSha256").text());
    return facts;
  }
}
