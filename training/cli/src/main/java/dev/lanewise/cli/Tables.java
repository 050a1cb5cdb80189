package dev.lanewise.cli;

import dev.lanewise.training.data.DataSearch;
import dev.lanewise.training.data.table.RegressionData;
import dev.lanewise.training.data.table.Table;
import dev.lanewise.training.models.TableRegression;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Loads a table for regression and says what it is and what was left out of it. */
final class Tables {
  private Tables() {}

  /**
   * Finds, reads and splits a table.
   *
   * @param data the folder or file that the user named; null for where data lies as a rule
   * @param target the column to foretell; empty for the last one of numbers
   * @param arena owns the numbers
   */
  static RegressionData load(@Nullable Path data, String target, long splitSeed, Arena arena, Terminal terminal)
      throws IOException {
    DataSearch search = DataSearch.of("tabular", "airfoil_self_noise.dat").data(data);
    List<Path> found = search.locate();
    if (found == null) {
      throw new IllegalArgumentException("there is no table (" + String.join("; ", search.places()) + "); name one by --data");
    }
    Table table = Table.read(found.getFirst());
    RegressionData examples = RegressionData.of(table, target, TableRegression.TEST_SHARE, splitSeed, arena);
    terminal.line("data        %s: from %s; %s from %s; %,d rows to train on, %,d to test on", examples.name(), table.file(),
        examples.target(), String.join(", ", examples.inputs()), examples.train().size(), examples.test().size());
    if (!examples.leftOut().isEmpty()) {
      terminal.line("            left out: columns of text, %s", String.join(", ", examples.leftOut()));
    }
    if (examples.rowsLeftOut() > 0) {
      terminal.line("            left out: %,d rows that lack a value", examples.rowsLeftOut());
    }
    return examples;
  }
}
