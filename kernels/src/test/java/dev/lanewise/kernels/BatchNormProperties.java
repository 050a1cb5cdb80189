package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.reference.BatchNormReference;
import dev.lanewise.kernels.reference.NormsInDouble;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import dev.lanewise.kernels.testkit.Sizes;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;

class BatchNormProperties {
  private static final float EPSILON = 1e-3f;
  private static final float MOMENTUM = 0.9f;

  /** The operands of all three passes and what they write. */
  private static final class Case {
    final int rows;
    final int channels;
    final Guarded x;
    final Guarded gamma;
    final Guarded beta;
    final Guarded dy;
    final Guarded runningMean;
    final Guarded runningVariance;
    final Guarded y;
    final Guarded mean;
    final Guarded rstd;
    final Guarded inferred;
    final Guarded dx;
    final Guarded dgamma;
    final Guarded dbeta;

    Case(int rows, int channels, float centre, long seed) {
      this.rows = rows;
      this.channels = channels;
      x = Guarded.of(Data.seeded(seed).uniform(rows * channels, centre - 2f, centre + 2f));
      gamma = Guarded.of(Data.seeded(seed + 1).uniform(channels, -2f, 2f));
      beta = Guarded.of(Data.seeded(seed + 2).uniform(channels, -1f, 1f));
      dy = Guarded.of(Data.seeded(seed + 3).uniform(rows * channels, -1f, 1f));
      runningMean = Guarded.of(Data.seeded(seed + 4).uniform(channels, -1f, 1f));
      runningVariance = Guarded.of(Data.seeded(seed + 5).uniform(channels, 0f, 2f));
      y = Guarded.nanFilled(rows * channels);
      mean = Guarded.nanFilled(channels);
      rstd = Guarded.nanFilled(channels);
      inferred = Guarded.nanFilled(rows * channels);
      dx = Guarded.nanFilled(rows * channels);
      dgamma = Guarded.nanFilled(channels);
      dbeta = Guarded.nanFilled(channels);
    }

    Case run(boolean accumulate, Workers w) {
      Norms.batchNorm(
          rows, channels, x.segment(), gamma.segment(), beta.segment(), EPSILON, MOMENTUM, runningMean.segment(),
          runningVariance.segment(), y.segment(), mean.segment(), rstd.segment(), w);
      Norms.batchNormInference(
          rows, channels, x.segment(), gamma.segment(), beta.segment(), EPSILON, runningMean.segment(),
          runningVariance.segment(), inferred.segment(), w);
      Norms.batchNormBackward(
          rows, channels, x.segment(), gamma.segment(), mean.segment(), rstd.segment(), dy.segment(), dx.segment(),
          dgamma.segment(), dbeta.segment(), accumulate, w);
      return this;
    }

    Case twin(boolean accumulate) {
      BatchNormReference.train(
          rows, channels, x.segment(), gamma.segment(), beta.segment(), EPSILON, MOMENTUM, runningMean.segment(),
          runningVariance.segment(), y.segment(), mean.segment(), rstd.segment());
      BatchNormReference.infer(
          rows, channels, x.segment(), gamma.segment(), beta.segment(), EPSILON, runningMean.segment(),
          runningVariance.segment(), inferred.segment());
      BatchNormReference.backward(
          rows, channels, x.segment(), gamma.segment(), mean.segment(), rstd.segment(), dy.segment(), dx.segment(),
          dgamma.segment(), dbeta.segment(), accumulate);
      return this;
    }

    void sameAs(Case other) {
      for (Guarded[] pair : new Guarded[][] {
          {x, other.x}, {dy, other.dy}, {y, other.y}, {mean, other.mean}, {rstd, other.rstd}, {dx, other.dx},
          {dgamma, other.dgamma}, {dbeta, other.dbeta}, {inferred, other.inferred}, {runningMean, other.runningMean},
          {runningVariance, other.runningVariance}
      }) {
        assertThat(pair[0].bits()).isEqualTo(pair[1].bits());
        assertThat(pair[0].guardsIntact()).isTrue();
      }
    }
  }

  @Property(tries = 150)
  void everyElementHasTheBitsOfTheTwinAlsoAcrossStretches(
      @ForAll @IntRange(min = 1, max = 9) int few,
      @ForAll boolean many,
      @ForAll(supplier = Sizes.Straddling.class) int channels,
      @ForAll boolean accumulate,
      @ForAll long seed) {
    int rows = many ? 250 + few : few;
    Case got = new Case(rows, channels, 1f, seed).run(false, Crew.of(1)).run(accumulate, Crew.of(1));
    got.sameAs(new Case(rows, channels, 1f, seed).twin(false).twin(accumulate));
  }

  @Property(tries = 10)
  void anyNumberOfThreadsHasTheSameBits(
      @ForAll @IntRange(min = 2, max = Crew.LARGEST) int threads, @ForAll long seed) {
    Case one = new Case(1030, 49, 0f, seed).run(false, Crew.of(1));
    new Case(1030, 49, 0f, seed).run(false, Crew.of(threads)).sameAs(one);
  }

