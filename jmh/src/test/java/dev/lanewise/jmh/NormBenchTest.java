package dev.lanewise.jmh;

import dev.lanewise.kernels.reference.LayerNormReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class NormBenchTest {
  private static final int ROWS = 4;
  private static final int COLUMNS = 1000;

  private final NormBench bench = new NormBench();
  private final Rate.Traffic rate = new Rate.Traffic();

  @BeforeEach
  void setUp() {
    bench.rows = ROWS;
    bench.cols = COLUMNS;
    bench.setUp();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void layerNorm() {
    bench.layerNorm(rate);
    Twin.sameBits(
        bench.y,
        y -> LayerNormReference.forward(
            ROWS, COLUMNS, bench.x, bench.gamma, bench.beta, NormBench.EPSILON, y, bench.mean, bench.rstd));
    Twin.counted(rate, 2 * ROWS * COLUMNS);
  }

  @Test
  void layerNormBackward() {
    bench.layerNormBackward(rate);
    Twin.sameBits(
        bench.y,
        dx -> LayerNormReference.backward(
            ROWS, COLUMNS, bench.x, bench.gamma, bench.mean, bench.rstd, bench.dy, dx, bench.dgamma, bench.dbeta, false));
    Twin.counted(rate, 3 * ROWS * COLUMNS);
  }
}
