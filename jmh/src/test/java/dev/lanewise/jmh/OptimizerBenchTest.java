package dev.lanewise.jmh;

import static dev.lanewise.jmh.OptimizerBench.DECAY;
import static dev.lanewise.jmh.OptimizerBench.EPSILON;
import static dev.lanewise.jmh.OptimizerBench.RATE;

import dev.lanewise.kernels.reference.OptimizersReference;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OptimizerBenchTest {
  private static final int N = 4096;

  private final OptimizerBench bench = new OptimizerBench();
  private final Rate.Traffic rate = new Rate.Traffic();
  private MemorySegment w;
  private MemorySegment m;
  private MemorySegment v;

  @BeforeEach
  void setUp() {
    bench.n = N;
    bench.setUp();
    w = Twin.copy(bench.w);
    m = Twin.copy(bench.m);
    v = Twin.copy(bench.v);
  }

  /** Weights and state alike. */
  @AfterEach
  void sameAsTheTwin() {
    Twin.sameBits(bench.w, w);
    Twin.sameBits(bench.m, m);
    Twin.sameBits(bench.v, v);
    bench.close();
  }

  @Test
  void sgd() {
    bench.sgd(rate);
    OptimizersReference.sgd(0, N, w, bench.g, RATE, DECAY);
    Twin.counted(rate, 3 * N);
  }

  @Test
  void momentum() {
    bench.momentum(rate);
    OptimizersReference.momentum(0, N, w, bench.g, m, RATE, 0.9f, true, DECAY);
    Twin.counted(rate, 5 * N);
  }

  @Test
  void rmsprop() {
    bench.rmsprop(rate);
    OptimizersReference.rmsprop(0, N, w, bench.g, v, RATE, 0.9f, EPSILON, DECAY);
    Twin.counted(rate, 5 * N);
  }

  @Test
  void adam() {
    bench.adam(rate);
    OptimizersReference.adamW(0, N, w, bench.g, m, v, RATE, 0.9f, 0.999f, EPSILON, 0f, 10);
    Twin.counted(rate, 7 * N);
  }

  @Test
  void adamW() {
    bench.adamW(rate);
    OptimizersReference.adamW(0, N, w, bench.g, m, v, RATE, 0.9f, 0.999f, EPSILON, DECAY, 10);
    Twin.counted(rate, 7 * N);
  }
}
