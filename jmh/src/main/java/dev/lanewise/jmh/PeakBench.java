package dev.lanewise.jmh;

import dev.lanewise.kernels.FmaPeak;
import dev.lanewise.kernels.Workers;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What the arithmetic of other benchmarks is a share of: fused multiply-adds in registers, at the width of the kernels. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 6, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 3, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class PeakBench {
  private static final int MILLISECONDS = 20;

  @Param("1")
  public int threads;

  private Workers workers;

  @Setup
  public void setUp() {
    VectorPath.require();
    workers = threads == 1 ? Workers.single() : Workers.threads(threads);
  }

  @Benchmark
  public double fma(Rate.Arithmetic rate) {
    long begin = System.nanoTime();
    double gflops = FmaPeak.gflops(MILLISECONDS, workers);
    rate.gflop += gflops * 1e-9 * (System.nanoTime() - begin);
    return gflops;
  }

  @TearDown
  public void tearDown() {
    workers.close();
  }
}
