package dev.lanewise.training;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * How often each class was answered when each class was right. Counts are whole numbers: they depend on no order.
 *
 * <p>With TP right answers of class c, precision = TP / answers of c, recall = TP / examples of c, and F1 = 2 TP / (answers of c +
 * examples of c), their harmonic mean. Source: van Rijsbergen, Information Retrieval, 1979, chapter 7.
 */
public final class ConfusionMatrix {
  /** The answer of a row that cannot be ranked, such as one with a NaN: always wrong. */
  public static final int NONE = -1;

  private final int classes;
  private final long[] counts; // [actual][answered], the last column for NONE

  /** @param classes at least 1 */
  public ConfusionMatrix(int classes) {
    if (classes < 1) {
      throw new IllegalArgumentException("ConfusionMatrix: " + classes + " classes; at least 1 is needed");
    }
    this.classes = classes;
    this.counts = new long[Math.multiplyExact(classes, classes + 1)];
  }

  /** How many classes there are. */
  public int classes() {
    return classes;
  }

  /** Counts an answer, which may be {@link #NONE}. Allocates nothing. */
  public void add(int actual, int answered) {
    counts[index(actual, answered)]++;
  }

  /** How often {@code answered}, or {@link #NONE}, was the answer when {@code actual} was right. */
  public long count(int actual, int answered) {
    return counts[index(actual, answered)];
  }

  private int index(int actual, int answered) {
    Objects.checkIndex(actual, classes);
    return actual * (classes + 1) + (answered == NONE ? classes : Objects.checkIndex(answered, classes));
  }

  /** How many examples were of a class. */
  public long examples(int actual) {
    long sum = 0;
    for (int c = NONE; c < classes; c++) {
      sum += count(actual, c);
    }
    return sum;
  }

  /** How often a class was the answer. */
  public long answers(int answered) {
    long sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += count(c, answered);
    }
    return sum;
  }

  /** The share of right answers; NaN before the first. */
  public double accuracy() {
    long right = 0;
    for (int c = 0; c < classes; c++) {
      right += count(c, c);
    }
    return right / (double) Arrays.stream(counts).sum();
  }

  /** The share of a class's answers that are right; NaN if there is none. */
  public double precision(int c) {
    return count(c, c) / (double) answers(c);
  }

  /** The share of a class's examples that are found; NaN if there is none. */
  public double recall(int c) {
    return count(c, c) / (double) examples(c);
  }

  /** F1 of a class; NaN if it neither occurs nor is answered. */
  public double f1(int c) {
    return 2 * count(c, c) / (double) (answers(c) + examples(c));
  }

  /** The mean of F1 over the classes that occur or are answered: each class counts the same. NaN before the first answer. */
  public double macroF1() {
    double sum = 0;
    int present = 0;
    for (int c = 0; c < classes; c++) {
      if (answers(c) + examples(c) > 0) {
        sum += f1(c);
        present++;
      }
    }
    return sum / present;
  }

  /** Starts again from 0. */
  public void reset() {
    Arrays.fill(counts, 0);
  }

  /** All counts, row by row. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (long count : counts) {
      text.append(text.isEmpty() ? "" : " ").append(count);
    }
    return text.toString();
  }

  /** Goes on from what {@link #text} gave. */
  void restore(String text) {
    String[] words = text.split(" ");
    if (words.length != counts.length) {
      throw new CheckpointException("ConfusionMatrix: " + words.length + " counts but " + classes + " classes have "
          + counts.length);
    }
    try {
      for (int i = 0; i < counts.length; i++) {
        counts[i] = Long.parseUnsignedLong(words[i]);
      }
    } catch (NumberFormatException e) {
      throw new CheckpointException("ConfusionMatrix: the counts are '" + text + "'", e);
    }
  }

  /** A table: a row for each class that is right, a column for each answer. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("right \\ answer");
    for (int c = 0; c < classes; c++) {
      text.append(String.format(Locale.ROOT, "%8d", c));
    }
    for (int actual = 0; actual < classes; actual++) {
      text.append(String.format(Locale.ROOT, "%n%14d", actual));
      for (int c = 0; c < classes; c++) {
        text.append(String.format(Locale.ROOT, "%8d", count(actual, c)));
      }
    }
    return text.toString();
  }
}
