package dev.lanewise.cli;

import dev.lanewise.training.models.Recipe;
import dev.lanewise.training.models.Regression;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The worked example: its five examples are all that there is. */
final class RegressionSubject implements Subject {
  @Override
  public Exam exam(Recipe recipe, @Nullable Path data, Arena arena, Terminal terminal) {
    return new Exam("worked-example", Regression.examples(arena), "examples");
  }
}
