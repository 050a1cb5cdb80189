package dev.lanewise.jmh;

import static dev.lanewise.jmh.ReductionBench.COLUMNS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.reference.ReductionsReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ReductionBenchTest {
  private static final int N = 4096;

  private final ReductionBench bench = new ReductionBench();
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
  void sum() {
    assertThat(bench.sum(rate)).isEqualTo(ReductionsReference.sum(N, bench.x));
    Twin.counted(rate, N);
  }

  @Test
  void dot() {
    assertThat(bench.dot(rate)).isEqualTo(ReductionsReference.dot(N, bench.x, bench.y));
    Twin.counted(rate, 2 * N);
  }

  @Test
  void sumOfSquares() {
    assertThat(bench.sumOfSquares(rate)).isEqualTo(ReductionsReference.dot(N, bench.x, bench.x));
    Twin.counted(rate, N);
  }

  @Test
  void columnSums() {
    bench.columnSums(rate);
    Twin.sameBits(bench.sums, y -> ReductionsReference.columnSums(N / COLUMNS, COLUMNS, bench.x, y, false));
    Twin.counted(rate, N);
  }

  @Test
  void argmax() {
    bench.argmax(rate);
    Twin.sameBits(bench.indices, y -> ReductionsReference.argmax(N / COLUMNS, COLUMNS, bench.x, y));
    Twin.counted(rate, N);
  }

  @Test
  void firstNonFinite() {
    assertThat(bench.firstNonFinite(rate)).isEqualTo(-1).isEqualTo(ReductionsReference.firstNonFinite(N, bench.x));
    Twin.counted(rate, N);
  }
}
