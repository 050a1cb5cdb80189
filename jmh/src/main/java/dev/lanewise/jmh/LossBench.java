package dev.lanewise.jmh;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.kernels.Losses;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Losses with their gradients: a batch of digits (32 x 10) and of characters (2048 x 65). */
public class LossBench extends KernelBenchmark {
  static final float SCALE = 1f / 32;

  @Param({"10", "65"}) public int cols;

  int rows;
  MemorySegment logits;
  MemorySegment labels;
  MemorySegment targets;
  MemorySegment losses;
  MemorySegment gradient;

  @Setup
  public void setUp() {
    open();
    rows = cols == 10 ? 32 : 2048;
    logits = uniform((long) rows * cols, 1);
    targets = uniform((long) rows * cols, 2);
    labels = room(rows);
    for (int i = 0; i < rows; i++) {
      labels.setAtIndex(JAVA_INT, i, i * 7 % cols);
    }
    losses = room(rows);
    gradient = room((long) rows * cols);
  }

  @Benchmark
  public void sparseCrossEntropy(Rate.Traffic rate) {
    Losses.sparseCrossEntropy(rows, cols, logits, labels, losses, gradient, SCALE, workers());
    rate.gb += 8e-9 * rows * cols;
  }

  @Benchmark
  public void squaredError(Rate.Traffic rate) {
    Losses.squaredError(rows, cols, logits, targets, losses, gradient, SCALE, workers());
    rate.gb += 12e-9 * rows * cols;
  }
}
