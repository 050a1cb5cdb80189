package dev.lanewise.jmh;

import dev.lanewise.kernels.Rng;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** Random fills. */
public class RngBench extends VectorBenchmark {
  MemorySegment y;

  @Setup
  public void setUp() {
    open();
    y = room(n);
  }

  @Benchmark
  public void uniform(Rate.Traffic rate) {
    Rng.uniform(1, 2, 0, n, y, -1f, 1f, workers());
    count(rate, 1);
  }

  @Benchmark
  public void normal(Rate.Traffic rate) {
    Rng.normal(1, 2, 0, n, y, 0f, 1f, workers());
    count(rate, 1);
  }

  @Benchmark
  public void dropoutMask(Rate.Traffic rate) {
    Rng.dropoutMask(1, 2, 0, n, y, 0.5f, workers());
    count(rate, 1);
  }
}
