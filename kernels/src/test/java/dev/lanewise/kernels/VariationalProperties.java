package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.reference.VariationalInDouble;
import dev.lanewise.kernels.reference.VariationalReference;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import dev.lanewise.kernels.testkit.Sizes;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;

class VariationalProperties {
  @Property(tries = 300)
  void allPassesHaveTheBitsOfTheirTwins(
      @ForAll @IntRange(min = 0, max = 5) int rows, @ForAll(supplier = Sizes.NonZero.class) int d, @ForAll boolean edgy,
      @ForAll @FloatRange(min = -2f, max = 2f) float scale, @ForAll long seed,
      @ForAll @IntRange(min = 1, max = Crew.LARGEST) int threads) {
    Data data = Data.seeded(seed);
    int n = rows * d;
    MemorySegment h = Data.segment(edgy ? data.edgy(2 * n) : data.uniform(2 * n, -4f, 4f));
    MemorySegment eps = Data.segment(data.uniform(n, -3f, 3f));
    Workers workers = Crew.of(threads);
    Guarded sigma = Guarded.nanFilled(n);
    Guarded z = Guarded.nanFilled(n);
    Guarded wantSigma = Guarded.nanFilled(n);
    Guarded wantZ = Guarded.nanFilled(n);
    Variational.sample(rows, d, h, eps, sigma.segment(), z.segment(), workers);
    VariationalReference.sample(0, rows, d, h, eps, wantSigma.segment(), wantZ.segment());
    equal(sigma, wantSigma);
    equal(z, wantZ);
    Guarded losses = Guarded.nanFilled(rows);
    Guarded wantLosses = Guarded.nanFilled(rows);
    Variational.divergence(rows, d, h, sigma.segment(), losses.segment(), workers);
    VariationalReference.divergence(0, rows, d, h, sigma.segment(), wantLosses.segment());
    equal(losses, wantLosses);
    Guarded dh = Guarded.nanFilled(2 * n);
    Guarded wantDh = Guarded.nanFilled(2 * n);
    MemorySegment dz = Data.segment(data.uniform(n, -1f, 1f));
    Variational.backward(rows, d, eps, sigma.segment(), dz, dh.segment(), workers);
    VariationalReference.backward(0, rows, d, eps, sigma.segment(), dz, wantDh.segment());
    equal(dh, wantDh);
    Variational.addDivergenceGradient(rows, d, h, sigma.segment(), scale, dh.segment(), workers);
    VariationalReference.addDivergenceGradient(0, rows, d, h, sigma.segment(), scale, wantDh.segment());
    equal(dh, wantDh);
  }

  private static void equal(Guarded got, Guarded want) {
    assertThat(got.bits()).isEqualTo(want.bits());
    assertThat(got.guardsIntact()).isTrue();
  }

  @Property(tries = 200)
  void theResultsLieWithinTheirBounds(
      @ForAll(supplier = Sizes.NonZero.class) int d, @ForAll @FloatRange(min = 0.01f, max = 9f) float spread, @ForAll long seed) {
    Data data = Data.seeded(seed);
    float[] h = data.uniform(2 * d, -spread, spread);
    float[] eps = data.uniform(d, -3f, 3f);
    Guarded sigma = Guarded.nanFilled(d);
    Guarded z = Guarded.nanFilled(d);
    Guarded loss = Guarded.nanFilled(1);
    Variational.sample(1, d, Data.segment(h), Data.segment(eps), sigma.segment(), z.segment(), Crew.of(1));
    Variational.divergence(1, d, Data.segment(h), sigma.segment(), loss.segment(), Crew.of(1));
    double[] mu = Data.widened(Arrays.copyOf(h, d));
    double[] lambda = Data.widened(Arrays.copyOfRange(h, d, 2 * d));
    double magnitude = 0;
    double[] sizeZ = new double[d];
    for (int j = 0; j < d; j++) {
      double variance = Math.exp(lambda[j]);
      magnitude += 0.5 * (mu[j] * mu[j] + variance + 1 + Math.abs(lambda[j]));
      sizeZ[j] = Math.abs(mu[j]) + Math.sqrt(variance) * Math.abs(eps[j]);
    }
    // One ulp is up to two units of roundoff; sigma is squared in the divergence.
    Bounds.gamma(3).times(sizeZ).holds(z.floats(), VariationalInDouble.sample(mu, lambda, Data.widened(eps)));
    Bounds.gamma(d + 7).times(magnitude).holds(loss.floats()[0], VariationalInDouble.divergence(mu, lambda));
  }

  /** Central differences of the divergence in double. */
  @Property(tries = 100)
  void theDivergencesGradientIsItsDerivative(
      @ForAll(supplier = Sizes.NonZero.class) int d, @ForAll @FloatRange(min = 0.1f, max = 4f) float spread, @ForAll long seed) {
    float[] h = Data.seeded(seed).uniform(2 * d, -spread, spread);
    Guarded sigma = Guarded.nanFilled(d);
    Guarded dh = Guarded.of(new float[2 * d]);
    MemorySegment eps = Data.segment(new float[d]);
    Variational.sample(1, d, Data.segment(h), eps, sigma.segment(), Guarded.nanFilled(d).segment(), Crew.of(1));
    Variational.addDivergenceGradient(1, d, Data.segment(h), sigma.segment(), 1f, dh.segment(), Crew.of(1));
    double[] want = new double[2 * d];
    double[] magnitude = new double[2 * d];
    for (int j = 0; j < d; j++) {
      want[j] = (divergence(h[j] + STEP, h[d + j]) - divergence(h[j] - STEP, h[d + j])) / (2 * STEP);
      want[d + j] = (divergence(h[j], h[d + j] + STEP) - divergence(h[j], h[d + j] - STEP)) / (2 * STEP);
      magnitude[j] = Math.abs(h[j]);
      magnitude[d + j] = 0.5 * (Math.exp(h[d + j]) + 1);
    }
    // The differences are off by e^4 h^2 / 12 and 1e-16 e^4 / h, both far below gamma_7 of a magnitude of at least 1/2, and exact in mu.
    for (int j = 0; j < d; j++) {
      magnitude[j] += 1;
    }
    Bounds.gamma(7).times(magnitude).holds(dh.floats(), want);
  }

  private static final double STEP = 0x1p-14;

  private static double divergence(double mu, double lambda) {
    return 0.5 * (mu * mu + Math.exp(lambda) - 1 - lambda);
  }
}
