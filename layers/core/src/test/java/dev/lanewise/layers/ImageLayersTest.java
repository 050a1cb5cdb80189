package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.Workers;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import java.lang.foreign.Arena;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ImageLayersTest {
  private final Arena arena = Arena.ofConfined();
  private final Workspace workspace = Workspace.open();
  private final Pass pass = Pass.of(workspace, Workers.single(), 1);

  @AfterEach
  void close() {
    workspace.close();
    arena.close();
  }

  private Sequential build(Shape input, LayerSpec... specs) {
    return Sequential.build(input, 1, arena, specs);
  }

  private Tensor tensor(Shape shape, float... values) {
    return Tensor.allocate(arena, shape).copyFrom(values);
  }

  @Test
  void aTransposedConvolutionStampsItsKernel() {
    Sequential model = build(Shape.of(1, 2, 1), ConvTranspose2d.of(1, 2, Activation.LINEAR).withStrides(2, 2));
    model.params().getFirst().value().copyFrom(new float[] {1, 2, 3, 4});
    model.params().getLast().value().fill(0.5f);
    pass.begin(0);
    Tensor y = model.infer(tensor(Shape.of(1, 1, 2, 1), 10, 100), pass);
    assertThat(y.shape()).isEqualTo(Shape.of(1, 2, 4, 1));
    assertThat(y.toArray()).containsExactly(10.5f, 20.5f, 100.5f, 200.5f, 30.5f, 40.5f, 300.5f, 400.5f);
  }

  @Test
  void shapesAndNamesAreKeras() {
    Sequential model = build(Shape.of(49 * 8), Reshape.to(Shape.of(7, 7, 8)),
        ConvTranspose2d.of(16, 4, Activation.RELU).withPadding(Padding.SAME).withStrides(2, 2), UpSample2d.of(2),
        ConvTranspose2d.of(3, 5, Activation.TANH));
    assertThat(model.layers().get(0).outputShape()).isEqualTo(Shape.of(7, 7, 8));
    assertThat(model.layers().get(1).outputShape()).isEqualTo(Shape.of(14, 14, 16));
    assertThat(model.layers().get(2).outputShape()).isEqualTo(Shape.of(28, 28, 16));
    assertThat(model.outputShape()).isEqualTo(Shape.of(32, 32, 3));
    assertThat(model.params().stream().map(Param::name)).containsExactly("conv2d_transpose/kernel", "conv2d_transpose/bias",
        "conv2d_transpose_1/kernel", "conv2d_transpose_1/bias");
    assertThat(model.params().getFirst().shape()).isEqualTo(Shape.of(4, 4, 16, 8));
    // Each of 49 input pixels multiplies a kernel of 4 x 4 x 8 x 16.
    assertThat(model.layers().get(1).flops()).isEqualTo(2L * 49 * 4 * 4 * 8 * 16);
  }

  @Test
  void aCausalConvolutionSeesNoLaterStep() {
    Sequential model = build(Shape.of(6, 1), Conv1d.of(1, 3, Activation.LINEAR).withDilation(2).withCausalPadding());
    Param kernel = model.params().getFirst();
    assertThat(kernel.shape()).isEqualTo(Shape.of(3, 1, 1));
    kernel.value().copyFrom(new float[] {1, 10, 100});
    pass.begin(0);
    assertThat(model.infer(tensor(Shape.of(1, 6, 1), 1, 2, 3, 4, 5, 6), pass).toArray())
        .containsExactly(100, 200, 310, 420, 531, 642);
  }

  @Test
  void drawsBelongToTheirStepAndThoseOfAnEvaluationToTheirExample() {
    Sequential model = build(Shape.of(6), Reparameterize.of());
    Reparameterize layer = (Reparameterize) model.layers().getFirst();
    Tensor x = tensor(Shape.of(4, 6), new float[24]);
    pass.begin(3);
    float[] third = layer.forward(x, new Saved(), pass).toArray();
    pass.begin(4);
    assertThat(layer.forward(x, new Saved(), pass).toArray()).doesNotContain(third);
    pass.begin(3);
    assertThat(layer.forward(x, new Saved(), pass).toArray()).isEqualTo(third);
    pass.begin(0);
    float[] all = layer.sampleAt(1, 0, x, new Saved(), pass).toArray();
    pass.begin(1);
    assertThat(layer.sampleAt(1, 2, x, new Saved(), pass).toArray()).startsWith(Arrays.copyOfRange(all, 6, 12));
    assertThat(all).doesNotContain(third);
  }

  @Test
  void inUseTheMeanIsTaken() {
    Sequential model = build(Shape.of(4), Reparameterize.of());
    pass.begin(0);
    assertThat(model.infer(tensor(Shape.of(2, 4), 1, 2, 3, 4, 5, 6, 7, 8), pass).toArray()).containsExactly(1, 2, 5, 6);
  }

  @Test
  void theDivergenceAndItsGradientAreThoseOfTheLastForward() {
    Sequential model = build(Shape.of(2), Reparameterize.of());
    Reparameterize layer = (Reparameterize) model.layers().getFirst();
    Saved saved = new Saved();
    pass.begin(0);
    layer.forward(tensor(Shape.of(2, 2), 3, 0, 0, 0), saved, pass);
    Tensor losses = tensor(Shape.of(2), 0, 0);
    layer.divergence(saved, losses, pass);
    assertThat(losses.toArray()).containsExactly(4.5f, 0);
    Tensor dx = tensor(Shape.of(2, 2), 1, 1, 1, 1);
    layer.addDivergenceGradient(saved, 0.5f, dx, pass);
    assertThat(dx.toArray()).containsExactly(2.5f, 1, 1, 1);
    assertThatThrownBy(() -> layer.divergence(saved, tensor(Shape.of(3), 0, 0, 0), pass)).isInstanceOf(ShapeException.class)
        .hasMessage("reparameterize: the divergences are [3] but 2 elements are needed");
    assertThatThrownBy(() -> layer.addDivergenceGradient(saved, 1, tensor(Shape.of(3, 2), new float[6]), pass))
        .isInstanceOf(ShapeException.class)
        .hasMessage("reparameterize: the gradient for the input are [3, 2] but 4 elements are needed");
  }

  @Test
  void averagesOfWindowsAndOfWholeImages() {
    Tensor x = tensor(Shape.of(1, 2, 4, 1), 1, 3, 5, 7, 5, 7, 9, 11);
    pass.begin(0);
    assertThat(build(Shape.of(2, 4, 1), AvgPool2d.of(2)).infer(x, pass).toArray()).containsExactly(4, 8);
    Tensor y = build(Shape.of(2, 4, 1), GlobalAvgPool.of()).infer(x, pass);
    assertThat(y.shape()).isEqualTo(Shape.of(1, 1));
    assertThat(y.toArray()).containsExactly(6);
  }

  @Test
  void runningAveragesAreKeptButNotLearned() {
    Sequential model = build(Shape.of(1), BatchNorm.of().withMomentum(0.75f).withEpsilon(1));
    assertThat(model.params().stream().map(Param::name)).containsExactly("batch_normalization/gamma", "batch_normalization/beta");
    assertThat(model.parameters().count()).isEqualTo(2);
    Param mean = model.parameters().list().get(2);
    Param variance = model.parameters().list().get(3);
    assertThat(mean.name()).isEqualTo("batch_normalization/moving_mean");
    assertThat(variance.name()).isEqualTo("batch_normalization/moving_variance");
    assertThat(mean.learned() || variance.learned()).isFalse();
    // Mean 4 and variance 3 over the rows 3, 3, 3, 7: normal is (x - 4) / 2.
    Tensor x = tensor(Shape.of(4, 1), 3, 3, 3, 7);
    pass.begin(0);
    assertThat(model.forward(x, new Saved(), pass).toArray()).containsExactly(-0.5f, -0.5f, -0.5f, 1.5f);
    assertThat(mean.value().get(0)).isEqualTo(1);
    assertThat(variance.value().get(0)).isEqualTo(1.5f);
    mean.value().fill(2);
    variance.value().fill(3);
    assertThat(model.infer(x, pass).toArray()).containsExactly(0.5f, 0.5f, 0.5f, 2.5f);
    assertThat(mean.value().get(0)).isEqualTo(2);
  }

  @Test
  void badShapesNameTheLayerAndTheRemedy() {
    assertThatThrownBy(() -> build(Shape.of(5), Reparameterize.of())).isInstanceOf(ShapeException.class)
        .hasMessageStartingWith("reparameterize: the input is [n, 5] but [n, 2 d] is expected");
    assertThatThrownBy(() -> build(Shape.of(5), Reshape.to(Shape.of(2, 2)))).isInstanceOf(ShapeException.class)
        .hasMessage("reshape: an example [5] has 5 elements but [2, 2] has 4; give a shape of as many");
    assertThatThrownBy(() -> build(Shape.of(5), Conv1d.of(1, 2, Activation.LINEAR))).isInstanceOf(ShapeException.class)
        .hasMessageContaining("sequences [n, steps, channels] are expected");
    assertThatThrownBy(() -> build(Shape.of(2, 1), Conv1d.of(1, 3, Activation.LINEAR))).isInstanceOf(ShapeException.class)
        .hasMessageContaining("reach over 3 steps do not fit sequences [n, 2, 1]");
    assertThatThrownBy(() -> build(Shape.of(5, 5), UpSample2d.of(2))).isInstanceOf(ShapeException.class)
        .hasMessageContaining("images [n, height, width, channels] are expected");
    assertThatThrownBy(() -> build(Shape.of(1 << 20, 1, 1),
        ConvTranspose2d.of(1, 1, Activation.LINEAR).withStrides(1 << 12, 1))).isInstanceOf(ShapeException.class)
        .hasMessageContaining("take smaller strides");
    assertThatThrownBy(() -> build(Shape.of(2, 2, 1), AvgPool2d.of(3))).isInstanceOf(ShapeException.class)
        .hasMessageContaining("windows of 3x3 do not fit images [n, 2, 2, 1]");
    assertThatThrownBy(() -> BatchNorm.of().withMomentum(1)).hasMessageStartingWith("BatchNorm: momentum 1.0");
    assertThatThrownBy(() -> UpSample2d.of(0)).hasMessage("UpSample2d: factors 0 and 0; both must be at least 1");
    assertThatThrownBy(() -> ConvTranspose2d.of(0, 3, Activation.LINEAR)).hasMessageContaining("0 filters of 3x3");
    assertThatThrownBy(() -> Conv1d.of(1, 0, Activation.LINEAR)).hasMessageContaining("1 filters of 0 steps");
  }
}
