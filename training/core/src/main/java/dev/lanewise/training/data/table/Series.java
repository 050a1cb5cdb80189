package dev.lanewise.training.data.table;

import dev.lanewise.training.data.DataSearch;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Numbers in the order of time, at equal distances. Immutable. */
public final class Series {
  /** {@link #name} of a series that the program makes up. */
  public static final String SYNTHETIC = "synthetic";

  private static final String AIRLINE = "airline-passengers";

  private final String name;
  private final double[] values;

  private Series(String name, double[] values) {
    this.name = name;
    this.values = values;
  }

  /**
   * Numbers that exist; copied.
   *
   * @throws IllegalArgumentException when there is none, or one is not finite
   */
  public static Series of(String name, double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("Series " + name + ": there is no value; at least one is needed");
    }
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "Series " + name + ": value " + i + " is " + values[i] + "; a finite number is needed");
      }
    }
    return new Series(name, values.clone());
  }

  /**
   * Finds {@code series/NAME.csv} as {@link DataSearch} says. In the place of airline passengers, if they are nowhere, twelve years of months
   * with growth and seasons are made up.
   *
   * @param set "airline-passengers", "daily-min-temperatures", "monthly-sunspots" or another file's name
   * @param data the folder or file that the caller names, or null
   * @throws TableException when a value is missing or no number
   * @throws IOException when the file is not where the caller says, nowhere at all, or cannot be read
   */
  public static Series find(String set, @Nullable Path data) throws IOException {
    return find(DataSearch.of("series", set + ".csv").data(data), set);
  }

  static Series find(DataSearch search, String set) throws IOException {
    List<Path> found = search.locate();
    if (found == null && !set.equals(AIRLINE)) {
      throw new FileNotFoundException("series " + set + " is not here (" + String.join("; ", search.places()) + "); name its CSV file");
    }
    return found == null ? synthetic() : read(found.getFirst());
  }

  /**
   * Reads the last column of a table; the columns before it, such as dates, are not looked at.
   *
   * @throws TableException when a value is missing or no number; nothing is filled in
   */
  public static Series read(Path file) throws IOException {
    String name = file.getFileName().toString().replaceFirst("\\.gz$", "").replaceFirst("\\.[^.]*$", "");
    Table table = Table.read(file);
    return of(name, table.numbers(table.columns().getLast()));
  }

  /** 144 months: a trend, a season of twelve that grows with it, and a ripple without a period. The same every time. */
  public static Series synthetic() {
    double[] values = new double[144];
    for (int i = 0; i < values.length; i++) {
      double season = 1 + 0.2 * StrictMath.sin(i * Math.TAU / 12) + 0.05 * StrictMath.cos(i * Math.TAU / 6);
      double ripple = 1 + 0.02 * StrictMath.sin(i * i * 0.7);
      values[i] = (100 + 2.5 * i) * season * ripple;
    }
    return of(SYNTHETIC, values);
  }

  public String name() {
    return name;
  }

  /** How many values there are; at least 1. */
  public int length() {
    return values.length;
  }

  public double get(int index) {
    return values[Objects.checkIndex(index, values.length)];
  }

  /** A copy of all values. */
  public double[] toArray() {
    return values.clone();
  }

  /** Whether all values are above 0. */
  public boolean isPositive() {
    return Arrays.stream(values).allMatch(value -> value > 0);
  }

  /**
   * The forecast to beat: each of the last {@code count} values is foretold to be what it was one season before.
   *
   * @param season values in a season, 12 for months; 1 foretells that nothing changes
   * @return the root of the mean squared error
   * @throws IllegalArgumentException when the series is too short
   */
  public double seasonalNaiveRmse(int season, int count) {
    if (season < 1 || count < 1 || season + (long) count > values.length) {
      throw new IllegalArgumentException("Series " + name + ": the last " + count + " of " + values.length
          + " values, foretold from one season of " + season + " before; season and count should be at least 1 and together "
          + "at most " + values.length);
    }
    double squares = 0;
    for (int i = values.length - count; i < values.length; i++) {
      double error = values[i] - values[i - season];
      squares += error * error;
    }
    return Math.sqrt(squares / count);
  }
}
