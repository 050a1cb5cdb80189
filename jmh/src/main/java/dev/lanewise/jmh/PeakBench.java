package dev.lanewise.jmh;

import dev.lanewise.kernels.FmaPeak;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** What the arithmetic of other benchmarks is a share of: fused multiply-adds in registers, at the width of the kernels. */
public class PeakBench extends KernelBenchmark {
  private static final int MILLISECONDS = 20;

  @Setup
  public void setUp() {
    open();
  }

  @Benchmark
  public double fma(Rate.Arithmetic rate) {
    long begin = System.nanoTime();
    double gflops = FmaPeak.gflops(MILLISECONDS, workers());
    rate.gflop += gflops * 1e-9 * (System.nanoTime() - begin);
    return gflops;
  }
}
