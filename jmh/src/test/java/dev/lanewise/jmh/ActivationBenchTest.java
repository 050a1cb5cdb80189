package dev.lanewise.jmh;

import dev.lanewise.kernels.reference.ActivationsReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ActivationBenchTest {
  private static final int N = 4096;

  private final ActivationBench bench = new ActivationBench();
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
  void relu() {
    bench.relu(rate);
    Twin.sameBits(bench.y, y -> ActivationsReference.relu(N, bench.x, y));
    Twin.counted(rate, 2 * N);
  }

  @Test
  void reluBackward() {
    bench.reluBackward(rate);
    Twin.sameBits(bench.y, dx -> ActivationsReference.reluBackward(N, bench.x, bench.dy, dx));
    Twin.counted(rate, 3 * N);
  }

  @Test
  void exp() {
    bench.exp(rate);
    Twin.sameBits(bench.y, y -> ActivationsReference.exp(N, bench.x, y));
    Twin.counted(rate, 2 * N);
  }

  @Test
  void log() {
    bench.log(rate);
    Twin.sameBits(bench.y, y -> ActivationsReference.log(N, bench.positive, y));
    Twin.counted(rate, 2 * N);
  }

  @Test
  void sigmoid() {
    bench.sigmoid(rate);
    Twin.sameBits(bench.y, y -> ActivationsReference.sigmoid(N, bench.x, y));
    Twin.counted(rate, 2 * N);
  }

  @Test
  void sigmoidBackward() {
    bench.sigmoidBackward(rate);
    Twin.sameBits(bench.y, dx -> ActivationsReference.sigmoidBackward(N, bench.x, bench.dy, dx));
    Twin.counted(rate, 3 * N);
  }

  @Test
  void tanh() {
    bench.tanh(rate);
    Twin.sameBits(bench.y, y -> ActivationsReference.tanh(N, bench.x, y));
    Twin.counted(rate, 2 * N);
  }

  @Test
  void tanhBackward() {
    bench.tanhBackward(rate);
    Twin.sameBits(bench.y, dx -> ActivationsReference.tanhBackward(N, bench.x, bench.dy, dx));
    Twin.counted(rate, 3 * N);
  }

  @Test
  void erf() {
    bench.erf(rate);
    Twin.sameBits(bench.y, y -> ActivationsReference.erf(N, bench.x, y));
    Twin.counted(rate, 2 * N);
  }

  @Test
  void rsqrt() {
    bench.rsqrt(rate);
    Twin.sameBits(bench.y, y -> ActivationsReference.rsqrt(N, bench.positive, y));
    Twin.counted(rate, 2 * N);
  }

  @Test
  void gelu() {
    bench.gelu(rate);
    Twin.sameBits(bench.y, y -> ActivationsReference.gelu(N, bench.x, y));
    Twin.counted(rate, 2 * N);
  }

  @Test
  void geluTanh() {
    bench.geluTanh(rate);
    Twin.sameBits(bench.y, y -> ActivationsReference.geluTanh(N, bench.x, y));
    Twin.counted(rate, 2 * N);
  }

  @Test
  void silu() {
    bench.silu(rate);
    Twin.sameBits(bench.y, y -> ActivationsReference.silu(N, bench.x, y));
    Twin.counted(rate, 2 * N);
  }

  @Test
  void geluBackward() {
    bench.geluBackward(rate);
    Twin.sameBits(bench.y, dx -> ActivationsReference.geluBackward(N, bench.x, bench.dy, dx));
    Twin.counted(rate, 3 * N);
  }

  @Test
  void geluTanhBackward() {
    bench.geluTanhBackward(rate);
    Twin.sameBits(bench.y, dx -> ActivationsReference.geluTanhBackward(N, bench.x, bench.dy, dx));
    Twin.counted(rate, 3 * N);
  }

  @Test
  void siluBackward() {
    bench.siluBackward(rate);
    Twin.sameBits(bench.y, dx -> ActivationsReference.siluBackward(N, bench.x, bench.dy, dx));
    Twin.counted(rate, 3 * N);
  }
}
