package dev.lanewise.jmh;

import dev.lanewise.kernels.Reductions;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** Sums and searches. */
public class ReductionBench extends VectorBenchmark {
  static final int COLUMNS = 64;

  MemorySegment x;
  MemorySegment y;
  MemorySegment sums;
  MemorySegment indices;

  @Setup
  public void setUp() {
    open();
    x = uniform(n, 1);
    y = uniform(n, 2);
    sums = room(COLUMNS);
    indices = room(n / COLUMNS);
  }

  @Benchmark
  public float sum(Rate.Traffic rate) {
    count(rate, 1);
    return Reductions.sum(n, x);
  }

  @Benchmark
  public float dot(Rate.Traffic rate) {
    count(rate, 2);
    return Reductions.dot(n, x, y);
  }

  @Benchmark
  public float sumOfSquares(Rate.Traffic rate) {
    count(rate, 1);
    return Reductions.sumOfSquares(n, x);
  }

  @Benchmark
  public void columnSums(Rate.Traffic rate) {
    Reductions.columnSums(n / COLUMNS, COLUMNS, x, sums, false, workers());
    count(rate, 1);
  }

  @Benchmark
  public void argmax(Rate.Traffic rate) {
    Reductions.argmax(n / COLUMNS, COLUMNS, x, indices);
    count(rate, 1);
  }

  @Benchmark
  public long firstNonFinite(Rate.Traffic rate) {
    count(rate, 1);
    return Reductions.firstNonFinite(n, x);
  }
}
