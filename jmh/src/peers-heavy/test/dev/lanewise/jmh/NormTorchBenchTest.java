package dev.lanewise.jmh;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.jmh.gemm.PeerAbsentException;
import dev.lanewise.kernels.reference.NormsInDouble;
import dev.lanewise.kernels.testkit.Bounds;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class NormTorchBenchTest {
  private static final int ROWS = 4;
  private static final int COLUMNS = 1000;

  /**
   * Variances by updating are off by a few n u where the mean is small beside the deviation, as it is here (Chan, Golub and LeVeque, Algorithms for
   * computing the sample variance, 1983); x - mean may be taken apart, which makes their sizes count.
   */
  @Test
  void layerNorm() throws PeerAbsentException {
    NormTorchBench bench = new NormTorchBench();
    bench.rows = ROWS;
    bench.cols = COLUMNS;
    bench.peer = "pytorch";
    bench.setUp();
    Rate.Traffic rate = new Rate.Traffic();
    bench.layerNorm(rate);
    Twin.counted(rate, 2 * ROWS * COLUMNS);
    double[] x = wide(bench.memoryX);
    double[] gamma = wide(bench.memoryGamma);
    double[] beta = wide(bench.memoryBeta);
    double[] want = NormsInDouble.layerNorm(ROWS, COLUMNS, x, gamma, beta, NormBench.EPSILON);
    double[] sizes = new double[want.length];
    for (int i = 0; i < sizes.length; i++) {
      // The deviation of numbers in [-1, 1) that are spread evenly is above 1/2, so |x - mean| / deviation is below 4.
      sizes[i] = 4 * Math.abs(gamma[i % COLUMNS]) + Math.abs(beta[i % COLUMNS]);
    }
    Bounds.gamma(2 * COLUMNS).times(sizes).holds(bench.result().toArray(JAVA_FLOAT), want);
    bench.release();
    bench.close();
  }

  private static double[] wide(MemorySegment values) {
    double[] wide = new double[(int) (values.byteSize() / 4)];
    Arrays.setAll(wide, i -> values.getAtIndex(JAVA_FLOAT, i));
    return wide;
  }
}
