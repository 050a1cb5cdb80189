package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.reference.LossesInDouble;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Differences;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients against central differences of the losses in double, two rows, scaled. */
class LossesGradientTest {
  private static final int ROWS = 2;
  private static final float SCALE = 0.75f;

  private static void check(
      LossesProperties.WithGradient door, int cols, float[] x, MemorySegment targets, Function<double[], double[]> truth) {
    Guarded gradient = Guarded.nanFilled(x.length);
    door.apply(
        ROWS, cols, Data.segment(x), targets, Data.segment(new float[ROWS]), gradient.segment(), SCALE, Crew.of(1));
    double[] want =
        Differences.gradient(
            Data.widened(x),
            at -> {
              double sum = 0;
              for (double loss : truth.apply(at)) {
                sum += SCALE * loss;
              }
              return sum;
            });
    // Probabilities, targets and the mass of a row are at most cols; so is each gradient's sum of absolute terms, twice.
    double rounding = 2 * cols * Bounds.gammaOf(2 * SoftmaxProperties.roundings(cols, 6));
    float[] got = gradient.floats();
    for (int i = 0; i < got.length; i++) {
      assertThat(Math.abs(got[i] - want[i])).as("element %s", i).isLessThanOrEqualTo(Differences.ERROR + rounding);
    }
  }

  private static float[] x(int cols) {
    return Data.seeded(cols).uniform(ROWS * cols, -3f, 3f);
  }

  private static float[] targets(int cols) {
    return Data.seeded(~cols).uniform(ROWS * cols, 0f, 1f);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 16, 17, 33})
  void sparseCrossEntropy(int cols) {
    int[] labels = Data.seeded(cols).below(ROWS, cols);
    check(
        Losses::sparseCrossEntropy,
        cols,
        x(cols),
        Guarded.ofInts(labels).segment(),
        at -> LossesInDouble.sparseCrossEntropy(ROWS, cols, at, labels));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 16, 17, 33})
  void crossEntropyWithTargetsThatDoNotAddUpToOne(int cols) {
    float[] t = targets(cols);
    check(
        Losses::crossEntropy,
        cols,
        x(cols),
        Data.segment(t),
        at -> LossesInDouble.crossEntropy(ROWS, cols, at, Data.widened(t)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 16, 17, 33})
  void binaryCrossEntropy(int cols) {
    float[] t = targets(cols);
    check(
        Losses::binaryCrossEntropy,
        cols,
        x(cols),
        Data.segment(t),
        at -> LossesInDouble.binaryCrossEntropy(ROWS, cols, at, Data.widened(t)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 16, 17, 33})
  void squaredError(int cols) {
    float[] t = targets(cols);
    check(
        Losses::squaredError,
        cols,
        x(cols),
        Data.segment(t),
        at -> LossesInDouble.squaredError(ROWS, cols, at, Data.widened(t)));
  }
}
