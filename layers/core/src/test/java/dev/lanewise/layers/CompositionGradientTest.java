package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.layers.GradientCheck.Twin;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions of each element, and layers made of layers. */
class CompositionGradientTest {
  private static void holds(GradientCheck check) {
    GradientCheck.Report report = check.run();
    System.out.println(report);
    assertThat(report.worst()).isPositive();
  }

  private static Twin elementwise(DoubleUnaryOperator function) {
    return (x, params) -> Arrays.stream(x).map(function).toArray();
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** Of small arguments: its power series. */
  private static double normalDistribution(double x) {
    double sum = 0;
    double power = x / Math.sqrt(2);
    for (int n = 0; n < 40; n++) {
      sum += power / (2 * n + 1);
      power *= -x * x / 2 / (n + 1);
    }
    return 0.5 + sum / Math.sqrt(Math.PI);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void functionsOfEachElement(long seed) {
    Shape shape = Shape.of(2, 7);
    // One rounding of the function's last digit is up to 4 ulps; beyond that the products around it.
    holds(GradientCheck.of(Gelu.of(), shape, elementwise(x -> x * normalDistribution(x))).seed(seed).roundings(16));
    holds(GradientCheck.of(Gelu.tanh(), shape, elementwise(
        x -> x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) / 2)).seed(seed).roundings(16));
    holds(GradientCheck.of(Silu.of(), shape, elementwise(x -> x * sigmoid(x))).seed(seed).roundings(16));
    holds(GradientCheck.of(LeakyRelu.of(0.2f), shape, elementwise(x -> x > 0 ? x : 0.2f * x)).seed(seed).roundings(2));
    holds(GradientCheck.of(Elu.of(), shape, elementwise(x -> x > 0 ? x : Math.expm1(x))).seed(seed).roundings(16));
    holds(GradientCheck.of(Elu.of(0.5f), shape, elementwise(x -> x > 0 ? x : 0.5 * Math.expm1(x))).seed(seed).roundings(16));
  }

  @Test
  void residual() {
    Twin inner = Twins.chain(new boolean[] {true, true}, Twins.dense(5, 4, Activation.TANH), Twins.dense(4, 5, Activation.LINEAR));
    Twin twin = (x, params) -> plus(x, inner.forward(x, params));
    holds(GradientCheck.of(Residual.of(Dense.of(4, Activation.TANH), Dense.of(5)), Shape.of(5), twin).roundings(5 + 4 + 8 + 1));
    // What comes back of a layer that computes in place, and of one that hands its input on.
    holds(GradientCheck.of(Residual.of(Silu.of()), Shape.of(6), elementwise(x -> x + x * sigmoid(x))).roundings(16));
    // Exact: doubling.
    assertThat(GradientCheck.of(Residual.of(Flatten.of()), Shape.of(6), elementwise(x -> 2 * x)).roundings(1).run().elements())
        .isPositive();
  }

  @Test
  void residualWithinResidual() {
    Twin inner = Twins.dense(3, 3, Activation.TANH);
    Twin twin = (x, params) -> {
      double[] h = plus(x, inner.forward(x, new double[][] {params[0], params[1]}));
      return plus(x, plus(h, inner.forward(h, new double[][] {params[2], params[3]})));
    };
    LayerSpec block = Residual.of(Dense.of(3, Activation.TANH));
    holds(GradientCheck.of(Residual.of(block, block), Shape.of(3), twin).roundings(2 * (3 + 8 + 2)));
  }

  private static double[] plus(double[] a, double[] b) {
    double[] sum = new double[a.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }

  @Test
  void concat() {
    Twin left = Twins.conv2d(4, 4, 2, 3, 3, 3, 2, 2, 1, 1, 0, 0, Activation.TANH);
    Twin right = Twins.maxPool2d(4, 4, 2, 3, 1);
    Twin twin = (x, params) -> {
      double[] a = left.forward(x, params);
      double[] b = right.forward(x, new double[0][]);
      double[] y = new double[a.length + b.length];
      for (int pixel = 0; pixel < a.length / 3; pixel++) {
        System.arraycopy(a, pixel * 3, y, pixel * 5, 3);
        System.arraycopy(b, pixel * 2, y, pixel * 5 + 3, 2);
      }
      return y;
    };
    holds(GradientCheck.of(Concat.of(Conv2d.of(3, 3, Activation.TANH), MaxPool2d.of(3).withStrides(1, 1)), Shape.of(4, 4, 2), twin)
        .batch(2).roundings(18 + 8 + 1));
  }

  @Test
  void aChainAsALayerOfAChain() {
    Twin twin = Twins.chain(new boolean[] {true, true, true}, Twins.dense(4, 3, Activation.TANH), Twins.dense(3, 4, Activation.TANH),
        Twins.dense(4, 2, Activation.LINEAR));
    LayerSpec nested = Sequential.spec(Dense.of(4, Activation.TANH), Dense.of(2));
    holds(GradientCheck.of(Sequential.spec(Dense.of(3, Activation.TANH), nested), Shape.of(4), twin).roundings(4 + 3 + 4 + 16));
  }

  @Test
  void whatDoesNotFitIsNamed() {
    assertThatThrownBy(() -> GradientCheck.of(Residual.of(Dense.of(4)), Shape.of(5), Twins.identity()).run())
        .isInstanceOf(ShapeException.class)
        .hasMessage("residual: the input is [n, 5] but what is added to it is [n, 4]; both must have the same shape, so end with a "
            + "layer that restores it");
    assertThatThrownBy(() -> GradientCheck.of(Concat.of(Flatten.of(), Relu.of()), Shape.of(2, 3), Twins.identity()).run())
        .isInstanceOf(ShapeException.class)
        .hasMessage("concat: branch relu puts out [n, 2, 3] but flatten [n, 6]; all axes but the last must be the same");
    assertThatThrownBy(() -> Concat.of()).hasMessageContaining("no branches");
    assertThatThrownBy(() -> Residual.of()).hasMessageContaining("no layers");
    assertThatThrownBy(() -> LeakyRelu.of(1)).hasMessageContaining("slope 1.0");
    assertThatThrownBy(() -> Elu.of(Float.NaN)).hasMessageContaining("alpha NaN");
  }
}
