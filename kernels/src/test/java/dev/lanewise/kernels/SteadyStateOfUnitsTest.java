package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.testkit.Allocation;
import dev.lanewise.kernels.testkit.Data;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As {@link SteadyStateTest}, for the smooth activation functions, in a loop of their own that C2 gets through sooner. */
class SteadyStateOfUnitsTest {
  private static final int N = 3 * 203;

  private final MemorySegment x = Data.segment(Data.seeded(1).uniform(N, -5f, 5f));
  private final MemorySegment p = Data.segment(Data.seeded(2).uniform(N, 0.01f, 1f));
  private final MemorySegment y = Data.segment(new float[N]);
  private final MemorySegment z = Data.segment(new float[N]);

  private void elements(int n, Workers w) {
    Activations.erf(n, x, y, w);
    Activations.rsqrt(n, p, y, w);
    Activations.gelu(n, x, y, w);
    Activations.geluBackward(n, x, p, z, w);
    Activations.geluTanh(n, x, y, w);
    Activations.geluTanhBackward(n, x, p, z, w);
    Activations.silu(n, x, y, w);
    Activations.siluBackward(n, x, p, z, w);
    Activations.softplus(n, x, y, w);
    Activations.softplusBackward(n, y, p, z, w);
    Activations.leakyRelu(n, 0.3f, x, y, w);
    Activations.leakyReluBackward(n, 0.3f, y, p, z, w);
    Activations.elu(n, 1f, x, y, w);
    Activations.eluBackward(n, 1f, y, p, z, w);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void noDoorAllocates(int threads) {
    try (Workers w = Workers.threads(threads)) {
      long bytes =
          Allocation.steady(
              () -> {
                elements(N, w);
                elements(5, w);
                elements(130, w);
              });
      assertThat(bytes).isZero();
    }
  }
}
