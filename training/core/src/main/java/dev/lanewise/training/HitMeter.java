package dev.lanewise.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.training.data.Dataset;
import java.lang.foreign.MemorySegment;

/** Counts right answers exactly: whole numbers are added up, so the share is one division at the end and depends on no order. */
public final class HitMeter implements Meter {
  private final Metric metric;
  private final Loss loss;
  private final int k;
  private long hits;
  private long answers;

  HitMeter(Metric metric, Loss loss, int k) {
    this.metric = metric;
    this.loss = loss;
    this.k = k;
  }

  @Override
  public String name() {
    return metric.name();
  }

  @Override
  public void add(int rows, int cols, MemorySegment outputs, MemorySegment targets) {
    if (loss.takesLabels()) {
      for (int row = 0; row < rows; row++) {
        int label = targets.getAtIndex(JAVA_INT, row);
        if (label != Dataset.IGNORED) {
          hits += ahead(outputs, (long) row * cols, cols, label) < k ? 1 : 0;
          answers++;
        }
      }
    } else if (loss == Loss.BINARY_CROSSENTROPY || cols == 1) {
      // A logit of 0 is a probability of one half.
      float half = loss.link() == Loss.Link.SIGMOID ? 0 : 0.5f;
      for (long i = 0; i < (long) rows * cols; i++) {
        float output = outputs.getAtIndex(JAVA_FLOAT, i);
        boolean yes = targets.getAtIndex(JAVA_FLOAT, i) > 0.5f;
        hits += !Float.isNaN(output) && (output > half) == yes ? 1 : 0;
      }
      answers += (long) rows * cols;
    } else {
      for (int row = 0; row < rows; row++) {
        long from = (long) row * cols;
        hits += ahead(outputs, from, cols, highest(targets, from, cols)) < k ? 1 : 0;
      }
      answers += rows;
    }
  }

  /** How many columns rank before column {@code own}; all of them if a NaN is among the scores. */
  private static int ahead(MemorySegment scores, long from, int cols, int own) {
    float score = scores.getAtIndex(JAVA_FLOAT, from + own);
    int ahead = 0;
    for (int c = 0; c < cols; c++) {
      float other = scores.getAtIndex(JAVA_FLOAT, from + c);
      if (Float.isNaN(other)) {
        return Integer.MAX_VALUE;
      }
      ahead += other > score || (other == score && c < own) ? 1 : 0;
    }
    return ahead;
  }

  private static int highest(MemorySegment values, long from, int cols) {
    int best = 0;
    for (int c = 1; c < cols; c++) {
      best = values.getAtIndex(JAVA_FLOAT, from + c) > values.getAtIndex(JAVA_FLOAT, from + best) ? c : best;
    }
    return best;
  }

  /** Right answers so far. */
  public long hits() {
    return hits;
  }

  /** Answers so far. */
  public long answers() {
    return answers;
  }

  /** hits / answers, or NaN before the first answer. */
  @Override
  public double value() {
    return hits / (double) answers;
  }

  @Override
  public void reset() {
    hits = 0;
    answers = 0;
  }

  @Override
  public void save(Snapshot into) {
    into.put("hits", hits).put("answers", answers);
  }

  /** @throws CheckpointException if the counts cannot be */
  @Override
  public void restore(Snapshot from) {
    hits = from.number("hits");
    answers = from.number("answers");
    if (hits < 0 || hits > answers) {
      throw new CheckpointException("metric " + name() + ": " + hits + " right answers of " + answers);
    }
  }
}
