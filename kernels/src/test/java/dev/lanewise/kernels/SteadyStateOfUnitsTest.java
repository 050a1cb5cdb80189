package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.testkit.Allocation;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** As {@link SteadyStateTest}, for smooth activation functions, norms and embeddings, in loops of their own that C2 gets through sooner. */
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

  private final MemorySegment a = Data.segment(new float[N]);
  private final MemorySegment b = Data.segment(new float[N]);
  private final MemorySegment c = Data.segment(new float[N]);
  private final MemorySegment d = Data.segment(new float[N]);
  private final MemorySegment ids = Guarded.ofInts(new int[N]).segment();

  private void rows(int rows, int cols, Workers w) {
    Norms.layerNorm(rows, cols, x, p, z, 1e-3f, y, a, b, w);
    Norms.layerNormBackward(rows, cols, x, p, a, b, y, y, c, d, true, w);
    Norms.batchNorm(rows, cols, x, p, z, 1e-3f, 0.9f, c, d, y, a, b, w);
    Norms.batchNormInference(rows, cols, x, p, z, 1e-3f, c, d, y, w);
    Norms.batchNormBackward(rows, cols, x, p, a, b, y, y, c, d, true, w);
    Elementwise.transpose(rows, cols, x, y);
    Optimizers.ema(rows * cols, x, y, 0.9f, w);
    Embedding.gather(1, cols, p, rows, ids, y, w);
    Embedding.scatterAdd(1, cols, rows, ids, y, c, false, w);
  }

  @Test
  void noUnitAllocates() {
    try (Workers w = Workers.single()) {
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

  @Test
  void noNormAndNoEmbeddingAllocates() {
    try (Workers w = Workers.single()) {
      long bytes =
          Allocation.steady(
              () -> {
                rows(3, 203, w);
                rows(20, 10, w);
                rows(9, 64, w);
                rows(30, 17, w);
              });
      assertThat(bytes).isZero();
    }
  }
}
