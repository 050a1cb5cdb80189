package dev.lanewise.training.data.table;

import dev.lanewise.training.data.DataSearch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A table of numbers and texts, read from a file as it is: one row a line, cells separated by comma, semicolon, tab or
 * blanks, in quotes where they hold the separator (RFC 4180, but a cell ends on its line). Empty lines are left out.
 *
 * <p>The first line names the columns if a column of it holds text where the second line holds a number; else they are
 * called "1", "2" and so on. A cell that is empty or says NA, N/A, NaN, null or ? is missing. Missing cells are kept until
 * they are asked for: {@link #numbers} refuses them, {@link #withoutMissing} leaves their rows out. Infinity is no number.
 */
public final class Table {
  private final String file;
  private final List<String> columns;
  private final List<List<String>> rows;
  private final int[] lines; // of each row in the file, from 1

  private Table(String file, List<String> columns, List<List<String>> rows, int[] lines) {
    this.file = file;
    this.columns = columns;
    this.rows = rows;
    this.lines = lines;
  }

  /**
   * Reads a UTF-8 file, plain or compressed by gzip.
   *
   * @throws TableException when a line has more or fewer cells than the first, a quote is not closed, two columns have one
   *     name, or there is no row
   * @throws dev.lanewise.training.data.DataFileException when the file is empty, not UTF-8 or damaged
   */
  public static Table read(Path path) throws IOException {
    return parse(path.toString(), DataSearch.text(path));
  }

  /**
   * Reads a text.
   *
   * @param file what errors call it
   */
  public static Table parse(String file, String text) throws TableException {
    List<String> all = text.lines().toList();
    List<List<String>> rows = new ArrayList<>();
    int[] lines = new int[all.size()];
    char separator = 0;
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).isBlank()) {
        continue;
      }
      separator = rows.isEmpty() ? Cells.separator(all.get(i)) : separator;
      List<String> cells = Cells.split(file, i + 1, all.get(i), separator);
      if (!rows.isEmpty() && cells.size() != rows.getFirst().size()) {
        throw new TableException(file, i + 1, "", cells.size() + " cells",
            rows.getFirst().size() + " as in line " + lines[0]);
      }
      lines[rows.size()] = i + 1;
      rows.add(cells);
    }
    if (rows.isEmpty()) {
      throw new TableException(file, 1, "", "no line that is not blank", "a table");
    }
    boolean named = isHeader(rows);
    if (named && rows.size() == 1) {
      throw new TableException(file, lines[0], "", "the names of the columns alone", "rows after them");
    }
    List<String> columns = named ? rows.getFirst() : numbered(rows.getFirst().size());
    for (int c = 0; c < columns.size(); c++) {
      if (columns.indexOf(columns.get(c)) < c) {
        throw new TableException(file, lines[0], "" + (c + 1), "a second column '" + columns.get(c) + "'",
            "names that differ");
      }
    }
    int first = named ? 1 : 0;
    return new Table(file, List.copyOf(columns), List.copyOf(rows.subList(first, rows.size())),
        Arrays.copyOfRange(lines, first, rows.size()));
  }

  private static boolean isHeader(List<List<String>> rows) {
    for (int c = 0; c < rows.getFirst().size(); c++) {
      String name = rows.getFirst().get(c);
      if (!Cells.isNumber(name) && !Cells.isMissing(name) && (rows.size() == 1 || Cells.isNumber(rows.get(1).get(c)))) {
        return true;
      }
    }
    return false;
  }

  private static List<String> numbered(int count) {
    List<String> names = new ArrayList<>();
    for (int c = 1; c <= count; c++) {
      names.add("" + c);
    }
    return names;
  }

  /** The file's path. */
  public String file() {
    return file;
  }

  /** How many rows there are; at least 1 when read. */
  public int rows() {
    return rows.size();
  }

  /** The names of the columns, from left to right. */
  public List<String> columns() {
    return columns;
  }

  /** The names of all columns but this one. */
  public List<String> columnsBut(String column) {
    index(column);
    return columns.stream().filter(other -> !other.equals(column)).toList();
  }

  /** The line of a row in the file, from 1. */
  public int line(int row) {
    return lines[Objects.checkIndex(row, lines.length)];
  }

  /** Whether a column holds numbers and missing cells alone, and at least one number. */
  public boolean isNumeric(String column) {
    int c = index(column);
    return textRow(column) < 0 && rows.stream().anyMatch(row -> Cells.isNumber(row.get(c)));
  }

  /** The first row whose cell in a column is neither a number nor missing, -1 if there is none: what makes it a column of texts. */
  int textRow(String column) {
    int c = index(column);
    for (int r = 0; r < rows.size(); r++) {
      if (!Cells.isNumber(rows.get(r).get(c)) && !Cells.isMissing(rows.get(r).get(c))) {
        return r;
      }
    }
    return -1;
  }

  /** The cells of a column as they stand in the file. */
  public List<String> texts(String column) {
    int c = index(column);
    return rows.stream().map(row -> row.get(c)).toList();
  }

  /**
   * The numbers of a column.
   *
   * @throws TableException when a cell is missing or no number; it says in which line
   */
  public double[] numbers(String column) throws TableException {
    int c = index(column);
    double[] numbers = new double[rows.size()];
    for (int r = 0; r < numbers.length; r++) {
      String cell = rows.get(r).get(c);
      if (!Cells.isNumber(cell)) {
        throw new TableException(file, lines[r], "'" + column + "'",
            Cells.isMissing(cell) ? "a missing value, '" + cell + "'" : "'" + cell + "'",
            "a finite number" + (Cells.isMissing(cell) ? "; complete it, or leave such rows out" : ""));
      }
      numbers[r] = Double.parseDouble(cell);
    }
    return numbers;
  }

  /**
   * The numbers of some columns.
   *
   * @return [rows][columns]
   * @throws TableException as {@link #numbers} does
   */
  public double[][] matrix(List<String> columns) throws TableException {
    double[][] matrix = new double[rows.size()][columns.size()];
    for (int c = 0; c < columns.size(); c++) {
      double[] column = numbers(columns.get(c));
      for (int r = 0; r < column.length; r++) {
        matrix[r][c] = column[r];
      }
    }
    return matrix;
  }

  /**
   * The rows that have a value in each of these columns.
   *
   * @throws TableException when none has
   */
  public Table withoutMissing(List<String> columns) throws TableException {
    int[] indices = columns.stream().mapToInt(this::index).toArray();
    List<List<String>> kept = new ArrayList<>();
    int[] keptLines = new int[lines.length];
    for (int r = 0; r < lines.length; r++) {
      List<String> row = rows.get(r);
      if (Arrays.stream(indices).noneMatch(c -> Cells.isMissing(row.get(c)))) {
        keptLines[kept.size()] = lines[r];
        kept.add(row);
      }
    }
    if (kept.isEmpty()) {
      throw new TableException(file, lines[0], "", "a missing value in each of " + rows.size() + " rows",
          "at least one complete row");
    }
    return new Table(file, this.columns, List.copyOf(kept), Arrays.copyOf(keptLines, kept.size()));
  }

  private int index(String column) {
    int index = columns.indexOf(column);
    if (index < 0) {
      throw new IllegalArgumentException("Table " + file + ": there is no column '" + column + "'; there are "
          + String.join(", ", columns));
    }
    return index;
  }
}
