package dev.lanewise.jmh;

import dev.lanewise.kernels.Optimizers;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** One step of each optimizer over n parameters. */
public class OptimizerBench extends VectorBenchmark {
  static final float RATE = 1e-6f;
  static final float DECAY = 1e-3f;
  static final float EPSILON = 1e-7f;

  MemorySegment w;
  MemorySegment g;
  MemorySegment m;
  MemorySegment v;

  @Setup
  public void setUp() {
    open();
    w = uniform(n, 1);
    g = uniform(n, 2);
    m = room(n);
    v = room(n);
  }

  @Benchmark
  public void sgd(Rate.Traffic rate) {
    Optimizers.sgd(n, w, g, RATE, DECAY, workers());
    count(rate, 3);
  }

  @Benchmark
  public void momentum(Rate.Traffic rate) {
    Optimizers.momentum(n, w, g, m, RATE, 0.9f, true, DECAY, workers());
    count(rate, 5);
  }

  @Benchmark
  public void rmsprop(Rate.Traffic rate) {
    Optimizers.rmsprop(n, w, g, v, RATE, 0.9f, EPSILON, DECAY, workers());
    count(rate, 5);
  }

  @Benchmark
  public void adam(Rate.Traffic rate) {
    Optimizers.adam(n, w, g, m, v, RATE, 0.9f, 0.999f, EPSILON, 10, workers());
    count(rate, 7);
  }

  @Benchmark
  public void adamW(Rate.Traffic rate) {
    Optimizers.adamW(n, w, g, m, v, RATE, 0.9f, 0.999f, EPSILON, DECAY, 10, workers());
    count(rate, 7);
  }
}
