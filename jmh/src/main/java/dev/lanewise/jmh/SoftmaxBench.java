package dev.lanewise.jmh;

import dev.lanewise.kernels.Softmax;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Softmax over rows of 1,000 classes, as in ImageNet: a few rows in the first-level cache, and a batch of 256. */
public class SoftmaxBench extends KernelBenchmark {
  @Param({"4", "256"}) public int rows;

  @Param("1000") public int cols;

  MemorySegment x;
  MemorySegment probabilities;
  MemorySegment dy;
  MemorySegment y;

  @Setup
  public void setUp() {
    open();
    long n = (long) rows * cols;
    x = uniform(n, 1);
    dy = uniform(n, 2);
    probabilities = room(n);
    Softmax.forward(rows, cols, x, probabilities, workers());
    y = room(n);
  }

  @Benchmark
  public void forward(Rate.Traffic rate) {
    Softmax.forward(rows, cols, x, y, workers());
    rate.gb += 8e-9 * rows * cols;
  }

  @Benchmark
  public void backward(Rate.Traffic rate) {
    Softmax.backward(rows, cols, probabilities, dy, y, workers());
    rate.gb += 12e-9 * rows * cols;
  }

  @Benchmark
  public void logSoftmax(Rate.Traffic rate) {
    Softmax.logSoftmax(rows, cols, x, y, workers());
    rate.gb += 8e-9 * rows * cols;
  }
}
