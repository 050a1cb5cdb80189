package dev.lanewise.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.training.data.Dataset;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** See {@link Metric#macroF1()}. */
public record MacroF1() implements Metric {
  @Override
  public String name() {
    return "macro_f1";
  }

  /** @throws IllegalArgumentException for losses on numbers, which have no classes */
  @Override
  public Counter start(Loss loss) {
    if (loss.link() == Loss.Link.NONE) {
      throw new IllegalArgumentException(
          "Metric macro_f1 compares classes but the loss " + loss.id() + " is on numbers; use rmse or r2");
    }
    return new Counter(loss);
  }

  /** Counts answers in a confusion matrix, made when the first batch says how many classes there are. */
  public static final class Counter implements Meter {
    private final Loss loss;
    private @Nullable ConfusionMatrix matrix;

    private Counter(Loss loss) {
      this.loss = loss;
    }

    @Override
    public String name() {
      return "macro_f1";
    }

    /**
     * The counts so far.
     *
     * @throws IllegalStateException before the first batch
     */
    public ConfusionMatrix matrix() {
      if (matrix == null) {
        throw new IllegalStateException("macro_f1: nothing has been counted yet");
      }
      return matrix;
    }

    @Override
    public void add(int rows, int cols, MemorySegment outputs, MemorySegment targets) {
      boolean binary = loss == Loss.BINARY_CROSSENTROPY;
      if (matrix == null) {
        matrix = new ConfusionMatrix(binary ? 2 : cols);
      }
      if (binary) {
        for (long i = 0; i < (long) rows * cols; i++) {
          float logit = outputs.getAtIndex(JAVA_FLOAT, i);
          int answered = Float.isNaN(logit) ? ConfusionMatrix.NONE : logit > 0 ? 1 : 0;
          matrix.add(targets.getAtIndex(JAVA_FLOAT, i) > 0.5f ? 1 : 0, answered);
        }
        return;
      }
      for (int row = 0; row < rows; row++) {
        long from = (long) row * cols;
        int actual = loss.takesLabels() ? targets.getAtIndex(JAVA_INT, row) : Rows.highest(targets, from, cols);
        if (actual != Dataset.IGNORED) {
          matrix.add(actual, Rows.highest(outputs, from, cols));
        }
      }
    }

    @Override
    public double value() {
      return matrix == null ? Double.NaN : matrix.macroF1();
    }

    @Override
    public void reset() {
      if (matrix != null) {
        matrix.reset();
      }
    }

    @Override
    public void save(Snapshot into) {
      into.put("classes", matrix == null ? 0 : matrix.classes());
      if (matrix != null) {
        into.put("counts", matrix.text());
      }
    }

    @Override
    public void restore(Snapshot from) {
      int classes = Math.toIntExact(from.number("classes"));
      ConfusionMatrix counted = classes == 0 ? null : new ConfusionMatrix(classes);
      if (counted != null) {
        counted.restore(from.text("counts"));
      }
      matrix = counted;
    }
  }
}
