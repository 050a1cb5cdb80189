package dev.lanewise.cli;

import dev.lanewise.training.EpochLog;
import dev.lanewise.training.Evaluation;
import java.util.Locale;
import java.util.Map;

/** Losses and metrics as people and as JSON have them. */
final class Figures {
  private Figures() {}

  /** "loss 0.1234, accuracy 98.70% on 10,000 images (mnist)". */
  static String ofTest(Evaluation test, String what, String data) {
    StringBuilder text = new StringBuilder("loss ").append(format("loss", test.loss()));
    for (Map.Entry<String, Double> metric : test.metrics().entrySet()) {
      text.append(", ").append(label(metric.getKey())).append(' ').append(format(metric.getKey(), metric.getValue()));
    }
    return text.append(String.format(Locale.ROOT, " on %,d %s (%s)", test.examples(), what, data)).toString();
  }

  /** "loss 0.1234  accuracy 98.70%". */
  static String ofEpoch(EpochLog log) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, Double> figure : log.values().entrySet()) {
      text.append(text.isEmpty() ? "" : "  ").append(label(figure.getKey())).append(' ')
          .append(format(figure.getKey(), figure.getValue()));
    }
    return text.toString();
  }

  private static String label(String name) {
    return name.replace('_', ' ');
  }

  /** Four digits behind the point; an accuracy as per cent. */
  static String format(String name, double value) {
    return name.endsWith("accuracy")
        ? String.format(Locale.ROOT, "%.2f%%", value * 100)
        : String.format(Locale.ROOT, "%.4f", value);
  }

  /** The field of the JSON: "val_loss" is "valLoss". */
  static String field(String name) {
    StringBuilder field = new StringBuilder();
    for (String word : name.split("_")) {
      field.append(field.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return field.toString();
  }
}
