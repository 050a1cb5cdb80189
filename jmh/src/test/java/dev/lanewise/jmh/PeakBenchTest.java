package dev.lanewise.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PeakBenchTest {
  @Test
  void fma() {
    PeakBench bench = new PeakBench();
    bench.setUp();
    Rate.Arithmetic rate = new Rate.Arithmetic();
    long begin = System.nanoTime();
    double gflops = bench.fma(rate);
    double seconds = 1e-9 * (System.nanoTime() - begin);
    bench.close();
    assertThat(gflops).isPositive();
    assertThat(rate.gflop).as("work of at least 20 ms, at most all the time").isBetween(0.02 * gflops, seconds * gflops);
  }
}
