package dev.lanewise.cli;

import dev.lanewise.layers.Model;
import dev.lanewise.kernels.Workers;
import dev.lanewise.training.data.Dataset;
import dev.lanewise.training.models.Recipe;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run of {@code train NAME} is about.
 *
 * @param data what it is called: checkpoints keep it, figures are shown with it
 * @param recipe that fits the data
 * @param train the examples to learn from
 * @param validation to evaluate on after each epoch, or null
 * @param test to evaluate on at the end, or null
 * @param unit in which speed is counted
 * @param headlines names of figures that stand at the top of the JSON too: "valLoss", "testRmse"
 * @param first what comes before the training
 * @param outcome what is found out at the end beside the losses
 */
record Course(
    String data, Recipe recipe, Dataset train, @Nullable Dataset validation, @Nullable Dataset test, Unit unit,
    List<String> headlines, First first, Outcome outcome) {

  /** What is done with a fresh model before it is trained: what another has learned is handed over. */
  @FunctionalInterface
  interface First {
    /** Returns false if it was interrupted. */
    boolean of(Model model, FirstStage stage);
  }

  /** What is measured of a trained model in a way of its own. */
  @FunctionalInterface
  interface Outcome {
    /** Figures by the name that they have in the JSON; printed too. */
    Map<String, Double> of(Model model, Workers workers) throws IOException;
  }

  /**
   * What speed is counted in.
   *
   * @param name in the plural: "images"; the JSON has "imagesPerSecond"
   * @param perExample how many of them an example is
   */
  record Unit(String name, int perExample) {
    static final Unit IMAGES = new Unit("images", 1);
    static final Unit EXAMPLES = new Unit("examples", 1);

    /** Tokens, {@code perExample} in each window. */
    static Unit tokens(int perExample) {
      return new Unit("tokens", perExample);
    }
  }

  Course {
    headlines = List.copyOf(headlines);
  }

  /** With nothing but examples to learn from. */
  static Course of(String data, Recipe recipe, Dataset train, Unit unit) {
    return new Course(data, recipe, train, null, null, unit, List.of(), (model, stage) -> true, (model, workers) -> Map.of());
  }

  Course withValidation(Dataset examples) {
    return new Course(data, recipe, train, examples, test, unit, headlines, first, outcome);
  }

  Course withTest(Dataset examples) {
    return new Course(data, recipe, train, validation, examples, unit, headlines, first, outcome);
  }

  Course withHeadlines(String... names) {
    return new Course(data, recipe, train, validation, test, unit, List.of(names), first, outcome);
  }

  Course withFirst(First other) {
    return new Course(data, recipe, train, validation, test, unit, headlines, other, outcome);
  }

  Course withOutcome(Outcome other) {
    return new Course(data, recipe, train, validation, test, unit, headlines, first, other);
  }
}
