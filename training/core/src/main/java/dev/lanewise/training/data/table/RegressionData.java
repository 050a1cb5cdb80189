package dev.lanewise.training.data.table;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.data.Partition;
import dev.lanewise.training.data.ValueDataset;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A table as examples for regression: one column to foretell, all other columns of numbers as inputs, both standardised by
 * the training part alone.
 *
 * @param name of the table; shown beside every figure that comes from it
 * @param target the column to foretell
 * @param inputs the columns that the network sees
 * @param leftOut the columns of text, which it does not see
 * @param rowsLeftOut how many rows were left out because a value was missing
 * @param train [columns] to [1]
 * @param test the rows held out
 * @param inputScale of the inputs
 * @param targetScale of the target, one column
 */
public record RegressionData(
    String name, String target, List<String> inputs, List<String> leftOut, int rowsLeftOut, ValueDataset train,
    ValueDataset test, Standardization inputScale, Standardization targetScale) {
  private static final String TARGET = "a column of numbers to foretell";

  /**
   * Splits and standardises a table. Rows that lack a value are left out and counted.
   *
   * @param target the column to foretell; empty for the last column of numbers
   * @param testShare of the rows, drawn by the seed
   * @param arena owns the numbers
   * @throws TableException when the target is no column of numbers, no other column is, or no row is complete
   */
  public static RegressionData of(Table table, String target, double testShare, long seed, Arena arena)
      throws TableException {
    List<String> inputs = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    for (String column : table.columns()) {
      (table.isNumeric(column) ? inputs : leftOut).add(column);
    }
    if (target.isEmpty() && inputs.isEmpty()) {
      throw noNumbers(table, table.columns().getLast());
    }
    String foretold = target.isEmpty() ? inputs.getLast() : target;
    if (!table.columns().contains(foretold)) {
      throw new TableException(table.file(), table.line(0), foretold, "no such column among " + String.join(", ", table.columns()),
          TARGET);
    }
    if (!inputs.remove(foretold)) {
      throw noNumbers(table, foretold);
    }
    if (inputs.isEmpty()) {
      throw new TableException(table.file(), table.line(0), "", "no column of numbers beside " + foretold,
          "at least one to foretell it from");
    }
    List<String> needed = new ArrayList<>(inputs);
    needed.add(foretold);
    Table complete = table.withoutMissing(needed);
    double[][] x = complete.matrix(inputs);
    double[][] y = complete.matrix(List.of(foretold));
    if (x.length < 2) {
      throw new TableException(table.file(), complete.line(0), "", "one complete row", "at least 2, to train on and to test on");
    }
    Partition rows = Partition.shuffled(x.length, testShare, seed);
    Standardization inputScale = Standardization.of(x, rows.train());
    Standardization targetScale = Standardization.of(y, rows.train());
    return new RegressionData(name(table.file()), foretold, List.copyOf(inputs), List.copyOf(leftOut),
        table.rows() - complete.rows(), examples(x, y, rows.train(), inputScale, targetScale, arena),
        examples(x, y, rows.test(), inputScale, targetScale, arena), inputScale, targetScale);
  }

  /** Names the cell that is in the way. */
  private static TableException noNumbers(Table table, String column) {
    int row = table.textRow(column);
    return row < 0
        ? new TableException(table.file(), table.line(0), column, "missing values alone", TARGET)
        : new TableException(table.file(), table.line(row), column, "'" + table.texts(column).get(row) + "'", TARGET);
  }

  private static String name(String file) {
    return Path.of(file).getFileName().toString().replaceFirst("\\.gz$", "").replaceFirst("\\.[^.]*$", "");
  }

  private static ValueDataset examples(
      double[][] x, double[][] y, int[] rows, Standardization inputScale, Standardization targetScale, Arena arena) {
    int columns = inputScale.columns();
    Tensor inputs = Tensor.allocate(arena, Shape.of(rows.length, columns));
    Tensor targets = Tensor.allocate(arena, Shape.of(rows.length, 1));
    for (int i = 0; i < rows.length; i++) {
      for (int c = 0; c < columns; c++) {
        inputs.set((long) i * columns + c, inputScale.apply(c, x[rows[i]][c]));
      }
      targets.set(i, targetScale.apply(0, y[rows[i]][0]));
    }
    return ValueDataset.of(inputs, targets);
  }
}
