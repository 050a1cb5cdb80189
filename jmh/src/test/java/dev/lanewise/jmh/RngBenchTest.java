package dev.lanewise.jmh;

import dev.lanewise.kernels.reference.RngReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RngBenchTest {
  private static final int N = 4096;

  private final RngBench bench = new RngBench();
  private final Rate.Traffic rate = new Rate.Traffic();

  @BeforeEach
  void setUp() {
    bench.n = N;
    bench.setUp();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void uniform() {
    bench.uniform(rate);
    Twin.sameBits(bench.y, y -> RngReference.uniform(1, 2, 0, 0, N, y, -1f, 1f));
    Twin.counted(rate, N);
  }

  @Test
  void normal() {
    bench.normal(rate);
    Twin.sameBits(bench.y, y -> RngReference.normal(1, 2, 0, 0, N, y, 0f, 1f));
    Twin.counted(rate, N);
  }

  @Test
  void dropoutMask() {
    bench.dropoutMask(rate);
    Twin.sameBits(bench.y, y -> RngReference.dropoutMask(1, 2, 0, 0, N, y, 0.5f));
    Twin.counted(rate, N);
  }
}
