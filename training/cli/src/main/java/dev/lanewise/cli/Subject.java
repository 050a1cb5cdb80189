package dev.lanewise.cli;

import dev.lanewise.training.data.Dataset;
import dev.lanewise.training.models.Bert;
import dev.lanewise.training.models.CharRnn;
import dev.lanewise.training.models.Cnn;
import dev.lanewise.training.models.Gan;
import dev.lanewise.training.models.Gpt;
import dev.lanewise.training.models.ModelFile;
import dev.lanewise.training.models.Recipe;
import dev.lanewise.training.models.Regression;
import dev.lanewise.training.models.SeriesRnn;
import dev.lanewise.training.models.TableRegression;
import dev.lanewise.training.models.Vae;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the command line can do with the trained model of a recipe. */
interface Subject {
  /** By the recipe's name. */
  Map<String, Subject> ALL = new TreeMap<>(
      Map.of(Bert.NAME, new BertSubject(), Cnn.NAME, new CnnSubject(), Gpt.NAME, new TextSubject(), Regression.NAME,
          new RegressionSubject(), TableRegression.NAME,
          new TableRegressionSubject(),
          CharRnn.NAME, new TextSubject(), SeriesRnn.NAME, new RnnSubject(),
          Vae.NAME, new VaeSubject(), Gan.NAME, new GanSubject()));

  /**
   * Data that a model is evaluated on.
   *
   * @param data what it is called
   * @param what its examples are, in the plural: "images"
   */
  record Exam(String data, Dataset test, String what) {}

  /**
   * Finds the test data.
   *
   * @param recipe of the model: it knows the tokenizer, the context and the like
   * @param data the folder that the user named, or null
   * @param arena owns the data
   */
  Exam exam(Recipe recipe, @Nullable Path data, Arena arena, Terminal terminal) throws IOException;

  /**
   * Draws from the model what the options ask for.
   *
   * @throws IllegalArgumentException if it cannot draw, or not that way
   */
  default void generate(ModelFile file, GenerateOptions options, Terminal terminal) throws IOException {
    throw new IllegalArgumentException("a model of " + file.recipe().name() + " has nothing to generate: it only answers");
  }

  /** The one for a model. */
  static Subject of(ModelFile file) {
    Subject subject = ALL.get(file.recipe().name());
    if (subject == null) {
      throw new IllegalArgumentException("a model of " + file.recipe().name() + " cannot be used on the command line; choices are "
          + String.join(", ", ALL.keySet()));
    }
    return subject;
  }
}
