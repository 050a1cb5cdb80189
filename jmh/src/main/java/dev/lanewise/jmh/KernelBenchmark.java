package dev.lanewise.jmh;

import dev.lanewise.jmh.gemm.PeerAbsentException;
import dev.lanewise.kernels.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What all benchmarks have in common: three processes, native memory that is given back, threads as a parameter. A subclass
 * calls {@link #open} at the start of its {@code @Setup}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 8, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 3, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public abstract class KernelBenchmark {
  /** Threads that share one call. */
  @Param("1") public int threads;

  /** Lives as long as the benchmark. */
  final Arena arena = Arena.ofShared();

  private Workers workers = Workers.single();

  /**
   * Hires the threads.
   *
   * @throws IllegalStateException if the vector kernels do not run: then there is nothing to measure
   */
  final void open() {
    VectorPath.require();
    if (threads > 1) {
      workers = Workers.threads(threads);
    }
  }

  /**
   * Refuses a peer that a benchmark does not measure: {@code -p peer=} reaches every class of a run, and a figure of one library under the
   * name of another would be worse than none.
   *
   * @throws PeerAbsentException if {@code asked} is not among {@code measured}
   */
  final void requirePeer(String asked, String... measured) throws PeerAbsentException {
    if (!List.of(measured).contains(asked)) {
      throw new PeerAbsentException(
          getClass().getSimpleName().replaceFirst("_.*", "") + " measures " + String.join(" and ", measured) + ", not " + asked, null);
    }
  }

  final Workers workers() {
    return workers;
  }

  /** Floats uniform in [-1, 1), the same for the same seed. */
  final MemorySegment uniform(long n, long seed) {
    return Numbers.uniform(arena, n, seed);
  }

  /** Zeros. */
  final MemorySegment room(long n) {
    return Numbers.room(arena, n);
  }

  @TearDown
  public void close() {
    workers.close();
    arena.close();
  }
}
