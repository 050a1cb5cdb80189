package dev.lanewise.training.models;

import dev.lanewise.layers.Dense;
import dev.lanewise.layers.Lstm;
import dev.lanewise.layers.Model;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Shape;
import dev.lanewise.training.Adam;
import dev.lanewise.training.Loss;
import dev.lanewise.training.Supervised;
import dev.lanewise.training.Trainer;
import java.lang.foreign.Arena;
import java.util.Map;

/** A recurrent network that foretells the next value of a time series from those before it: an LSTM, then a linear unit. */
public record SeriesRnn(int steps, int units) implements Recipe {
  /** Its name in files. */
  public static final String NAME = "series";

  @Override
  public Sequential build(long seed, Arena arena) {
    return Sequential.build(Shape.of(steps, 1), seed, arena, Lstm.of(units), Dense.of(1));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> options() {
    return Map.of("steps", "" + steps, "units", "" + units);
  }

  @Override
  public Supervised task(Model model) {
    return Supervised.of((Sequential) model, Loss.MSE, Adam.of(5e-3f));
  }

  @Override
  public Trainer trainer(Model model) {
    return Recipe.super.trainer(model).clipNorm(1);
  }

  @Override
  public int epochs() {
    return 100;
  }

  @Override
  public int batch() {
    return 16;
  }
}
