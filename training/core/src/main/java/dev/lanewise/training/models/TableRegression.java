package dev.lanewise.training.models;

import dev.lanewise.layers.Activation;
import dev.lanewise.layers.Dense;
import dev.lanewise.layers.Model;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Shape;
import dev.lanewise.training.Adam;
import dev.lanewise.training.Loss;
import dev.lanewise.training.Metric;
import dev.lanewise.training.Schedule;
import dev.lanewise.training.Supervised;
import dev.lanewise.training.data.table.RegressionData;
import dev.lanewise.training.data.table.Standardization;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A column of a table foretold from the others by two hidden layers of 64 ReLUs: 5-64-64-1 for the noise of airfoils.
 *
 * <p>Mean squared error on standardised numbers, Adam with a learning rate of 3e-3 that falls with the cosine. RMSE is in the target's own
 * unit.
 *
 * @param inputs how many columns the network sees
 * @param target the column to foretell; empty for the last one
 * @param splitSeed decided which rows are held out
 * @param targetScale of the target, learned from the training rows
 */
public record TableRegression(int inputs, String target, long splitSeed, Standardization targetScale) implements Recipe {
  /** Its name in files; on the command line it is a {@code regression} with data. */
  public static final String NAME = "table_regression";

  /** How much of a table is held out to test on. */
  public static final double TEST_SHARE = 0.2;

  private static final int HIDDEN = 64;

  /** For data that was split by a seed. */
  public static TableRegression of(RegressionData data, long splitSeed) {
    return new TableRegression(data.inputs().size(), data.target(), splitSeed, data.targetScale());
  }

  static TableRegression restore(Map<String, String> options) {
    try {
      return new TableRegression(Integer.parseInt(options.getOrDefault("inputs", "")), options.getOrDefault("target", ""),
          Long.parseLong(options.getOrDefault("split-seed", "")), Standardization.restore(options));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("Recipe " + NAME + ": inputs are '" + options.get("inputs") + "' and split-seed is '"
          + options.get("split-seed") + "'; whole numbers are needed", e);
    }
  }

  @Override
  public Sequential build(long seed, Arena arena) {
    return Sequential.build(Shape.of(inputs), seed, arena,
        Dense.of(HIDDEN, Activation.RELU),
        Dense.of(HIDDEN, Activation.RELU),
        Dense.of(1));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>(targetScale.texts());
    options.put("inputs", "" + inputs);
    options.put("target", target);
    options.put("split-seed", "" + splitSeed);
    return options;
  }

  @Override
  public Supervised task(Model model) {
    return Supervised.of((Sequential) model, Loss.MSE, Adam.of(3e-3f));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.rmse(targetScale.deviation(0)), Metric.r2());
  }

  @Override
  public Schedule schedule() {
    return Schedule.cosine();
  }

  @Override
  public int epochs() {
    return 100;
  }

  @Override
  public int batch() {
    return 32;
  }
}
