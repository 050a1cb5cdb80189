package dev.lanewise.training.data.table;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Shift and scale of each column so that the rows it was learned from have mean 0 and deviation 1: z = (x - mean) /
 * deviation. Learn it from the training rows alone, or the test part has been looked at.
 *
 * <p>The deviation is that of the population, sqrt(mean((x - mean)^2)); a column that is constant keeps deviation 1.
 */
public final class Standardization {
  private final double[] means;
  private final double[] deviations;

  private Standardization(double[] means, double[] deviations) {
    this.means = means;
    this.deviations = deviations;
  }

  /**
   * Learns from some rows.
   *
   * @param matrix [rows][columns]
   * @param rows the rows to learn from, such as the training part
   * @throws IllegalArgumentException when there is no row, or a number is not finite
   */
  public static Standardization of(double[][] matrix, int[] rows) {
    if (rows.length == 0) {
      throw new IllegalArgumentException("Standardization: there is no row; at least one is needed");
    }
    int columns = matrix[rows[0]].length;
    double[] means = new double[columns];
    double[] deviations = new double[columns];
    for (int c = 0; c < columns; c++) {
      for (int row : rows) {
        if (!Double.isFinite(matrix[row][c])) {
          throw new IllegalArgumentException("Standardization: row " + row + " of column " + c + " is " + matrix[row][c]
              + "; a finite number is needed");
        }
        means[c] += matrix[row][c] / rows.length;
      }
      double squares = 0;
      for (int row : rows) {
        squares += (matrix[row][c] - means[c]) * (matrix[row][c] - means[c]);
      }
      double deviation = Math.sqrt(squares / rows.length);
      // A constant column's mean may be off by rounding, and so its deviation not quite 0.
      deviations[c] = deviation > 1e-12 * Math.abs(means[c]) ? deviation : 1;
    }
    return new Standardization(means, deviations);
  }

  /** How many columns there are. */
  public int columns() {
    return means.length;
  }

  /** z of a number in a column. */
  public float apply(int column, double x) {
    return (float) ((x - means[column]) / deviations[column]);
  }

  /** The number whose z this is: z * deviation + mean. */
  public double invert(int column, double z) {
    return z * deviations[column] + means[column];
  }

  public double mean(int column) {
    return means[column];
  }

  /** What one unit of z is worth in a column: an error in z times this is an error in the column's own unit. */
  public double deviation(int column) {
    return deviations[column];
  }

  /** What {@link #restore} needs, as texts by name. */
  public Map<String, String> texts() {
    return Map.of("means", text(means), "deviations", text(deviations));
  }

  private static String text(double[] numbers) {
    return Arrays.stream(numbers).mapToObj(Double::toString).collect(Collectors.joining(" "));
  }

  /**
   * Makes it again.
   *
   * @throws IllegalArgumentException when the texts are incomplete or damaged
   */
  public static Standardization restore(Map<String, String> texts) {
    double[] means = numbers(texts, "means");
    double[] deviations = numbers(texts, "deviations");
    if (means.length != deviations.length) {
      throw new IllegalArgumentException("Standardization: " + means.length + " means but " + deviations.length
          + " deviations; one of each is needed for a column");
    }
    return new Standardization(means, deviations);
  }

  private static double[] numbers(Map<String, String> texts, String name) {
    String text = texts.getOrDefault(name, "");
    try {
      return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("Standardization: " + name + " are '" + text + "'; numbers are needed", e);
    }
  }
}
