package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.reference.LayerNormReference;
import dev.lanewise.kernels.reference.NormsInDouble;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import dev.lanewise.kernels.testkit.Sizes;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;

class LayerNormProperties {
  private static final float EPSILON = 1e-3f;

  /** The operands of a forward and a backward pass and all that they write. */
  private static final class Case {
    final int rows;
    final int cols;
    final Guarded x;
    final Guarded gamma;
    final Guarded beta;
    final Guarded dy;
    final Guarded y;
    final Guarded mean;
    final Guarded rstd;
    final Guarded dx;
    final Guarded dgamma;
    final Guarded dbeta;

    Case(int rows, int cols, float centre, long seed) {
      this.rows = rows;
      this.cols = cols;
      x = Guarded.of(Data.seeded(seed).uniform(rows * cols, centre - 2f, centre + 2f));
      gamma = Guarded.of(Data.seeded(seed + 1).uniform(cols, -2f, 2f));
      beta = Guarded.of(Data.seeded(seed + 2).uniform(cols, -1f, 1f));
      dy = Guarded.of(Data.seeded(seed + 3).uniform(rows * cols, -1f, 1f));
      y = Guarded.nanFilled(rows * cols);
      mean = Guarded.nanFilled(rows);
      rstd = Guarded.nanFilled(rows);
      dx = Guarded.nanFilled(rows * cols);
      dgamma = Guarded.nanFilled(cols);
      dbeta = Guarded.nanFilled(cols);
    }

    Case forward(Workers workers) {
      Norms.layerNorm(
          rows, cols, x.segment(), gamma.segment(), beta.segment(), EPSILON, y.segment(), mean.segment(),
          rstd.segment(), workers);
      return this;
    }

    Case backward(boolean accumulate, Workers workers) {
      Norms.layerNormBackward(
          rows, cols, x.segment(), gamma.segment(), mean.segment(), rstd.segment(), dy.segment(), dx.segment(),
          dgamma.segment(), dbeta.segment(), accumulate, workers);
      return this;
    }

    Case twinForward() {
      LayerNormReference.forward(
          rows, cols, x.segment(), gamma.segment(), beta.segment(), EPSILON, y.segment(), mean.segment(),
          rstd.segment());
      return this;
    }

    Case twinBackward(boolean accumulate) {
      LayerNormReference.backward(
          rows, cols, x.segment(), gamma.segment(), mean.segment(), rstd.segment(), dy.segment(), dx.segment(),
          dgamma.segment(), dbeta.segment(), accumulate);
      return this;
    }

    void sameAs(Case other) {
      for (Guarded[] pair : new Guarded[][] {
          {x, other.x}, {dy, other.dy}, {y, other.y}, {mean, other.mean}, {rstd, other.rstd}, {dx, other.dx},
          {dgamma, other.dgamma}, {dbeta, other.dbeta}
      }) {
        assertThat(pair[0].bits()).isEqualTo(pair[1].bits());
        assertThat(pair[0].guardsIntact()).isTrue();
      }
    }
  }

  @Property(tries = 200)
  void everyElementHasTheBitsOfTheTwin(
      @ForAll @IntRange(min = 0, max = 5) int rows,
      @ForAll(supplier = Sizes.NonZero.class) int cols,
      @ForAll boolean accumulate,
      @ForAll long seed) {
    Case got = new Case(rows, cols, 1f, seed).forward(Crew.of(1)).backward(false, Crew.of(1));
    Case want = new Case(rows, cols, 1f, seed).twinForward().twinBackward(false);
    got.backward(accumulate, Crew.of(1)).sameAs(want.twinBackward(accumulate));
  }

  @Property(tries = 12)
  void anyNumberOfThreadsHasTheSameBits(
      @ForAll @IntRange(min = 2, max = Crew.LARGEST) int threads, @ForAll long seed) {
    Case one = new Case(311, 145, 0f, seed).forward(Crew.of(1)).backward(false, Crew.of(1));
    new Case(311, 145, 0f, seed).forward(Crew.of(threads)).backward(false, Crew.of(threads)).sameAs(one);
  }

