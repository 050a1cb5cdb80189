package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.reference.SoftmaxInDouble;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Differences;
import dev.lanewise.kernels.testkit.Guarded;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backward passes against central differences of {@code sum dy y(x)} in double. */
class SoftmaxGradientTest {
  private static final Workers ONE = Crew.of(1);

  private static double weighted(float[] dy, double[] y) {
    double sum = 0;
    for (int j = 0; j < y.length; j++) {
      sum += dy[j] * y[j];
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 16, 17, 33})
  void softmax(int cols) {
    float[] x = Data.seeded(cols).uniform(cols, -2f, 2f);
    float[] dy = Data.seeded(~cols).uniform(cols, -1f, 1f);
    Guarded y = Guarded.nanFilled(cols);
    Guarded dx = Guarded.nanFilled(cols);
    Softmax.forward(1, cols, Data.segment(x), y.segment(), ONE);
    Softmax.backward(1, cols, y.segment(), Data.segment(dy), dx.segment(), ONE);
    double[] want = Differences.gradient(Data.widened(x), at -> weighted(dy, SoftmaxInDouble.forward(1, cols, at)));
    // y and the inner sum each carry softmax's bound; |dy| <= 1 and the y add up to 1, so both factors are at most 2 y.
    double relative = 3 * Bounds.gammaOf(SoftmaxProperties.roundings(cols, 4));
    for (int j = 0; j < cols; j++) {
      assertThat(Math.abs(dx.floats()[j] - want[j])).isLessThanOrEqualTo(Differences.ERROR + relative * 2 * y.floats()[j]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 16, 17, 33})
  void logSoftmax(int cols) {
    float[] x = Data.seeded(cols).uniform(cols, -2f, 2f);
    float[] dy = Data.seeded(~cols).uniform(cols, -1f, 1f);
    Guarded y = Guarded.nanFilled(cols);
    Guarded dx = Guarded.nanFilled(cols);
    Softmax.logSoftmax(1, cols, Data.segment(x), y.segment(), ONE);
    Softmax.logSoftmaxBackward(1, cols, y.segment(), Data.segment(dy), dx.segment(), ONE);
    double[] want = Differences.gradient(Data.widened(x), at -> weighted(dy, SoftmaxInDouble.logForward(1, cols, at)));
    // e^y is off by the bound of y, which is at most 9 here, and by exp itself; the sum of dy is at most cols.
    double relative = Bounds.gammaOf(SoftmaxProperties.roundings(cols, 4)) + Bounds.gammaOf(4) * 9 + Bounds.gammaOf(8);
    for (int j = 0; j < cols; j++) {
      assertThat(Math.abs(dx.floats()[j] - want[j]))
          .isLessThanOrEqualTo(Differences.ERROR + relative * (Math.exp(y.floats()[j]) * cols + Math.abs(dy[j])));
    }
  }
}