  @Property(tries = 60)
  void resultsMayTakeTheirOperandsPlace(
      @ForAll @IntRange(min = 1, max = 7) int rows, @ForAll(supplier = Sizes.NonZero.class) int channels, @ForAll long seed) {
    Case apart = new Case(rows, channels, 0f, seed).run(false, Crew.of(1));
    Case over = new Case(rows, channels, 0f, seed).run(false, Crew.of(1));
    Norms.batchNormBackward(
        rows, channels, over.x.segment(), over.gamma.segment(), over.mean.segment(), over.rstd.segment(),
        over.dy.segment(), over.dy.segment(), over.dgamma.segment(), over.dbeta.segment(), false, Crew.of(1));
    assertThat(over.dy.bits()).isEqualTo(apart.dx.bits());
    Norms.batchNormInference(
        rows, channels, over.x.segment(), over.gamma.segment(), over.beta.segment(), EPSILON,
        over.runningMean.segment(), over.runningVariance.segment(), over.x.segment(), Crew.of(1));
    assertThat(over.x.bits()).isEqualTo(apart.inferred.bits());
    Norms.batchNorm(
        rows, channels, apart.x.segment(), over.gamma.segment(), over.beta.segment(), EPSILON, MOMENTUM,
        over.runningMean.segment(), over.runningVariance.segment(), apart.x.segment(), over.mean.segment(),
        over.rstd.segment(), Crew.of(1));
    assertThat(apart.x.bits()).isEqualTo(apart.y.bits());
  }

  private static double roundings(int rows) {
    return Math.min(rows, 256) + Math.ceil(rows / 256.0);
  }

  @Property(tries = 100)
  void resultsLieWithinTheirBounds(
      @ForAll @IntRange(min = 1, max = 600) int rows,
      @ForAll @FloatRange(min = -20f, max = 20f) float centre,
      @ForAll long seed) {
    int channels = 3;
    Case c = new Case(rows, channels, centre, seed).run(false, Crew.of(1));
    double[] x = Data.widened(c.x.floats());
    double[] gamma = Data.widened(c.gamma.floats());
    double[] beta = Data.widened(c.beta.floats());
    double[] want = NormsInDouble.batchNorm(rows, channels, x, gamma, beta, EPSILON);
    double[] bound = new double[want.length];
    double[] dx = new double[want.length];
    double[] size = new double[want.length];
    double d = roundings(rows);
    for (int k = 0; k < channels; k++) {
      double m = 0;
      double abs = 0;
      double v = 0;
      for (int i = 0; i < rows; i++) {
        m += x[i * channels + k] / rows;
        abs += Math.abs(x[i * channels + k]) / rows;
      }
      for (int i = 0; i < rows; i++) {
        v += (x[i * channels + k] - m) * (x[i * channels + k] - m) / rows;
      }
      double rstd = 1 / Math.sqrt(v + EPSILON);
      double q = Bounds.gammaOf(d + 2) * abs * rstd;
      assertThat(q).isLessThanOrEqualTo(1);
      double fm = c.mean.floats()[k];
      double fr = c.rstd.floats()[k];
      double g1 = 0;
      double g2 = 0;
      double s1 = 0;
      double s2 = 0;
      for (int i = k; i < want.length; i += channels) {
        double normal = Math.abs(x[i] - m) * rstd;
        bound[i] =
            (Bounds.gammaOf(d + 10) * (Math.abs(gamma[k]) * normal + Math.abs(beta[k]))
                + Math.abs(gamma[k]) * (1 + normal) * q) / Bounds.gammaOf(1);
        double n = (x[i] - fm) * fr;
        g1 += c.dy.floats()[i];
        g2 += c.dy.floats()[i] * n;
        s1 += Math.abs(c.dy.floats()[i]);
        s2 += Math.abs(c.dy.floats()[i] * n);
      }
      Bounds.gamma(d + 4).times(s2).holds(c.dgamma.floats()[k], g2);
      Bounds.gamma(d + 1).times(s1).holds(c.dbeta.floats()[k], g1);
      for (int i = k; i < want.length; i += channels) {
        double n = (x[i] - fm) * fr;
        dx[i] = gamma[k] * fr * (c.dy.floats()[i] - g1 / rows - n * g2 / rows);
        size[i] = Math.abs(gamma[k]) * fr * (Math.abs(c.dy.floats()[i]) + s1 / rows + Math.abs(n) * s2 / rows);
      }
    }
    Bounds.gamma(1).times(bound).holds(c.y.floats(), want);
    Bounds.gamma(d + 12).times(size).holds(c.dx.floats(), dx);
  }

  @Property(tries = 50)
  void runningAveragesConvergeToTheBatch(@ForAll @IntRange(min = 2, max = 40) int rows, @ForAll long seed) {
    Case c = new Case(rows, 2, 1f, seed);
    for (int i = 0; i < 400; i++) {
      c.run(false, Crew.of(1));
    }
    for (int k = 0; k < 2; k++) {
      double m = c.mean.floats()[k];
      // 0.9^400 is 5e-19: what is left is one rounding of each step, a tenth of which is made good again.
      Bounds.gamma(20).times(3.0).holds(c.runningMean.floats()[k], m);
      double r = c.rstd.floats()[k];
      Bounds.gamma(40).times(1 / (r * r)).holds(c.runningVariance.floats()[k], 1 / (r * r) - EPSILON);
    }
  }
}
