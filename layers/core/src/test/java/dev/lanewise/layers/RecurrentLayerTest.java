package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.Recurrent.Cell;
import dev.lanewise.kernels.Rng;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.testkit.Allocation;
import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import java.lang.foreign.Arena;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecurrentLayerTest {
  private static final int VOCABULARY = 7;

  private final Arena arena = Arena.ofShared();
  private final Workspace workspace = Workspace.open();
  private final Pass pass = Pass.of(workspace, Workers.single(), 7);

  @AfterEach
  void close() {
    workspace.close();
    arena.close();
  }

  private Sequential build(Shape input, LayerSpec... specs) {
    return Sequential.build(input, 5, arena, specs);
  }

  private Tensor noise(Shape shape, long stream) {
    Tensor tensor = Tensor.allocate(arena, shape);
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, 2 * Rng.uniform(3, stream, i) - 1);
    }
    return tensor;
  }

  private Tensor ids(int n, int t) {
    Tensor ids = Tensor.allocate(arena, Shape.of(n, t));
    for (long i = 0; i < ids.size(); i++) {
      ids.set(i, Rng.below(3, 9, i, VOCABULARY));
    }
    return ids;
  }

  private static float[] backward(Sequential model, Tensor x, Tensor dy, Pass pass) {
    Saved saved = new Saved();
    pass.begin(0);
    model.forward(x, saved, pass);
    model.backward(pass.workspace().tensor(dy.shape()).copyFrom(dy), saved, pass, false);
    return model.parameters().gradients().toArray();
  }

  @ParameterizedTest
  @EnumSource(Cell.class)
  void tokenIdsHaveTheBitsOfVectorsWithASingleOne(Cell cell) {
    RecurrentSpec spec = RecurrentSpec.of(cell, 5).returnSequences().withBothDirections();
    Sequential tokens = build(Shape.of(6), spec.withTokens(VOCABULARY));
    Sequential vectors = build(Shape.of(6, VOCABULARY), spec);
    Tensor ids = ids(3, 6);
    Tensor ones = Tensor.allocate(arena, Shape.of(3, 6, VOCABULARY));
    for (int i = 0; i < 18; i++) {
      ones.set((long) i * VOCABULARY + (long) ids.get(i), 1);
    }
    pass.begin(0);
    assertThat(tokens.infer(ids, pass).toArray()).isEqualTo(vectors.infer(ones, pass).toArray());
    Tensor dy = noise(Shape.of(3, 6, 10), 1);
    assertThat(backward(tokens, ids, dy, pass)).isEqualTo(backward(vectors, ones, dy, pass));
  }

  @ParameterizedTest
  @EnumSource(Cell.class)
  void aStatefulLayerGoesOnWhereTheLastBatchEnded(Cell cell) {
    RecurrentSpec spec = RecurrentSpec.of(cell, 5).returnSequences();
    Sequential whole = build(Shape.of(6, 2), spec);
    Sequential pieces = build(Shape.of(3, 2), spec.withState());
    Tensor x = noise(Shape.of(1, 6, 2), 2);
    pass.begin(0);
    float[] want = whole.infer(x, pass).toArray();
    float[] got = new float[want.length];
    for (int round = 0; round < 2; round++) {
      pass.carried().reset();
      for (int piece = 0; piece < 2; piece++) {
        pass.begin(0);
        Tensor part = Tensor.wrap(x.segment().asSlice(4L * 6 * piece), Shape.of(1, 3, 2));
        float[] y = (piece == 0 ? pieces.forward(part, new Saved(), pass) : pieces.infer(part, pass)).toArray();
        System.arraycopy(y, 0, got, piece * 15, 15);
      }
      assertThat(got).isEqualTo(want);
    }
  }

  @ParameterizedTest
  @EnumSource(Cell.class)
  void stepByStepHasTheBitsOfTheWholeSequence(Cell cell) {
    Sequential tokens = build(Shape.of(5), RecurrentSpec.of(cell, 6).returnSequences().withTokens(VOCABULARY));
    Sequential vectors = build(Shape.of(5, 2), RecurrentSpec.of(cell, 6).returnSequences());
    Tensor ids = ids(1, 5);
    Tensor x = noise(Shape.of(1, 5, 2), 6);
    for (int round = 0; round < 2; round++) {
      for (Sequential model : new Sequential[] {tokens, vectors}) {
        Tensor input = model == tokens ? ids : x;
        pass.begin(0);
        float[] want = model.infer(input, pass).toArray();
        Stepwise layer = (Stepwise) model.layers().getFirst();
        int width = model == tokens ? 1 : 2;
        pass.carried().reset();
        for (int t = 0; t < 5; t++) {
          pass.begin(0);
          Tensor one = Tensor.wrap(input.segment().asSlice(4L * width * t), model == tokens ? Shape.of(1) : Shape.of(1, 2));
          assertThat(layer.step(one, t, pass).toArray()).isEqualTo(java.util.Arrays.copyOfRange(want, 6 * t, 6 * t + 6));
        }
      }
    }
  }

  @Test
  void aStepNamesWhatItCannotTake() {
    Stepwise tokens = (Stepwise) build(Shape.of(5), Lstm.of(4).withTokens(VOCABULARY)).layers().getFirst();
    assertThatThrownBy(() -> tokens.step(Tensor.of(arena, Shape.of(1), 7), 0, pass)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("token 7.0 but the layer knows 7 tokens, whole numbers from 0 to 6");
    assertThatThrownBy(() -> tokens.step(Tensor.of(arena, Shape.of(2), 1, 1), 0, pass)).isInstanceOf(ShapeException.class)
        .hasMessageContaining("a step of [2] but [1], a token id, is expected");
    assertThatThrownBy(() -> tokens.step(Tensor.of(arena, Shape.of(1), 1), -1, pass)).isInstanceOf(ShapeException.class);
    Stepwise vectors = (Stepwise) build(Shape.of(5, 2), Lstm.of(4)).layers().getFirst();
    assertThatThrownBy(() -> vectors.step(Tensor.of(arena, Shape.of(1, 3), 1, 1, 1), 0, pass)).isInstanceOf(ShapeException.class)
        .hasMessage("lstm: a step of [1, 3] but [1, 2] is expected");
    Stepwise both = (Stepwise) build(Shape.of(5, 2), Gru.of(4).withBothDirections()).layers().getFirst();
    assertThatThrownBy(() -> both.step(Tensor.of(arena, Shape.of(1, 2), 1, 1), 0, pass)).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("runs from the end");
  }

  @Test
  void theStateMustBeOfTheSameBatch() {
    Sequential model = build(Shape.of(3, 2), Lstm.of(4).withState());
    pass.begin(0);
    model.infer(noise(Shape.of(2, 3, 2), 1), pass);
    assertThat(pass.carried().tensors()).containsOnlyKeys("lstm/state");
    assertThat(pass.carried().state("lstm/state", 2, Shape.of(8)).toArray()).doesNotContain(0f);
    pass.begin(1);
    assertThatThrownBy(() -> model.infer(noise(Shape.of(1, 3, 2), 1), pass)).isInstanceOf(ShapeException.class)
        .hasMessageStartingWith("lstm/state: the state carried over is [2, 8] but this batch needs [1, 8]");
  }

  @ParameterizedTest
  @EnumSource(Cell.class)
  void whatIsPaddedMattersNowhere(Cell cell) {
    Sequential model = build(Shape.of(5, 2), RecurrentSpec.of(cell, 4).withBothDirections(), Dense.of(2));
    Tensor x = noise(Shape.of(2, 5, 2), 4);
    Tensor other = Tensor.allocate(arena, x.shape()).copyFrom(x);
    other.set(3 * 2, 100);
    other.set(10 + 4 * 2 + 1, -50);
    IntTensor lengths = IntTensor.of(arena, Shape.of(2), 3, 4);
    assertThat(padded(model, other, lengths)).isEqualTo(padded(model, x, lengths));
    float[] gradients = model.parameters().gradients().toArray();
    padded(model, x, lengths);
    assertThat(model.parameters().gradients().toArray()).isEqualTo(gradients);
    assertThat(gradients).contains(0f);
    assertThatThrownBy(() -> padded(model, x, IntTensor.of(arena, Shape.of(3), 1, 2, 3))).isInstanceOf(ShapeException.class)
        .hasMessageContaining("3 lengths for a batch of 2");
  }

  private float[] padded(Sequential model, Tensor x, IntTensor lengths) {
    Saved saved = new Saved();
    pass.begin(0);
    pass.lengths(lengths);
    Tensor y = model.forward(x, saved, pass);
    float[] output = y.toArray();
    Tensor dx = Objects.requireNonNull(model.backward(y, saved, pass, true));
    // Steps 3 and 4 of the first example and step 4 of the second are padding.
    float[] gradient = dx.toArray();
    assertThat(new float[] {gradient[6], gradient[7], gradient[8], gradient[9], gradient[18], gradient[19]}).containsOnly(0f);
    return output;
  }

  @ParameterizedTest
  @EnumSource(Cell.class)
  void theBitsDoNotDependOnTheThreads(Cell cell) {
    Sequential model = build(Shape.of(4), RecurrentSpec.of(cell, 20).returnSequences().withTokens(VOCABULARY), Dense.of(3));
    Tensor x = ids(9, 4);
    Tensor dy = noise(Shape.of(9, 4, 3), 1);
    float[] one = backward(model, x, dy, pass);
    try (Workers workers = Workers.threads(3); Workspace other = Workspace.open()) {
      assertThat(backward(model, x, dy, Pass.of(other, workers, 7))).isEqualTo(one);
    }
  }

  private static boolean allZero(float... values) {
    for (float value : values) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  @Test
  void firstValuesAreKerass() {
    Sequential model = build(Shape.of(3, 2), Lstm.of(4));
    assertThat(model.params()).extracting(Param::name).containsExactly("lstm/kernel", "lstm/recurrent_kernel", "lstm/bias");
    assertThat(model.params().get(2).value().toArray()).containsExactly(0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0);
    float[] recurrent = model.params().get(1).value().toArray();
    for (int i = 0; i < 4; i++) {
      for (int k = 0; k <= i; k++) {
        double dot = 0;
        for (int j = 0; j < 16; j++) {
          dot += (double) recurrent[i * 16 + j] * recurrent[k * 16 + j];
        }
        // 16 products of numbers rounded to fp32, whose squares add up to 1.
        assertThat(dot).isBetween((i == k ? 1 : 0) - 0x1p-22, (i == k ? 1 : 0) + 0x1p-22);
      }
    }
    for (RecurrentSpec spec : new RecurrentSpec[] {Lstm.of(4).withUniformValues(), Gru.of(4).withUniformValues()}) {
      for (Param param : build(Shape.of(3, 2), spec).params()) {
        float[] values = param.value().toArray();
        assertThat(values).as(param.name()).doesNotHaveDuplicates();
        for (float value : values) {
          assertThat(value).isBetween(-0.5f, 0.5f);
        }
      }
    }
    for (Param param : build(Shape.of(3, 2), Gru.of(4)).params()) {
      assertThat(param.value().toArray()).as(param.name()).matches(values -> param.name().endsWith("bias") == allZero(values));
    }
    Sequential gru = build(Shape.of(3, 2), Gru.of(4).withBothDirections());
    assertThat(gru.params()).extracting(Param::name).containsExactly("gru/kernel", "gru/recurrent_kernel", "gru/bias",
        "gru/recurrent_bias", "gru/backward_kernel", "gru/backward_recurrent_kernel", "gru/backward_bias",
        "gru/backward_recurrent_bias");
  }

  @Test
  void tallOrthogonalMatricesHavePerpendicularColumns() {
    Tensor value = Tensor.allocate(arena, Shape.of(6, 2));
    Initializer.ORTHOGONAL.fill(value, 1, 2);
    double dot = 0;
    double length = 0;
    for (int i = 0; i < 6; i++) {
      dot += (double) value.get(2L * i) * value.get(2L * i + 1);
      length += (double) value.get(2L * i) * value.get(2L * i);
    }
    assertThat(dot).isBetween(-0x1p-22, 0x1p-22);
    assertThat(length).isBetween(1 - 0x1p-22, 1 + 0x1p-22);
    assertThatThrownBy(() -> Initializer.ORTHOGONAL.fill(Tensor.allocate(arena, Shape.of(3)), 1, 2)).isInstanceOf(ShapeException.class)
        .hasMessageContaining("[3] is no matrix");
  }

  @Test
  void errorsSayWhatIsExpected() {
    assertThatThrownBy(() -> build(Shape.of(5), Gru.of(3))).isInstanceOf(ShapeException.class)
        .hasMessage("gru: the input is [n, 5] but sequences of vectors [n, t, in] are expected; for token ids [n, t] call "
            + "withTokens(size of the vocabulary)");
    assertThatThrownBy(() -> build(Shape.of(5, 2), Rnn.of(3).withTokens(9))).isInstanceOf(ShapeException.class)
        .hasMessageStartingWith("rnn: the input is [n, 5, 2] but token ids [n, t] are expected");
    assertThatThrownBy(() -> Lstm.of(3).withState().withBothDirections()).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stateful and bidirectional");
    assertThatThrownBy(() -> Rnn.of(3, Activation.SIGMOID)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Rnn: activation SIGMOID; TANH and RELU are possible");
    assertThatThrownBy(() -> Lstm.of(0)).isInstanceOf(IllegalArgumentException.class).hasMessage("LSTM: 0 units; at least 1 is needed");
  }

  @Test
  void aSteadyStepAllocatesNothing() {
    Sequential model = build(Shape.of(6), Lstm.of(20).returnSequences().withTokens(VOCABULARY).withState(),
        Gru.of(9).returnSequences(), Rnn.of(8).withBothDirections(), Dense.of(3));
    Saved saved = new Saved();
    Tensor x = ids(5, 6);
    assertThat(Allocation.steady(() -> {
      pass.begin(1);
      Tensor y = model.forward(x, saved, pass);
      model.backward(y, saved, pass, false);
      model.infer(x, pass);
    })).isZero();
  }
}