  @Property(tries = 100)
  void resultsMayTakeTheirOperandsPlace(
      @ForAll @IntRange(min = 1, max = 4) int rows, @ForAll(supplier = Sizes.NonZero.class) int cols, @ForAll long seed) {
    Case apart = new Case(rows, cols, 0f, seed).forward(Crew.of(1)).backward(false, Crew.of(1));
    Case over = new Case(rows, cols, 0f, seed).forward(Crew.of(1));
    Norms.layerNormBackward(
        rows, cols, over.x.segment(), over.gamma.segment(), over.mean.segment(), over.rstd.segment(),
        over.dy.segment(), over.dy.segment(), over.dgamma.segment(), over.dbeta.segment(), false, Crew.of(1));
    assertThat(over.dy.bits()).isEqualTo(apart.dx.bits());
    Norms.layerNormBackward(
        rows, cols, over.x.segment(), over.gamma.segment(), over.mean.segment(), over.rstd.segment(),
        apart.dy.segment(), over.x.segment(), over.dgamma.segment(), over.dbeta.segment(), false, Crew.of(1));
    assertThat(over.x.bits()).isEqualTo(apart.dx.bits());
    assertThat(over.dgamma.bits()).isEqualTo(apart.dgamma.bits());
    Norms.layerNorm(
        rows, cols, apart.x.segment(), over.gamma.segment(), over.beta.segment(), EPSILON, apart.x.segment(),
        over.mean.segment(), over.rstd.segment(), Crew.of(1));
    assertThat(apart.x.bits()).isEqualTo(apart.y.bits());
  }

  @Property(tries = 200)
  void theResultLiesWithinItsBound(
      @ForAll @IntRange(min = 1, max = 300) int cols,
      @ForAll @FloatRange(min = -50f, max = 50f) float centre,
      @ForAll long seed) {
    Case c = new Case(1, cols, centre, seed).forward(Crew.of(1));
    double[] x = Data.widened(c.x.floats());
    double[] gamma = Data.widened(c.gamma.floats());
    double[] beta = Data.widened(c.beta.floats());
    double[] want = NormsInDouble.layerNorm(1, cols, x, gamma, beta, EPSILON);
    Bounds.gamma(1).times(bound(want, x, gamma, beta, cols)).holds(c.y.floats(), want);
  }

  /** The bound that {@link Norms} states, in units of gamma_1, for one row. */
  private static double[] bound(double[] y, double[] x, double[] gamma, double[] beta, int cols) {
    double d = ReductionsProperties.chain(cols);
    double size = Arrays.stream(x).map(Math::abs).average().orElse(0);
    double mean = Arrays.stream(x).average().orElse(0);
    double variance = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElse(0);
    double rstd = 1 / Math.sqrt(variance + EPSILON);
    double q = Bounds.gammaOf(d + 2) * size * rstd;
    assertThat(q).isLessThanOrEqualTo(1);
    double[] bound = new double[y.length];
    for (int j = 0; j < y.length; j++) {
      double normal = Math.abs(x[j] - mean) * rstd;
      bound[j] =
          (Bounds.gammaOf(d + 10) * (Math.abs(gamma[j]) * normal + Math.abs(beta[j]))
              + Math.abs(gamma[j]) * (1 + normal) * q) / Bounds.gammaOf(1);
    }
    return bound;
  }

