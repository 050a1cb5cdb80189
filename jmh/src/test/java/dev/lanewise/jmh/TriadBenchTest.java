package dev.lanewise.jmh;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TriadBenchTest {
  /** A size with a tail at every vector width. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void triad(int threads) {
    TriadBench bench = new TriadBench();
    bench.threads = threads;
    bench.n = 1003;
    bench.setUp();
    Rate.Traffic rate = new Rate.Traffic();
    bench.triad(rate);
    float[] a = bench.a.toArray(JAVA_FLOAT);
    for (int i = 0; i < a.length; i++) {
      assertThat(a[i]).isEqualTo(Math.fma(bench.d.getAtIndex(JAVA_FLOAT, i), 3f, bench.b.getAtIndex(JAVA_FLOAT, i)));
    }
    bench.close();
    assertThat(rate.gb).isEqualTo(12e-9 * 1003);
  }
}
