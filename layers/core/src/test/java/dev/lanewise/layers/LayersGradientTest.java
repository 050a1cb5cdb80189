package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.Elementwise;
import dev.lanewise.kernels.Rng;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayersGradientTest {
  private static void holds(GradientCheck check) {
    GradientCheck.Report report = check.run();
    System.out.println(report);
    // An error that never shows at all would mean that nothing was compared.
    assertThat(report.worst()).isPositive();
    assertThat(report.elements()).isPositive();
  }

  /** As {@link #holds}, of layers that compute without rounding: the only error left is that of the differences. */
  private static void holdsExactly(GradientCheck check) {
    GradientCheck.Report report = check.roundings(1).run();
    System.out.println(report);
    assertThat(report.elements()).isPositive();
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void dense(Activation activation) {
    holds(GradientCheck.of(Dense.of(4, activation), Shape.of(5), Twins.dense(5, 4, activation)).roundings(5 + 8));
  }

  @Test
  void denseAtEachStepOfASequence() {
    // The same parameters at 4 steps of 2 examples: sums of 8 terms in their gradients.
    holds(GradientCheck.of(Dense.of(3, Activation.TANH), Shape.of(4, 5), Twins.dense(5, 3, Activation.TANH)).batch(2).roundings(8 + 8));
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void conv2dValid(Activation activation) {
    holds(GradientCheck.of(Conv2d.of(2, 3, 2, activation), Shape.of(5, 4, 2),
        Twins.conv2d(5, 4, 2, 3, 2, 2, 3, 3, 1, 1, 0, 0, activation)).batch(2).roundings(18 + 8));
  }

  @Test
  void conv2dSameWithStrides() {
    // 5 rows, stride 2: 3 outputs that reach over 7 rows, so one row of zeros on both sides; 4 columns: 2 that reach over 5.
    holds(GradientCheck.of(Conv2d.of(3, 3, Activation.LINEAR).withPadding(Padding.SAME).withStrides(2, 2), Shape.of(5, 4, 1),
        Twins.conv2d(5, 4, 1, 3, 3, 3, 3, 2, 2, 1, 1, 0, Activation.LINEAR)).batch(2).roundings(27));
  }

  @Test
  void conv2dDilated() {
    holds(GradientCheck.of(Conv2d.of(2, 2, Activation.TANH).withDilation(2, 2), Shape.of(4, 4, 2),
        Twins.conv2d(4, 4, 2, 2, 2, 2, 2, 2, 1, 2, 0, 0, Activation.TANH)).batch(2).roundings(8 + 8));
  }

  @Test
  void conv2dInGroups() {
    holds(GradientCheck.of(Conv2d.of(6, 3, 2, Activation.TANH).withGroups(2), Shape.of(5, 4, 4),
        Twins.conv2d(5, 4, 4, 3, 2, 6, 3, 3, 1, 1, 0, 0, 2, Activation.TANH)).batch(2).roundings(18 + 8));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void depthwiseConv2d(int multiplier) {
    int channels = 3;
    holds(GradientCheck.of(DepthwiseConv2d.of(3, 2, Activation.SIGMOID).withMultiplier(multiplier), Shape.of(5, 4, channels),
        Twins.conv2d(5, 4, channels, 3, 2, channels * multiplier, 3, 3, 1, 1, 0, 0, channels, Activation.SIGMOID)).batch(2)
        .roundings(18 + 8));
    // A row of zeros on both sides of 5 rows, a column of them to the right of 4.
    holds(GradientCheck.of(DepthwiseConv2d.of(3, Activation.LINEAR).withMultiplier(multiplier).withPadding(Padding.SAME).withStrides(2, 2),
        Shape.of(5, 4, channels),
        Twins.conv2d(5, 4, channels, 3, 3, channels * multiplier, 3, 2, 2, 1, 1, 0, channels, Activation.LINEAR)).batch(2).roundings(27));
  }

  @Test
  void maxPool2d() {
    holdsExactly(GradientCheck.of(MaxPool2d.of(2), Shape.of(5, 4, 2), Twins.maxPool2d(5, 4, 2, 2, 2)).batch(2));
    // Overlapping windows: gradients are added up, here multiples of 2^-23 whose sums are exact.
    holdsExactly(GradientCheck.of(MaxPool2d.of(3).withStrides(1, 1), Shape.of(5, 5, 1), Twins.maxPool2d(5, 5, 1, 3, 1)).batch(2));
  }

  @Test
  void flattenAndRelu() {
    holdsExactly(GradientCheck.of(Flatten.of(), Shape.of(2, 3, 2), Twins.identity()));
    holdsExactly(GradientCheck.of(Relu.of(), Shape.of(2, 3, 2), Twins.elementwise(Activation.RELU)));
  }

  @Test
  void softmax() {
    holds(GradientCheck.of(Softmax.of(), Shape.of(7), Twins.softmax(7)).roundings(7 + 8));
    holds(GradientCheck.of(Softmax.of(), Shape.of(2, 3), Twins.softmax(3)).roundings(3 + 8));
  }

  @Test
  void dropout() {
    long seed = 5;
    double[] mask = new double[3 * 8];
    // The law of the mask: kept where the stream's number is below 1 - rate, and then divided by it.
    for (int i = 0; i < mask.length; i++) {
      mask[i] = Rng.uniform(seed, Streams.LAYER, i) < 0.75f ? 1 / 0.75 : 0;
    }
    holds(GradientCheck.of(Dropout.of(0.25f), Shape.of(8), Twins.times(mask)).seed(seed).roundings(3));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aWholeConvolutionalNetwork(long seed) {
    LayerSpec[] specs = {Conv2d.of(2, 3, Activation.RELU), MaxPool2d.of(2), Conv2d.of(2, 2, Activation.TANH), Flatten.of(),
        Dense.of(4, Activation.SIGMOID), Dense.of(3), Softmax.of()};
    GradientCheck.Twin twin = Twins.chain(new boolean[] {true, false, true, false, true, true, false},
        Twins.conv2d(8, 8, 1, 3, 3, 2, 6, 6, 1, 1, 0, 0, Activation.RELU), Twins.maxPool2d(6, 6, 2, 2, 2),
        Twins.conv2d(3, 3, 2, 2, 2, 2, 2, 2, 1, 1, 0, 0, Activation.TANH), Twins.identity(),
        Twins.dense(8, 4, Activation.SIGMOID), Twins.dense(4, 3, Activation.LINEAR), Twins.softmax(3));
    // Longest sums: 9 + 8 + 8 + 4 + 3 forward, of the gradients 36; and 8 for each of three functions.
    holds(GradientCheck.of(Chain.of(specs), Shape.of(8, 8, 1), twin).batch(1).seed(seed).roundings(32 + 36 + 24));
  }

  /** A layer whose backward can be wrong in ways of its own. */
  private record Scale(Shape inputShape, Param gain, Fault fault) implements Layer {
    enum Fault {
      NONE, WRONG_GRADIENT, WRONG_OUTPUT, NEVER_ACCUMULATES, KEEPS_GRADIENT
    }

    static LayerSpec of(Fault fault) {
      return (input, params) -> new Scale(input, params.param("scale/gain", Shape.of(1), Initializer.ONES), fault);
    }

    @Override
    public String name() {
      return "scale";
    }

    @Override
    public Shape outputShape() {
      return inputShape;
    }

    @Override
    public List<Param> params() {
      return List.of(gain);
    }

    @Override
    public Tensor infer(Tensor x, Pass pass) {
      Tensor y = pass.workspace().tensor(x.shape());
      float a = gain.value().get(0) * (fault == Fault.WRONG_OUTPUT ? 1.00001f : 1);
      Elementwise.scale(x.size(), a, x.segment(), y.segment());
      return y;
    }

    @Override
    public Tensor forward(Tensor x, Saved saved, Pass pass) {
      Tensor y = infer(x, pass);
      saved.keep(x, y);
      return y;
    }

    @Override
    public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
      float sum = 0;
      for (long i = 0; i < dy.size(); i++) {
        sum = Math.fma(dy.get(i), saved.input().get(i), sum);
      }
      boolean add = (pass.accumulateGradients() && fault != Fault.NEVER_ACCUMULATES) || fault == Fault.KEEPS_GRADIENT;
      gain.gradient().set(0, add ? gain.gradient().get(0) + sum : sum);
      float a = gain.value().get(0) * (fault == Fault.WRONG_GRADIENT ? 1.00001f : 1);
      Elementwise.scale(dy.size(), a, dy.segment(), dy.segment());
      return inputGradient ? dy : null;
    }
  }

  private static GradientCheck scale(Scale.Fault fault) {
    return GradientCheck.of(Scale.of(fault), Shape.of(4), (x, params) -> {
      double[] y = new double[x.length];
      for (int i = 0; i < y.length; i++) {
        y[i] = params[0][0] * x[i];
      }
      return y;
    }).roundings(12);
  }

  @Test
  void theCheckItselfSeesAnErrorOfOneInAHundredThousand() {
    holds(scale(Scale.Fault.NONE));
    assertThatThrownBy(() -> scale(Scale.Fault.WRONG_GRADIENT).run()).isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("scale: the gradient for the input at ").hasMessageContaining("is right");
    assertThatThrownBy(() -> scale(Scale.Fault.WRONG_OUTPUT).run()).isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("scale: the output at ");
    assertThatThrownBy(() -> scale(Scale.Fault.NEVER_ACCUMULATES).run()).isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("scale: the gradient for scale/gain, added to itself at 0");
    assertThatThrownBy(() -> scale(Scale.Fault.KEEPS_GRADIENT).run()).isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("scale: the gradient for scale/gain at 0 is NaN");
  }

  @Test
  void theCheckRefusesWhatShowsNothing() {
    assertThatThrownBy(() -> GradientCheck.of(Flatten.of(), Shape.of(3), (x, params) -> new double[x.length]).run())
        .isInstanceOf(IllegalStateException.class).hasMessageContaining("nothing can be shown of the gradient for the input");
    assertThatThrownBy(() -> GradientCheck.of(Flatten.of(), Shape.of(1),
        (x, params) -> new double[] {Math.abs(x[0] - Math.rint(x[0] * 0x1p14) * 0x1p-14), x[1], x[2]}).run())
        .isInstanceOf(IllegalStateException.class).hasMessageContaining("away from kinks");
  }
}
