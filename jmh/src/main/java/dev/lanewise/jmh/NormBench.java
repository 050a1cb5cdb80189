package dev.lanewise.jmh;

import dev.lanewise.kernels.Norms;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Layer normalisation of rows of 1,000: a few in the first-level cache, and a batch of 256. */
public class NormBench extends KernelBenchmark {
  static final float EPSILON = 1e-5f;

  @Param({"4", "256"}) public int rows;

  @Param("1000") public int cols;

  MemorySegment x;
  MemorySegment gamma;
  MemorySegment beta;
  MemorySegment dy;
  MemorySegment y;
  MemorySegment mean;
  MemorySegment rstd;
  MemorySegment dgamma;
  MemorySegment dbeta;

  @Setup
  public void setUp() {
    open();
    long n = (long) rows * cols;
    x = uniform(n, 1);
    dy = uniform(n, 2);
    gamma = uniform(cols, 3);
    beta = uniform(cols, 4);
    y = room(n);
    mean = room(rows);
    rstd = room(rows);
    dgamma = room(cols);
    dbeta = room(cols);
    Norms.layerNorm(rows, cols, x, gamma, beta, EPSILON, y, mean, rstd, workers());
  }

  @Benchmark
  public void layerNorm(Rate.Traffic rate) {
    Norms.layerNorm(rows, cols, x, gamma, beta, EPSILON, y, mean, rstd, workers());
    rate.gb += 8e-9 * rows * cols;
  }

  @Benchmark
  public void layerNormBackward(Rate.Traffic rate) {
    Norms.layerNormBackward(rows, cols, x, gamma, mean, rstd, dy, y, dgamma, dbeta, false, workers());
    rate.gb += 12e-9 * rows * cols;
  }
}
