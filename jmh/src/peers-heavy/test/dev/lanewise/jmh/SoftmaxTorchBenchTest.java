package dev.lanewise.jmh;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.jmh.gemm.PeerAbsentException;
import dev.lanewise.kernels.reference.SoftmaxInDouble;
import dev.lanewise.kernels.testkit.Bounds;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Within the bounds that hold for any order of adding: arguments lie in [-1, 1), an exponential is off by an ulp and 2 u for its argument. */
final class SoftmaxTorchBenchTest {
  private static final int ROWS = 4;
  private static final int COLUMNS = 1000;

  private final SoftmaxTorchBench bench = new SoftmaxTorchBench();
  private final Rate.Traffic rate = new Rate.Traffic();
  private double[] x;

  @BeforeEach
  void setUp() throws PeerAbsentException {
    bench.rows = ROWS;
    bench.cols = COLUMNS;
    bench.peer = "pytorch";
    bench.setUp();
    x = new double[ROWS * COLUMNS];
    Arrays.setAll(x, i -> bench.memoryX.getAtIndex(JAVA_FLOAT, i));
  }

  @AfterEach
  void close() {
    bench.release();
    bench.close();
    Twin.counted(rate, 2 * ROWS * COLUMNS);
  }

  @Test
  void forward() {
    bench.forward(rate);
    double[] want = SoftmaxInDouble.forward(ROWS, COLUMNS, x);
    Bounds.gamma(COLUMNS + 12).times(want).holds(bench.memoryY.toArray(JAVA_FLOAT), want);
  }

  /** The error of the sum, relative, is one of its logarithm, absolute; and what is subtracted is rounded. */
  @Test
  void logSoftmax() {
    bench.logSoftmax(rate);
    double[] want = SoftmaxInDouble.logForward(ROWS, COLUMNS, x);
    double[] magnitudes = Arrays.stream(want).map(y -> 1 + Math.abs(y)).toArray();
    Bounds.gamma(COLUMNS + 12).times(magnitudes).holds(bench.memoryY.toArray(JAVA_FLOAT), want);
  }
}
