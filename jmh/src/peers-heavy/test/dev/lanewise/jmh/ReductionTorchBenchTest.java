package dev.lanewise.jmh;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.jmh.gemm.PeerAbsentException;
import dev.lanewise.kernels.reference.ReductionsReference;
import dev.lanewise.kernels.testkit.Bounds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Within the bound that holds for any order of adding. */
final class ReductionTorchBenchTest {
  private static final int N = 4096;

  private final ReductionTorchBench bench = new ReductionTorchBench();
  private final Rate.Traffic rate = new Rate.Traffic();

  @BeforeEach
  void setUp() throws PeerAbsentException {
    bench.n = N;
    bench.peer = "pytorch";
    bench.setUp();
  }

  @AfterEach
  void close() {
    bench.release();
    bench.close();
  }

  @Test
  void sum() {
    float[] x = bench.memoryX.toArray(JAVA_FLOAT);
    double magnitude = 0;
    for (float value : x) {
      magnitude += Math.abs(value);
    }
    Bounds.gamma(N).times(magnitude).holds(bench.sum(rate), ReductionsReference.sumInDouble(N, bench.memoryX));
    Twin.counted(rate, N);
  }

  @Test
  void dot() {
    double magnitude = 0;
    for (int i = 0; i < N; i++) {
      magnitude += Math.abs((double) bench.memoryX.getAtIndex(JAVA_FLOAT, i) * bench.memoryY.getAtIndex(JAVA_FLOAT, i));
    }
    Bounds.gamma(N).times(magnitude).holds(bench.dot(rate), ReductionsReference.dotInDouble(N, bench.memoryX, bench.memoryY));
    Twin.counted(rate, 2 * N);
  }
}
