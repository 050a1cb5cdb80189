package dev.lanewise.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How well a model does on a data set.
 *
 * @param loss mean over all rows
 * @param metrics values by name, in the order in which they were asked for
 * @param examples how many examples there were
 */
public record Evaluation(double loss, Map<String, Double> metrics, int examples) {

  public Evaluation {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }

  /**
   * The share of right answers.
   *
   * @throws IllegalArgumentException if accuracy was not among the metrics
   */
  public double accuracy() {
    Double accuracy = metrics.get("accuracy");
    if (accuracy == null) {
      throw new IllegalArgumentException("Evaluation: accuracy was not asked for; there are "
          + (metrics.isEmpty() ? "no metrics" : String.join(", ", metrics.keySet()))
          + "; call Trainer.metrics(Metric.accuracy())");
    }
    return accuracy;
  }
}
