package dev.lanewise.training;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an epoch or an evaluation comes to so far: loss, figures and metrics over its batches, added up in their order. */
final class Tally {
  private final Task task;
  private final Meter[] meters;
  private final List<String> figures;
  private final double[] sums;
  private double lossSum;
  private long rows;
  private long examples;

  Tally(Task task, List<Metric> metrics) {
    this.task = task;
    this.figures = List.copyOf(task.figures());
    this.sums = new double[figures.size()];
    this.meters = new Meter[metrics.size()];
    for (int i = 0; i < meters.length; i++) {
      meters[i] = task.start(metrics.get(i));
    }
  }

  /** Takes in the task's last batch. Allocates nothing. */
  void add(double loss, int batch) {
    lossSum += loss;
    rows += task.rows();
    examples += batch;
    for (int i = 0; i < sums.length; i++) {
      sums[i] += task.figure(i);
    }
    for (int i = 0; i < meters.length; i++) {
      task.count(meters[i]);
    }
  }

  /** The mean over the rows; NaN before the first. */
  double loss() {
    return lossSum / rows;
  }

  /** Examples taken in. */
  long examples() {
    return examples;
  }

  /** The counters, in the order of the metrics. */
  Meter[] meters() {
    return meters;
  }

  /** Figures and metrics by name, in the order of display. */
  Map<String, Double> values() {
    Map<String, Double> values = new LinkedHashMap<>();
    for (int i = 0; i < sums.length; i++) {
      values.put(figures.get(i), sums[i] / rows);
    }
    for (Meter meter : meters) {
      values.put(meter.name(), meter.value());
    }
    return values;
  }

  void reset() {
    lossSum = 0;
    rows = 0;
    examples = 0;
    Arrays.fill(sums, 0);
    for (Meter meter : meters) {
      meter.reset();
    }
  }

  void save(Snapshot into) {
    into.put("loss_sum", lossSum).put("loss_rows", rows).put("examples", examples);
    for (int i = 0; i < sums.length; i++) {
      into.put("figure." + figures.get(i), sums[i]);
    }
    for (Meter meter : meters) {
      meter.save(into.under("metric." + meter.name()));
    }
  }

  void restore(Snapshot from) {
    lossSum = from.real("loss_sum");
    rows = from.number("loss_rows");
    examples = from.number("examples");
    for (int i = 0; i < sums.length; i++) {
      sums[i] = from.real("figure." + figures.get(i));
    }
    for (Meter meter : meters) {
      meter.restore(from.under("metric." + meter.name()));
    }
  }
}
