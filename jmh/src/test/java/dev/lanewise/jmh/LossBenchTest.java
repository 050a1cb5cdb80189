package dev.lanewise.jmh;

import static dev.lanewise.jmh.LossBench.SCALE;

import dev.lanewise.kernels.reference.LossesReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LossBenchTest {
  private static final int COLUMNS = 10;

  private final LossBench bench = new LossBench();
  private final Rate.Traffic rate = new Rate.Traffic();

  @BeforeEach
  void setUp() {
    bench.cols = COLUMNS;
    bench.setUp();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void sparseCrossEntropy() {
    bench.sparseCrossEntropy(rate);
    Twin.sameBits(bench.losses, losses -> Twin.sameBits(bench.gradient, gradient -> LossesReference.sparseCrossEntropy(
        0, bench.rows, COLUMNS, bench.logits, bench.labels, losses, gradient, SCALE)));
    Twin.counted(rate, 2 * 32 * COLUMNS);
  }

  @Test
  void squaredError() {
    bench.squaredError(rate);
    Twin.sameBits(bench.losses, losses -> Twin.sameBits(bench.gradient, gradient -> LossesReference.squaredError(
        0, bench.rows, COLUMNS, bench.logits, bench.targets, losses, gradient, SCALE)));
    Twin.counted(rate, 3 * 32 * COLUMNS);
  }
}
