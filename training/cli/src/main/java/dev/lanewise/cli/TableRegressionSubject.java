package dev.lanewise.cli;

import dev.lanewise.training.data.table.RegressionData;
import dev.lanewise.training.models.Recipe;
import dev.lanewise.training.models.TableRegression;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Foretells a column of a table; it is tested on the rows that were held out when it was trained. */
final class TableRegressionSubject implements Subject {
  @Override
  public Exam exam(Recipe recipe, @Nullable Path data, Arena arena, Terminal terminal) throws IOException {
    TableRegression trained = (TableRegression) recipe;
    RegressionData examples = Tables.load(data, trained.target(), trained.splitSeed(), arena, terminal);
    if (!examples.targetScale().texts().equals(trained.targetScale().texts())) {
      throw new IllegalArgumentException("the model learned from another table: there the training rows' mean of "
          + trained.target() + " is " + trained.targetScale().mean(0) + ", here it is " + examples.targetScale().mean(0));
    }
    return new Exam(examples.name(), examples.test(), "examples");
  }
}