  @Property(tries = 100)
  void normalisedRowsHaveMeanZeroAndVarianceOne(
      @ForAll @IntRange(min = 2, max = 300) int cols, @ForAll @FloatRange(min = -9f, max = 9f) float centre, @ForAll long seed) {
    Case c = new Case(1, cols, centre, seed);
    Elementwise.fill(cols, 1f, c.gamma.segment());
    Elementwise.fill(cols, 0f, c.beta.segment());
    c.forward(Crew.of(1));
    double[] x = Data.widened(c.x.floats());
    double[] zeros = new double[cols];
    double[] ones = new double[cols];
    Arrays.fill(ones, 1);
    double[] y = NormsInDouble.layerNorm(1, cols, x, ones, zeros, EPSILON);
    double slack = 0;
    double squares = 0;
    double exact = 0;
    double sum = 0;
    double[] bound = bound(y, x, ones, zeros, cols);
    for (int j = 0; j < cols; j++) {
      float got = c.y.floats()[j];
      double off = bound[j] * Bounds.gammaOf(1);
      sum += got;
      slack += off;
      squares += (double) got * got;
      exact += y[j] * y[j];
    }
    assertThat(Math.abs(sum)).isLessThanOrEqualTo(slack);
    double mean = Arrays.stream(x).sum() / cols;
    double variance = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum() / cols;
    // Less than 1 by epsilon's share, which is most of it where two values happen to be close; both sides are sums of cols doubles, and what
    // the mean cancels is at most (9 + 3)^2 times as large as the variance plus epsilon.
    double rounding = 4 * (cols + 10) * Math.ulp(1.0) * (1 + 144 / (variance + EPSILON));
    assertThat(Math.abs(exact / cols - variance / (variance + EPSILON))).isLessThanOrEqualTo(rounding);
    // Each square is off by at most (2 |y| + off) off, and |y| <= sqrt(cols).
    assertThat(Math.abs(squares - exact)).isLessThanOrEqualTo(slack * (2 * Math.sqrt(cols) + 1));
  }

  @Property(tries = 100)
  void gradientsLieWithinTheirBounds(
      @ForAll @IntRange(min = 1, max = 6) int rows, @ForAll @IntRange(min = 1, max = 200) int cols, @ForAll long seed) {
    Case c = new Case(rows, cols, 3f, seed).forward(Crew.of(1)).backward(false, Crew.of(1));
    double[] dgamma = new double[cols];
    double[] dbeta = new double[cols];
    double[] gammaSize = new double[cols];
    double[] betaSize = new double[cols];
    double[] dx = new double[rows * cols];
    double[] size = new double[rows * cols];
    for (int i = 0; i < rows; i++) {
      double m = c.mean.floats()[i];
      double r = c.rstd.floats()[i];
      double[] normal = new double[cols];
      double[] g = new double[cols];
      double g1 = 0;
      double g2 = 0;
      double s1 = 0;
      double s2 = 0;
      for (int j = 0; j < cols; j++) {
        double d = c.dy.floats()[i * cols + j];
        normal[j] = (c.x.floats()[i * cols + j] - m) * r;
        g[j] = d * c.gamma.floats()[j];
        g1 += g[j] / cols;
        g2 += g[j] * normal[j] / cols;
        s1 += Math.abs(g[j]) / cols;
        s2 += Math.abs(g[j] * normal[j]) / cols;
        dgamma[j] += d * normal[j];
        gammaSize[j] += Math.abs(d * normal[j]);
        dbeta[j] += d;
        betaSize[j] += Math.abs(d);
      }
      for (int j = 0; j < cols; j++) {
        dx[i * cols + j] = r * (g[j] - g1 - normal[j] * g2);
        size[i * cols + j] = r * (Math.abs(g[j]) + s1 + Math.abs(normal[j]) * s2);
      }
    }
    Bounds.gamma(ReductionsProperties.chain(cols) + 12).times(size).holds(c.dx.floats(), dx);
    Bounds.gamma(rows + 4).times(gammaSize).holds(c.dgamma.floats(), dgamma);
    Bounds.gamma(rows + 1).times(betaSize).holds(c.dbeta.floats(), dbeta);
  }

  @Property(tries = 60)
  void aGradientIsOrthogonalToShiftsAndNearlyToScaling(@ForAll @IntRange(min = 2, max = 100) int cols, @ForAll long seed) {
    // y does not change when a constant is added to x, so dx has no component along it.
    Case c = new Case(1, cols, 0f, seed).forward(Crew.of(1)).backward(false, Crew.of(1));
    double sum = 0;
    double size = 0;
    for (int j = 0; j < cols; j++) {
      sum += c.dx.floats()[j];
      size += c.rstd.floats()[0] * (2 * Math.abs(c.dy.floats()[j] * c.gamma.floats()[j]) + 2 * cols);
    }
    assertThat(Math.abs(sum)).isLessThanOrEqualTo(Bounds.gammaOf(ReductionsProperties.chain(cols) + 14) * size);
  }
}
