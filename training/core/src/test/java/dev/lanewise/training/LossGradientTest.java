package dev.lanewise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Values against the published formulas in double, and gradients against central differences of those.
 *
 * <p>A value or a gradient passes through at most K + cols roundings of terms of its magnitude, where K covers
 * exponential, logarithm and division. The central difference adds h^2 / 6 times the third derivative, which is at most
 * 1/8 for all of these losses, and the cancellation of two values of double: 2 u_d |f| / h.
 */
class LossGradientTest {
  private static final int ROWS = 6;
  private static final int COLS = 5;
  private static final double H = 0x1p-17;
  /** Logits lie within 4, so that rounding z - max, at most 8, moves the exponential by 8 u relatively. */
  private static final double K = 8 + 16;

  private final float[] outputs = Data.seeded(11).uniform(ROWS * COLS, -4, 4);

  @ParameterizedTest
  @EnumSource(Loss.class)
  void valueIsTheFormulaAndGradientItsSlope(Loss loss) {
    float[] dense = targets(loss);
    int[] labels = Data.seeded(5).below(ROWS, COLS);
    MemorySegment targets = loss.takesLabels()
        ? Arena.ofAuto().allocateFrom(ValueLayout.JAVA_INT, labels)
        : Data.segment(dense);
    if (loss.takesLabels()) {
      dense = new float[ROWS * COLS];
      for (int row = 0; row < ROWS; row++) {
        dense[row * COLS + labels[row]] = 1;
      }
    }
    Guarded losses = Guarded.nanFilled(ROWS);
    Guarded alone = Guarded.nanFilled(ROWS);
    Guarded gradient = Guarded.nanFilled(ROWS * COLS);
    loss.forwardBackward(ROWS, COLS, Data.segment(outputs), targets, losses.segment(), gradient.segment(), 1f / ROWS,
        Crew.of(1));
    loss.forward(ROWS, COLS, Data.segment(outputs), targets, alone.segment(), Crew.of(1));
    assertThat(alone.bits()).isEqualTo(losses.bits());

    double[] values = new double[ROWS];
    double[] valueMagnitudes = new double[ROWS];
    double[] slopes = new double[ROWS * COLS];
    double[] slopeMagnitudes = new double[ROWS * COLS];
    for (int row = 0; row < ROWS; row++) {
      double[] y = row(outputs, row);
      double[] t = row(dense, row);
      values[row] = value(loss, y, t);
      valueMagnitudes[row] = magnitude(loss, y, t);
      for (int c = 0; c < COLS; c++) {
        slopes[row * COLS + c] = slope(loss, y, t, c) / ROWS;
        double differences = H * H / 48 + 4 * 0x1p-53 * Math.abs(values[row]) / H;
        slopeMagnitudes[row * COLS + c] =
            slopeMagnitude(loss, y[c], t[c]) / ROWS + differences / Bounds.gammaOf(K + COLS);
      }
    }
    Bounds.gamma(K + COLS).times(valueMagnitudes).holds(losses.floats(), values);
    Bounds.gamma(K + COLS).times(slopeMagnitudes).holds(gradient.floats(), slopes);
    assertThat(losses.guardsIntact() && gradient.guardsIntact()).isTrue();
  }

  /** Distributions for cross-entropy, probabilities for the binary one, numbers otherwise. */
  private static float[] targets(Loss loss) {
    float[] targets = Data.seeded(7).uniform(ROWS * COLS, 0, 1);
    if (loss == Loss.CATEGORICAL_CROSSENTROPY) {
      for (int row = 0; row < ROWS; row++) {
        float sum = 0;
        for (int c = 0; c < COLS; c++) {
          sum += targets[row * COLS + c];
        }
        for (int c = 0; c < COLS; c++) {
          targets[row * COLS + c] /= sum;
        }
      }
    }
    return targets;
  }

  private static double slope(Loss loss, double[] y, double[] t, int c) {
    double[] up = y.clone();
    double[] down = y.clone();
    up[c] += H;
    down[c] -= H;
    return (value(loss, up, t) - value(loss, down, t)) / (2 * H);
  }

  private static double value(Loss loss, double[] y, double[] t) {
    double sum = 0;
    double log = logSumExp(y);
    for (int c = 0; c < y.length; c++) {
      double d = y[c] - t[c];
      sum += switch (loss) {
        case SPARSE_CATEGORICAL_CROSSENTROPY, CATEGORICAL_CROSSENTROPY -> t[c] * (log - y[c]);
        case BINARY_CROSSENTROPY ->
          (t[c] * Math.log1p(Math.exp(-y[c])) + (1 - t[c]) * Math.log1p(Math.exp(y[c]))) / y.length;
        case MSE -> d * d / y.length;
        case HALF_MSE -> d * d / 2;
      };
    }
    return sum;
  }

  private static double magnitude(Loss loss, double[] y, double[] t) {
    double sum = 0;
    double log = Math.abs(logSumExp(y));
    for (int c = 0; c < y.length; c++) {
      double d = Math.abs(y[c]) + Math.abs(t[c]);
      sum += switch (loss) {
        case SPARSE_CATEGORICAL_CROSSENTROPY, CATEGORICAL_CROSSENTROPY -> t[c] * (log + 2 * Math.abs(y[c]) + 4);
        case BINARY_CROSSENTROPY -> (Math.abs(y[c]) * (1 + t[c]) + Math.log(2)) / y.length;
        case MSE -> d * d / y.length;
        case HALF_MSE -> d * d / 2;
      };
    }
    return sum;
  }

  private static double slopeMagnitude(Loss loss, double y, double t) {
    return switch (loss) {
      case SPARSE_CATEGORICAL_CROSSENTROPY, CATEGORICAL_CROSSENTROPY -> 1 + t;
      case BINARY_CROSSENTROPY -> (1 + t) / COLS;
      case MSE -> 2 * (Math.abs(y) + Math.abs(t)) / COLS;
      case HALF_MSE -> Math.abs(y) + Math.abs(t);
    };
  }

  private static double logSumExp(double[] y) {
    double max = Double.NEGATIVE_INFINITY;
    for (double v : y) {
      max = Math.max(max, v);
    }
    double sum = 0;
    for (double v : y) {
      sum += Math.exp(v - max);
    }
    return max + Math.log(sum);
  }

  private static double[] row(float[] values, int row) {
    double[] wide = new double[COLS];
    for (int c = 0; c < COLS; c++) {
      wide[c] = values[row * COLS + c];
    }
    return wide;
  }

  @Test
  void namesAreKerass() {
    for (Loss loss : Loss.values()) {
      assertThat(Loss.named(loss.id())).isEqualTo(loss);
    }
    assertThatThrownBy(() -> Loss.named("hinge")).hasMessage("Loss: 'hinge' is unknown; choices are "
        + "sparse_categorical_crossentropy, categorical_crossentropy, binary_crossentropy, mse, half_mse");
  }
}
