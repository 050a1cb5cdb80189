package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.ActivationsProperties.Backward;
import dev.lanewise.kernels.ActivationsProperties.Function;
import dev.lanewise.kernels.reference.ActivationsInDouble;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Backward passes against central differences of the function in double. */
class ActivationsGradientTest {
  private static final int N = 101;
  private static final double H = 1e-4;

  /** |f'''| of tanh is at most 2, of all others here less: what a difference of step H leaves out is at most H^2 / 6 of that; 1e-11 is its rounding. */
  private static final double DIFFERENCE = 2 * H * H / 6 + 1e-11;

  private void check(
      Function f, Backward back, DoubleUnaryOperator truth, double relative, float low, float high) {
    float[] x = Data.seeded(7).uniform(N, low, high);
    float[] dy = Data.seeded(8).uniform(N, -2f, 2f);
    Guarded y = Guarded.nanFilled(N);
    Guarded dx = Guarded.nanFilled(N);
    f.door.apply(N, Data.segment(x), y.segment(), Crew.of(1));
    back.door.apply(N, back.operand().equals("x") ? Data.segment(x) : y.segment(), Data.segment(dy), dx.segment(), Crew.of(1));
    float[] got = dx.floats();
    for (int i = 0; i < N; i++) {
      double slope = (truth.applyAsDouble(x[i] + H) - truth.applyAsDouble(x[i] - H)) / (2 * H);
      assertThat(Math.abs(got[i] - slope * dy[i]))
          .as("x = %s", x[i])
          .isLessThanOrEqualTo(Math.abs(dy[i]) * (DIFFERENCE + relative));
    }
  }

  @Test
  void sigmoid() {
    // y is off by at most 2 ulp of 1, and y (1 - y) changes by no more than y does.
    check(Function.SIGMOID, Backward.SIGMOID, x -> 1 / (1 + Math.exp(-x)), 3 * 0x1p-23, -20f, 20f);
  }

  @Test
  void tanh() {
    // 1 - y^2 changes by at most twice what y does.
    check(Function.TANH, Backward.TANH, Math::tanh, 5 * 0x1p-23, -10f, 10f);
  }

  @Test
  void reluAwayFromItsCorner() {
    check(Function.RELU, Backward.RELU, x -> Math.max(x, 0), 0x1p-24, 0.01f, 3f);
    check(Function.RELU, Backward.RELU, x -> Math.max(x, 0), 0x1p-24, -3f, -0.01f);
  }

  @Test
  void gatedUnits() {
    // A slope is at most 1.13 and so are the terms that cancel in it: 10 units of roundoff, 8 + 8 |z| of them for the tanh form, |z| e^-|z| < 1.
    check(Function.GELU, Backward.GELU, ActivationsInDouble::gelu, 12 * 0x1p-24, -9f, 9f);
    check(Function.SILU, Backward.SILU, ActivationsInDouble::silu, 14 * 0x1p-24, -20f, 20f);
    check(Function.GELU_TANH, Backward.GELU_TANH, ActivationsInDouble::geluTanh, 32 * 0x1p-24, -9f, 9f);
  }

  @Test
  void unitsThatKnowTheirSlopeFromTheOutput() {
    // The slope's error is the output's, at most 3 ulp of 1 where it matters, and its own roundings.
    check(Function.SOFTPLUS, Backward.SOFTPLUS, ActivationsInDouble::softplus, 5 * 0x1p-23, -20f, 20f);
    check(Function.ELU, Backward.ELU, x -> ActivationsInDouble.elu(x, 1.3f), 5 * 0x1p-23, -20f, -0.01f);
    check(Function.ELU, Backward.ELU, x -> ActivationsInDouble.elu(x, 1.3f), 5 * 0x1p-23, 0.01f, 20f);
    check(Function.LEAKY_RELU, Backward.LEAKY_RELU, x -> ActivationsInDouble.leakyRelu(x, 0.3f), 0x1p-23, -3f, -0.01f);
    check(Function.LEAKY_RELU, Backward.LEAKY_RELU, x -> ActivationsInDouble.leakyRelu(x, 0.3f), 0x1p-23, 0.01f, 3f);
  }
}
