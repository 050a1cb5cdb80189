package dev.lanewise.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one epoch came to.
 *
 * @param epoch from 1
 * @param values by name, in the order of display: "loss", each metric, and the same of the validation data as
 *     "val_loss" and so on
 * @param learningRate of the last step
 * @param seconds spent on training steps, over all sessions that worked on this epoch; no validation, no checkpoints
 * @param examples trained on
 */
public record EpochLog(int epoch, Map<String, Double> values, float learningRate, double seconds, long examples) {

  public EpochLog {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /**
   * One of {@link #values}.
   *
   * @throws IllegalArgumentException listing the names there are
   */
  public double value(String name) {
    Double value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("History: no '" + name + "' in epoch " + epoch + "; there are "
          + String.join(", ", values.keySet())
          + (name.startsWith("val_") && !values.containsKey("val_loss") ? " (no validation data was given)" : ""));
    }
    return value;
  }

  public double loss() {
    return value("loss");
  }

  public double examplesPerSecond() {
    return examples / seconds;
  }
}
