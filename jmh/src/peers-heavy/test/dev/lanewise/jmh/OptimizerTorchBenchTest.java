package dev.lanewise.jmh;

import static dev.lanewise.jmh.OptimizerBench.EPSILON;
import static dev.lanewise.jmh.OptimizerBench.RATE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.jmh.gemm.PeerAbsentException;
import dev.lanewise.kernels.testkit.Bounds;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class OptimizerTorchBenchTest {
  private static final int N = 4096;

  /** The formula of its documentation; m and v are 0 before, so each is a product of few factors. */
  @Test
  void adam() throws PeerAbsentException {
    OptimizerTorchBench bench = new OptimizerTorchBench();
    bench.n = N;
    bench.peer = "pytorch";
    bench.setUp();
    MemorySegment before = Twin.copy(bench.memoryW);
    Rate.Traffic rate = new Rate.Traffic();
    bench.adam(rate);
    Twin.counted(rate, 7 * N);
    double[] w = new double[N];
    double[] m = new double[N];
    double[] v = new double[N];
    double[] sizes = new double[N];
    for (int i = 0; i < N; i++) {
      double g = bench.memoryG.getAtIndex(JAVA_FLOAT, i);
      m[i] = (1 - 0.9) * g;
      v[i] = (1 - 0.999) * g * g;
      double step = RATE / (1 - Math.pow(0.9, 10)) * m[i] / (Math.sqrt(v[i]) / Math.sqrt(1 - Math.pow(0.999, 10)) + EPSILON);
      w[i] = before.getAtIndex(JAVA_FLOAT, i) - step;
      sizes[i] = Math.abs(before.getAtIndex(JAVA_FLOAT, i)) + 16 * Math.abs(step);
    }
    Bounds.gamma(4).times(absolute(m)).holds(bench.memoryM.toArray(JAVA_FLOAT), m);
    Bounds.gamma(4).times(v).holds(bench.memoryV.toArray(JAVA_FLOAT), v);
    Bounds.gamma(1).times(sizes).holds(bench.memoryW.toArray(JAVA_FLOAT), w);
    bench.release();
    bench.close();
  }

  private static double[] absolute(double... values) {
    return Arrays.stream(values).map(Math::abs).toArray();
  }
}
