package dev.lanewise.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.kernels.reference.MathReference;
import dev.lanewise.training.data.Dataset;
import java.lang.foreign.MemorySegment;

/** See {@link Metric#perplexity()}. */
public record Perplexity() implements Metric {
  @Override
  public String name() {
    return "perplexity";
  }

  /** @throws IllegalArgumentException for losses other than that on labels */
  @Override
  public Meter start(Loss loss) {
    if (!loss.takesLabels()) {
      throw new IllegalArgumentException("Metric perplexity is about one right class in a row but the loss is " + loss.id()
          + "; use " + Loss.SPARSE_CATEGORICAL_CROSSENTROPY.id());
    }
    return new Counter();
  }

  private static final class Counter implements Meter {
    private double nats;
    private long answers;

    @Override
    public String name() {
      return "perplexity";
    }

    @Override
    public void add(int rows, int cols, MemorySegment outputs, MemorySegment targets) {
      for (int row = 0; row < rows; row++) {
        int label = targets.getAtIndex(JAVA_INT, row);
        if (label != Dataset.IGNORED) {
          nats += nats(outputs, (long) row * cols, cols, label);
          answers++;
        }
      }
    }

    /** log(sum of e^z) - z[label], with the highest z taken out first. */
    private static double nats(MemorySegment logits, long from, int cols, int label) {
      float highest = Float.NEGATIVE_INFINITY;
      for (int c = 0; c < cols; c++) {
        highest = Math.max(highest, logits.getAtIndex(JAVA_FLOAT, from + c));
      }
      double sum = 0;
      for (int c = 0; c < cols; c++) {
        sum += MathReference.exp(logits.getAtIndex(JAVA_FLOAT, from + c) - highest);
      }
      return StrictMath.log(sum) + highest - logits.getAtIndex(JAVA_FLOAT, from + label);
    }

    @Override
    public double value() {
      return StrictMath.exp(nats / answers);
    }

    @Override
    public void reset() {
      nats = 0;
      answers = 0;
    }

    @Override
    public void save(Snapshot into) {
      into.put("nats", nats).put("answers", answers);
    }

    @Override
    public void restore(Snapshot from) {
      nats = from.real("nats");
      answers = from.number("answers");
    }
  }
}
