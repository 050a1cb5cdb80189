package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.reference.NormsInDouble;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Differences;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Backward passes against central differences of {@code sum dy y(x, gamma, beta)} in double. */
class NormsGradientTest {
  private static final float EPSILON = 0.1f;

  private interface Truth {
    double[] of(int rows, int cols, double[] x, double[] gamma, double[] beta, double epsilon);
  }

  private static double weighted(float[] dy, double[] y) {
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      sum += dy[i] * y[i];
    }
    return sum;
  }

  @ParameterizedTest
  @CsvSource({"false, 1, 1", "false, 3, 5", "false, 2, 17", "false, 3, 33", "true, 1, 3", "true, 5, 3", "true, 9, 17"})
  void gradients(boolean batch, int rows, int cols) {
    int per = batch ? cols : rows;
    float[] x = Data.seeded(rows).uniform(rows * cols, -2f, 2f);
    float[] gamma = Data.seeded(cols).uniform(cols, -1f, 1f);
    float[] beta = Data.seeded(-cols).uniform(cols, -1f, 1f);
    float[] dy = Data.seeded(~rows).uniform(rows * cols, -1f, 1f);
    MemorySegment xs = Data.segment(x);
    MemorySegment gs = Data.segment(gamma);
    MemorySegment mean = Data.segment(new float[per]);
    MemorySegment rstd = Data.segment(new float[per]);
    MemorySegment y = Data.segment(new float[rows * cols]);
    Guarded dx = Guarded.nanFilled(rows * cols);
    Guarded dgamma = Guarded.nanFilled(cols);
    Guarded dbeta = Guarded.nanFilled(cols);
    Workers one = Crew.of(1);
    if (batch) {
      MemorySegment running = Data.segment(new float[cols]);
      MemorySegment variance = Data.segment(new float[cols]);
      Norms.batchNorm(rows, cols, xs, gs, Data.segment(beta), EPSILON, 0.9f, running, variance, y, mean, rstd, one);
      Norms.batchNormBackward(
          rows, cols, xs, gs, mean, rstd, Data.segment(dy), dx.segment(), dgamma.segment(), dbeta.segment(), false, one);
    } else {
      Norms.layerNorm(rows, cols, xs, gs, Data.segment(beta), EPSILON, y, mean, rstd, one);
      Norms.layerNormBackward(
          rows, cols, xs, gs, mean, rstd, Data.segment(dy), dx.segment(), dgamma.segment(), dbeta.segment(), false, one);
    }
    Truth truth = batch ? NormsInDouble::batchNorm : NormsInDouble::layerNorm;
    double[] wx = Data.widened(x);
    double[] wg = Data.widened(gamma);
    double[] wb = Data.widened(beta);
    // rstd is at most 1 / sqrt(0.1) = 3.2 and |normal| at most 4 * 3.2: terms of dx are below 3.2 (2 + 13 * 13), sums below 13 rows.
    near(dx, Differences.gradient(wx, at -> weighted(dy, truth.of(rows, cols, at, wg, wb, EPSILON))), 550);
    near(dgamma, Differences.gradient(wg, at -> weighted(dy, truth.of(rows, cols, wx, at, wb, EPSILON))), 13 * rows);
    near(dbeta, Differences.gradient(wb, at -> weighted(dy, truth.of(rows, cols, wx, wg, at, EPSILON))), rows);
  }

  /** A third derivative of y grows with rstd^3, 32 times what {@link Differences#ERROR} allows for. */
  private static void near(Guarded got, double[] want, double terms) {
    for (int i = 0; i < want.length; i++) {
      assertThat(Math.abs(got.floats()[i] - want[i]))
          .isLessThanOrEqualTo(32 * Differences.ERROR + Bounds.gammaOf(60) * terms);
    }
  }
}
