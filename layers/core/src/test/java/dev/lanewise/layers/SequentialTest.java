package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.testkit.Allocation;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SequentialTest {
  private final Arena arena = Arena.ofShared();
  private final Workspace workspace = Workspace.open();
  private final Pass pass = Pass.of(workspace, Workers.single(), 7);

  @AfterEach
  void close() {
    workspace.close();
    arena.close();
  }

  private Sequential article() {
    return Sequential.build(Shape.of(28, 28, 1), 1, arena,
        Conv2d.of(32, 3, Activation.RELU), MaxPool2d.of(2), Conv2d.of(64, 3, Activation.RELU), MaxPool2d.of(2),
        Flatten.of(), Dense.of(128, Activation.RELU), Dense.of(10), Softmax.of());
  }

  private Sequential small(long seed) {
    return Sequential.build(Shape.of(8, 8, 2), seed, arena,
        Conv2d.of(3, 3, Activation.RELU), MaxPool2d.of(2), Flatten.of(), Dropout.of(0.5f), Dense.of(5, Activation.TANH),
        Relu.of(), Dense.of(4), Softmax.of());
  }

  private Tensor examples(Sequential model, int n) {
    Tensor x = Tensor.allocate(arena, model.inputShape().batch(n));
    for (long i = 0; i < x.size(); i++) {
      x.set(i, (i * 37 % 101) / 101f);
    }
    return x;
  }

  @Test
  void theSummaryOfTheArticlesNetworkReadsLikeKerass() {
    assertThat(article().summary()).isEqualTo("""
        Model: sequential, input [n, 28, 28, 1]
        ----------------------------------------------------------------
        Layer (type)              Output shape     Parameters      FLOPs
        ----------------------------------------------------------------
        conv2d (Conv2d)           [n, 26, 26, 32]         320    389,376
        max_pool2d (MaxPool2d)    [n, 13, 13, 32]           0          0
        conv2d_1 (Conv2d)         [n, 11, 11, 64]      18,496  4,460,544
        max_pool2d_1 (MaxPool2d)  [n, 5, 5, 64]             0          0
        flatten (Flatten)         [n, 1600]                 0          0
        dense (Dense)             [n, 128]            204,928    409,600
        dense_1 (Dense)           [n, 10]               1,290      2,560
        softmax (Softmax)         [n, 10]                   0          0
        ----------------------------------------------------------------
        Parameters: 225,034 (879.04 KB)
        FLOPs: 5,262,080 per example forward, 2 per multiply-add
        """);
  }

  /** 4 bytes each: a mebibyte is 2^18 of them. */
  @Test
  void theSummaryCountsInKilobytesUpToAMegabyte() {
    assertThat(Sequential.build(Shape.of(1), 1, arena, Embedding.of((1 << 18) - 1, 1)).summary()).contains("262,143 (1024.00 KB)");
    assertThat(Sequential.build(Shape.of(1), 1, arena, Embedding.of(1 << 18, 1)).summary()).contains("262,144 (1.00 MB)");
    assertThat(Sequential.build(Shape.of(1), 1, arena, Embedding.of(1 << 18, 3)).summary()).contains("786,432 (3.00 MB)");
  }

  @Test
  void theLastLayerSaysWhetherALossTakesItOver() {
    for (Activation activation : Activation.values()) {
      Sequential dense = Sequential.build(Shape.of(3), 1, arena, Softmax.of(), Dense.of(2, activation));
      assertThat(dense.endsInSigmoid()).isEqualTo(activation == Activation.SIGMOID);
      assertThat(dense.endsInSoftmax()).isFalse();
    }
    Sequential softmax = Sequential.build(Shape.of(3), 1, arena, Dense.of(2, Activation.SIGMOID), Softmax.of());
    assertThat(softmax.endsInSigmoid()).isFalse();
    assertThat(softmax.endsInSoftmax()).isTrue();
  }

  @Test
  void parametersAreNamedAsKerasNamesThemAndLieInOneFlatTensor() {
    Sequential model = article();
    Params params = model.parameters();
    assertThat(params.list()).extracting(Param::name).containsExactly("conv2d/kernel", "conv2d/bias", "conv2d_1/kernel",
        "conv2d_1/bias", "dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias");
    assertThat(params.count()).isEqualTo(225_034);
    long end = params.values().segment().address();
    for (Param param : params.list()) {
      assertThat(param.value().segment().address()).isEqualTo(end);
      assertThat(end % 64).isZero();
      assertThat(param.gradient().segment().address() - params.gradients().segment().address())
          .isEqualTo(end - params.values().segment().address());
      end += (param.value().segment().byteSize() + 63) / 64 * 64;
    }
    assertThat(end).isEqualTo(params.values().segment().address() + params.values().segment().byteSize());
  }

  @Test
  void logitsAreTheOutputWithoutTheLastSoftmax() {
    Sequential model = small(1);
    assertThat(model.endsInSoftmax()).isTrue();
    Tensor x = examples(model, 3);
    pass.begin(0);
    float[] logits = model.inferLogits(x, pass).toArray();
    pass.begin(0);
    float[] probabilities = model.infer(x, pass).toArray();
    for (int row = 0; row < 3; row++) {
      double sum = 0;
      for (int j = 0; j < 4; j++) {
        sum += Math.exp(logits[4 * row + j]);
      }
      for (int j = 0; j < 4; j++) {
        double want = Math.exp(logits[4 * row + j]) / sum;
        assertThat((double) probabilities[4 * row + j]).isBetween(want - 8 * Math.ulp((float) want), want + 8 * Math.ulp((float) want));
      }
    }
  }

  @Test
  void backwardIsTheLayersBackwardsOneAfterTheOther() {
    Sequential model = small(3);
    Tensor x = examples(model, 5);
    float[] gradients = step(model, x, 11);
    Chain chain = new Chain(model.layers());
    model.parameters().zeroGradients();
    assertThat(step(model, chain, x, 11)).isEqualTo(gradients);
    pass.begin(11);
    Saved saved = new Saved();
    Tensor dx = model.backward(seedGradient(model.forward(x, saved, pass)), saved, pass, true);
    float[] want = Objects.requireNonNull(dx).toArray();
    pass.begin(11);
    Tensor again = chain.backward(seedGradient(chain.forward(x, saved, pass)), saved, pass, true);
    assertThat(Objects.requireNonNull(again).toArray()).isEqualTo(want);
  }

  private Tensor seedGradient(Tensor y) {
    Tensor dy = pass.workspace().tensor(y.shape());
    for (long i = 0; i < dy.size(); i++) {
      dy.set(i, ((i * 13 + 5) % 17 - 8) / 8f);
    }
    return dy;
  }

  private float[] step(Sequential model, Tensor x, long step) {
    return step(model, model, x, step);
  }

  private float[] step(Sequential model, Layer way, Tensor x, long step) {
    Saved saved = new Saved();
    pass.begin(step);
    Tensor y = way.forward(x, saved, pass);
    assertThat(way.backward(seedGradient(y), saved, pass, false)).isNull();
    return model.parameters().gradients().toArray();
  }

  @Test
  void theSameSeedGivesTheSameBitsAndAnotherSeedOthers() {
    assertThat(small(5).parameters().values().toArray()).isEqualTo(small(5).parameters().values().toArray())
        .isNotEqualTo(small(6).parameters().values().toArray());
  }

  @Test
  void paddingStaysZeroInValuesAndGradients() {
    Sequential model = small(2);
    float[] gradients = step(model, examples(model, 4), 0);
    float[] values = model.parameters().values().toArray();
    boolean[] used = new boolean[values.length];
    for (Param param : model.params()) {
      int from = (int) ((param.value().segment().address() - model.parameters().values().segment().address()) / 4);
      Arrays.fill(used, from, from + (int) param.value().size(), true);
    }
    int padding = 0;
    for (int i = 0; i < used.length; i++) {
      if (!used[i]) {
        padding++;
        assertThat(values[i]).isZero();
        assertThat(gradients[i]).isZero();
      }
    }
    assertThat(padding).isPositive();
  }

  @Test
  void gradientsOfSeveralBatchesAddUpWhenAskedTo() {
    Sequential model = Sequential.build(Shape.of(3), 1, arena, Dense.of(2));
    Tensor x = Tensor.of(arena, Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    Saved saved = new Saved();
    for (int i = 0; i < 3; i++) {
      pass.begin(i, i > 0);
      model.forward(x, saved, pass);
      assertThat(model.backward(Tensor.of(arena, Shape.of(2, 2), 1, 0, 0, 1), saved, pass, true)).isNotNull();
    }
    assertThat(model.params().get(0).gradient().toArray()).containsExactly(3, 12, 6, 15, 9, 18);
    assertThat(model.params().get(1).gradient().toArray()).containsExactly(3, 3);
    model.parameters().zeroGradients();
    assertThat(model.parameters().gradients().toArray()).containsOnly(0);
  }

  @Test
  void aLayerThatLearnsBelowOneThatDoesNotGetsItsGradient() {
    Sequential model = Sequential.build(Shape.of(2, 2, 1), 1, arena, Flatten.of(), Dense.of(2), Relu.of(), Dense.of(1));
    float[] gradients = step(model, Tensor.of(arena, Shape.of(1, 2, 2, 1), 1, 2, 3, 4), 0);
    assertThat(gradients).contains(model.params().get(2).gradient().get(0));
    assertThat(model.params().get(3).gradient().get(0)).isNotZero();
  }

  @Test
  void aSteadyTrainingStepAllocatesNothing() {
    Sequential model = small(1);
    Tensor full = examples(model, 8);
    Tensor last = examples(model, 3);
    Saved saved = new Saved();
    int[] steps = {0};
    assertThat(Allocation.steady(() -> {
      Tensor x = (steps[0] & 3) == 3 ? last : full;
      pass.begin(steps[0]++);
      Tensor logits = model.forwardLogits(x, saved, pass);
      model.backwardLogits(pass.workspace().tensor(logits.dim(0), 4), saved, pass);
    })).isZero();
    assertThat(Allocation.steady(() -> {
      pass.begin(0);
      model.infer(full, pass);
    })).isZero();
  }

  @Test
  void whatDoesNotFitIsNamedWithItsRemedy() {
    assertThatThrownBy(() -> Sequential.build(Shape.of(28, 28, 1), 1, arena, Conv2d.of(4, 3, Activation.RELU), Dense.of(10)))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "dense: the input is [n, 26, 26, 4] but vectors [n, in] or sequences [n, t, in] are expected; put Flatten.of() before it");
    assertThatThrownBy(() -> Sequential.build(Shape.of(28, 28), 1, arena, Conv2d.of(4, 3, Activation.RELU)))
        .isInstanceOf(ShapeException.class).hasMessageContaining("conv2d: the input is [n, 28, 28] but images")
        .hasMessageContaining("axis of 1 channel");
    assertThatThrownBy(() -> Sequential.build(Shape.of(2, 2, 1), 1, arena, Conv2d.of(4, 3, Activation.RELU)))
        .isInstanceOf(ShapeException.class).hasMessageContaining("3x3 pixels do not fit images [n, 2, 2, 1]");
    assertThatThrownBy(() -> Sequential.build(Shape.of(5, 5, 3), 1, arena, Conv2d.of(4, 3, Activation.RELU).withGroups(2)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("conv2d: 3 channels of [n, 5, 5, 3] and 4 filters do not divide into 2 groups; both must be multiples of the groups");
    assertThatThrownBy(() -> DepthwiseConv2d.of(3, Activation.RELU).withMultiplier(0)).hasMessageContaining("0 filters for each channel");
    assertThatThrownBy(() -> Sequential.build(Shape.of(2, 2, 1), 1, arena, MaxPool2d.of(3)))
        .isInstanceOf(ShapeException.class).hasMessageContaining("3x3 do not fit images [n, 2, 2, 1]");
    assertThatThrownBy(() -> Sequential.build(Shape.of(2), 1, arena)).isInstanceOf(IllegalArgumentException.class);
    Sequential model = small(1);
    pass.begin(0);
    assertThatThrownBy(() -> model.infer(Tensor.allocate(arena, Shape.of(8, 8, 2)), pass)).isInstanceOf(ShapeException.class)
        .hasMessage("conv2d: the input is [8, 8, 2] but [n, 8, 8, 2] is expected; for one example reshape it to [1, 8, 8, 2]");
    assertThatThrownBy(() -> model.infer(Tensor.allocate(arena, Shape.of(4, 8, 8, 3)), pass)).isInstanceOf(ShapeException.class)
        .hasMessageContaining("[4, 8, 8, 3] but [n, 8, 8, 2]");
    Saved saved = new Saved();
    assertThatThrownBy(() -> model.backward(Tensor.allocate(arena, Shape.of(1, 4)), saved, pass, false))
        .isInstanceOf(IllegalStateException.class).hasMessageContaining("run forward");
    model.forward(examples(model, 2), saved, pass);
    assertThatThrownBy(() -> model.backward(Tensor.allocate(arena, Shape.of(3, 4)), saved, pass, false))
        .isInstanceOf(ShapeException.class).hasMessageContaining("softmax: the gradient for the output is [3, 4]")
        .hasMessageContaining("[2, 4]");
  }
}
