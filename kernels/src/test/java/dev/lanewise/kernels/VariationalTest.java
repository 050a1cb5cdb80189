package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.testkit.Allocation;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class VariationalTest {
  private static final float INF = Float.POSITIVE_INFINITY;

  @Test
  void aStandardNormalHasNoDivergenceAndNoGradient() {
    MemorySegment h = Data.segment(new float[2 * 20]);
    Guarded sigma = Guarded.nanFilled(20);
    Guarded z = Guarded.nanFilled(20);
    float[] eps = Data.seeded(1).uniform(20, -2f, 2f);
    Variational.sample(1, 20, h, Data.segment(eps), sigma.segment(), z.segment(), Crew.of(1));
    assertThat(z.floats()).isEqualTo(eps);
    Guarded loss = Guarded.nanFilled(1);
    Variational.divergence(1, 20, h, sigma.segment(), loss.segment(), Crew.of(1));
    assertThat(loss.floats()).containsExactly(0);
    Guarded dh = Guarded.of(new float[40]);
    Variational.addDivergenceGradient(1, 20, h, sigma.segment(), 1f, dh.segment(), Crew.of(1));
    assertThat(dh.floats()).containsOnly(0);
  }

  @Test
  void aRowIsItsMeansThenItsLogarithms() {
    // mu 3, variance 4: z = 3 + 2 eps, divergence (9 + 4 - 1 - log 4) / 2.
    MemorySegment h = Data.segment(3, (float) Math.log(4));
    Guarded sigma = Guarded.nanFilled(1);
    Guarded z = Guarded.nanFilled(1);
    Guarded loss = Guarded.nanFilled(1);
    Variational.sample(1, 1, h, Data.segment(-1), sigma.segment(), z.segment(), Crew.of(1));
    Variational.divergence(1, 1, h, sigma.segment(), loss.segment(), Crew.of(1));
    assertThat(z.floats()[0]).isBetween(Math.nextDown(1f) - 0x1p-22f, 1f + 0x1p-22f);
    assertThat(loss.floats()[0]).isBetween(5.306852f, 5.306854f);
  }

  @Test
  void theEdgesAreAsStated() {
    MemorySegment h = Data.segment(0, -INF, 0, 178f, 0, 100f, 0, INF);
    Guarded sigma = Guarded.nanFilled(4);
    Guarded loss = Guarded.nanFilled(4);
    Variational.sample(4, 1, h, Data.segment(1, 1, 1, 1), sigma.segment(), Guarded.nanFilled(4).segment(), Crew.of(1));
    Variational.divergence(4, 1, h, sigma.segment(), loss.segment(), Crew.of(1));
    assertThat(sigma.floats()[0]).isZero();
    assertThat(sigma.floats()[1]).isEqualTo(INF);
    assertThat(sigma.floats()[2]).isFinite();
    assertThat(loss.floats()).containsExactly(INF, INF, INF, Float.NaN);
  }

  @Test
  void badSizesAndSegmentsAreNamed() {
    MemorySegment two = Data.segment(0, 0);
    MemorySegment one = Data.segment(0);
    MemorySegment other = Data.segment(0);
    MemorySegment third = Data.segment(0);
    Workers workers = Crew.of(1);
    assertThatThrownBy(() -> Variational.sample(1, 0, two, one, other, third, workers))
        .hasMessage("sample: 1 rows of 0 latent variables; at least 0 and 1 are needed");
    assertThatThrownBy(() -> Variational.sample(1, 1, one, one, other, third, workers))
        .hasMessage("sample: h holds 1 elements but 2 are needed");
    assertThatThrownBy(() -> Variational.sample(1, 1, two, one, other, other, workers)).hasMessageContaining("z overlaps sigma");
    assertThatThrownBy(() -> Variational.backward(1, 1, one, other, third, third, workers)).hasMessageContaining("dh holds 1 elements");
    assertThatThrownBy(() -> Variational.divergence(1, 1, two, one, two, workers)).hasMessageContaining("the loss array overlaps h");
    assertThatThrownBy(() -> Variational.addDivergenceGradient(1, 1, two, one, 1f, two, workers))
        .hasMessageContaining("dh overlaps h");
  }

  @Test
  void aSteadyCallAllocatesNothing() {
    int rows = 64;
    MemorySegment h = Data.segment(new float[2 * rows * 20]);
    MemorySegment dh = Data.segment(new float[2 * rows * 20]);
    MemorySegment eps = Data.segment(new float[rows * 20]);
    MemorySegment sigma = Data.segment(new float[rows * 20]);
    MemorySegment z = Data.segment(new float[rows * 20]);
    MemorySegment losses = Data.segment(new float[rows]);
    for (int threads = 1; threads <= 2; threads++) {
      Workers workers = Crew.of(threads);
      assertThat(Allocation.steady(() -> {
        Variational.sample(rows, 20, h, eps, sigma, z, workers);
        Variational.divergence(rows, 20, h, sigma, losses, workers);
        Variational.backward(rows, 20, eps, sigma, z, dh, workers);
        Variational.addDivergenceGradient(rows, 20, h, sigma, 0.5f, dh, workers);
      })).isZero();
    }
  }
}
