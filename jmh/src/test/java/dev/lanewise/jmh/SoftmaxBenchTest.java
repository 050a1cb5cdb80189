package dev.lanewise.jmh;

import dev.lanewise.kernels.reference.SoftmaxReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SoftmaxBenchTest {
  private static final int ROWS = 4;
  private static final int COLUMNS = 1000;

  private final SoftmaxBench bench = new SoftmaxBench();
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
  void forward() {
    bench.forward(rate);
    Twin.sameBits(bench.y, y -> SoftmaxReference.forward(0, ROWS, COLUMNS, bench.x, y));
    Twin.counted(rate, 2 * ROWS * COLUMNS);
  }

  @Test
  void backward() {
    bench.backward(rate);
    Twin.sameBits(bench.y, dx -> SoftmaxReference.backward(0, ROWS, COLUMNS, bench.probabilities, bench.dy, dx));
    Twin.counted(rate, 3 * ROWS * COLUMNS);
  }

  @Test
  void logSoftmax() {
    bench.logSoftmax(rate);
    Twin.sameBits(bench.y, y -> SoftmaxReference.logForward(0, ROWS, COLUMNS, bench.x, y));
    Twin.counted(rate, 2 * ROWS * COLUMNS);
  }
}
