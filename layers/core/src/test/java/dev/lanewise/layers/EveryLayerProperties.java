package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.Rng;
import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Pass.ParameterGradients;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What {@link Layer} promises of every layer, whatever it computes. */
class EveryLayerProperties {
  private static final int BATCH = 3;

  /** Layers that take one input, each with the shape of an example. */
  enum Kind {
    DENSE(Dense.of(5, Activation.TANH), Shape.of(7)),
    DENSE_OF_STEPS(Dense.of(5, Activation.RELU), Shape.of(4, 7)),
    CONV_1D(Conv1d.of(3, 3, Activation.TANH).withCausalPadding(), Shape.of(6, 2)),
    CONV_2D(Conv2d.of(3, 2, Activation.RELU).withPadding(Padding.SAME), Shape.of(5, 4, 2)),
    CONV_2D_IN_GROUPS(Conv2d.of(4, 2, Activation.TANH).withGroups(2), Shape.of(5, 4, 2)),
    DEPTHWISE_CONV_2D(DepthwiseConv2d.of(2, Activation.SIGMOID).withMultiplier(2), Shape.of(4, 4, 3)),
    CONV_TRANSPOSE_2D(ConvTranspose2d.of(2, 3, Activation.LINEAR).withStrides(2, 2), Shape.of(3, 3, 2)),
    MAX_POOL_2D(MaxPool2d.of(2), Shape.of(5, 4, 2)),
    AVG_POOL_2D(AvgPool2d.of(2), Shape.of(5, 4, 2)),
    GLOBAL_AVG_POOL(GlobalAvgPool.of(), Shape.of(5, 4, 2)),
    UP_SAMPLE_2D(UpSample2d.of(2), Shape.of(2, 3, 2)),
    FLATTEN(Flatten.of(), Shape.of(2, 3, 2)),
    RESHAPE(Reshape.to(Shape.of(6, 2)), Shape.of(2, 3, 2)),
    RELU(Relu.of(), Shape.of(9)),
    LEAKY_RELU(LeakyRelu.of(0.2f), Shape.of(9)),
    ELU(Elu.of(0.7f), Shape.of(9)),
    GELU(Gelu.of(), Shape.of(9)),
    GELU_TANH(Gelu.tanh(), Shape.of(9)),
    SILU(Silu.of(), Shape.of(9)),
    SOFTMAX(Softmax.of(), Shape.of(2, 5)),
    LAYER_NORM(LayerNorm.of(), Shape.of(2, 9)),
    RESIDUAL(Residual.of(Dense.of(6, Activation.TANH)), Shape.of(6)),
    CONCAT(Concat.of(Dense.of(3), Dense.of(2, Activation.TANH)), Shape.of(4)),
    SEQUENTIAL(Sequential.spec(Dense.of(6, Activation.RELU), Dense.of(3)), Shape.of(4)),
    RNN(Rnn.of(4).withBothDirections(), Shape.of(5, 3)),
    GRU(Gru.of(4), Shape.of(5, 3)),
    LSTM(Lstm.of(4).withBothDirections(), Shape.of(5, 3)),
    MULTI_HEAD_ATTENTION(MultiHeadAttention.of(2), Shape.of(5, 6)),
    POSITIONAL_EMBEDDING(PositionalEmbedding.of(), Shape.of(5, 6)),
    EMBEDDING(Embedding.of(11, 4), Shape.of(6), 11, true),
    GRU_OF_TOKENS(Gru.of(4).withTokens(11), Shape.of(6), 11, true),
    TIED_LOGITS(StepwiseProperties.tiedLogits(), Shape.of(5, 4)),
    TRANSFORMER_BLOCK(TransformerBlock.of(2), Shape.of(4, 6)),
    // In training these draw, or look at the whole batch.
    DROPOUT(Dropout.of(0.4f), Shape.of(9), 0, false),
    REPARAMETERIZE(Reparameterize.of(), Shape.of(8), 0, false),
    BATCH_NORM(BatchNorm.of(), Shape.of(3, 4), 0, false);

    final LayerSpec spec;
    final Shape input;
    final int tokens;
    final boolean sameInTraining;

    Kind(LayerSpec spec, Shape input) {
      this(spec, input, 0, true);
    }

    Kind(LayerSpec spec, Shape input, int tokens, boolean sameInTraining) {
      this.spec = spec;
      this.input = input;
      this.tokens = tokens;
      this.sameInTraining = sameInTraining;
    }

    boolean hasInputGradient() {
      return tokens == 0;
    }
  }

  /** A layer with parameters, a batch and a gradient for its output, all from one seed. */
  private static final class Scene implements AutoCloseable {
    final Kind kind;
    final Arena arena = Arena.ofShared();
    final Workspace workspace = Workspace.open();
    final Workers workers;
    final Pass pass;
    final Layer layer;
    final Params params;
    final float[] x;
    final float[] dy;

    Scene(Kind kind, long seed, int threads) {
      this.kind = kind;
      workers = threads == 1 ? Workers.single() : Workers.threads(threads);
      pass = Pass.of(workspace, workers, seed);
      litter(workspace);
      Params.Built<Layer> built = Params.build(seed, arena, made -> kind.spec.build(kind.input, made));
      layer = built.model();
      params = built.params();
      for (int i = 0; i < layer.params().size(); i++) {
        Tensor value = layer.params().get(i).value();
        value.copyFrom(numbers((int) value.size(), seed, 10 + i, 0));
      }
      x = numbers((int) kind.input.batch(BATCH).size(), seed, 1, kind.tokens);
      dy = numbers((int) layer.outputShape().batch(BATCH).size(), seed, 2, 0);
    }

    private static float[] numbers(int n, long seed, int stream, int tokens) {
      float[] numbers = new float[n];
      for (int i = 0; i < n; i++) {
        numbers[i] = tokens > 0 ? Rng.below(seed, stream, i, tokens) : 2 * Rng.uniform(seed, stream, i) - 1;
      }
      return numbers;
    }

    Tensor batch(float[] values, Shape example) {
      return Tensor.of(arena, example.batch((int) (values.length / example.size())), values);
    }

    float[] infer(float[] examples) {
      pass.begin(1);
      return layer.infer(batch(examples, kind.input), pass).toArray();
    }

    /** What a training step hands back: the output, the input's gradient if there is one, and the parameters'. */
    List<float[]> step(float[] gradient, ParameterGradients wanted) {
      List<float[]> results = new ArrayList<>();
      Saved saved = new Saved();
      pass.begin(1);
      pass.parameterGradients(wanted);
      Tensor input = batch(x, kind.input);
      results.add(layer.forward(input, saved, pass).toArray());
      Tensor dx = layer.backward(batch(gradient, layer.outputShape()), saved, pass, kind.hasInputGradient());
      if (kind.hasInputGradient()) {
        results.add(Objects.requireNonNull(dx).toArray());
      }
      if (wanted != ParameterGradients.SKIP) {
        layer.params().forEach(param -> results.add(param.gradient().toArray()));
      }
      assertThat(input.toArray()).as("the input, which no layer may write").isEqualTo(x);
      return results;
    }

    @Override
    public void close() {
      workers.close();
      workspace.close();
      arena.close();
    }
  }

  /** A workspace promises nothing of its contents: a layer that counts on zeros would find NaN. */
  static void litter(Workspace workspace) {
    for (int slot = 0; slot < 60; slot++) {
      workspace.tensor(1000).fill(Float.NaN);
    }
    workspace.reset();
  }

  private static float[] times(float factor, float... x) {
    float[] scaled = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      scaled[i] = factor * x[i];
    }
    return scaled;
  }

  /** Tries a law on every layer, so that none is left to chance. */
  private static void ofEveryLayer(long seed, Consumer<Scene> law) {
    for (Kind kind : Kind.values()) {
      try (Scene scene = new Scene(kind, seed, 1)) {
        law.accept(scene);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(kind + ": " + e.getMessage(), e);
      }
    }
  }

  @Property(tries = 4)
  void inUseAndInTrainingTheOutputIsTheSame(@ForAll long seed) {
    ofEveryLayer(seed, scene -> {
      if (scene.kind.sameInTraining) {
        assertThat(scene.infer(scene.x)).isEqualTo(scene.step(scene.dy, ParameterGradients.OVERWRITE).getFirst());
      } else {
        assertThat(scene.infer(scene.x)).isNotEqualTo(scene.step(scene.dy, ParameterGradients.OVERWRITE).getFirst());
      }
    });
  }

  @Property(tries = 4)
  void anExampleDoesNotDependOnItsNeighbours(@ForAll @IntRange(min = 0, max = BATCH - 1) int at, @ForAll long seed) {
    ofEveryLayer(seed, scene -> {
      float[] all = scene.infer(scene.x);
      int in = scene.x.length / BATCH;
      int out = all.length / BATCH;
      float[] alone = scene.infer(Arrays.copyOfRange(scene.x, at * in, (at + 1) * in));
      assertThat(alone).isEqualTo(Arrays.copyOfRange(all, at * out, (at + 1) * out));
    });
  }

  @Property(tries = 4)
  void gradientsAreLinearInTheOutputsGradientToTheLastBit(@ForAll @IntRange(min = -9, max = 9) int power, @ForAll long seed) {
    ofEveryLayer(seed, scene -> {
      float factor = Math.scalb(1f, power);
      List<float[]> plain = scene.step(scene.dy, ParameterGradients.OVERWRITE);
      List<float[]> scaled = scene.step(times(factor, scene.dy), ParameterGradients.OVERWRITE);
      for (int i = 1; i < plain.size(); i++) {
        assertThat(scaled.get(i)).isEqualTo(times(factor, plain.get(i)));
      }
    });
  }

  @Property(tries = 4)
  void noGradientAtTheOutputIsNoneAnywhere(@ForAll long seed) {
    ofEveryLayer(seed, scene -> {
      List<float[]> results = scene.step(new float[scene.dy.length], ParameterGradients.OVERWRITE);
      for (float[] gradient : results.subList(1, results.size())) {
        for (float v : gradient) {
          assertThat(v).isZero();
        }
      }
    });
  }

  /** Nothing is left over from the step before, and what the parameters' gradients held before does not matter. */
  @Property(tries = 4)
  void theSameStepAgainGivesTheSameBits(@ForAll long seed) {
    ofEveryLayer(seed, scene -> {
      List<float[]> first = scene.step(scene.dy, ParameterGradients.OVERWRITE);
      scene.params.gradients().fill(Float.NaN);
      assertThat(scene.step(scene.dy, ParameterGradients.OVERWRITE)).usingRecursiveComparison().isEqualTo(first);
    });
  }

  @Property(tries = 4)
  void theInputsGradientIsTheSameWhetherTheParametersAreWantedOrNot(@ForAll long seed) {
    ofEveryLayer(seed, scene -> {
      List<float[]> with = scene.step(scene.dy, ParameterGradients.OVERWRITE);
      List<float[]> without = scene.step(scene.dy, ParameterGradients.SKIP);
      for (int i = 0; i < without.size(); i++) {
        assertThat(without.get(i)).isEqualTo(with.get(i));
      }
    });
  }

  @Property(tries = 4)
  void whereNobodyWantsTheInputsGradientNoneComesAndTheParametersHaveTheSame(@ForAll long seed) {
    ofEveryLayer(seed, scene -> {
      List<float[]> wanted = scene.step(scene.dy, ParameterGradients.OVERWRITE);
      scene.pass.begin(1);
      Saved saved = new Saved();
      scene.layer.forward(scene.batch(scene.x, scene.kind.input), saved, scene.pass);
      assertThat(scene.layer.backward(scene.batch(scene.dy, scene.layer.outputShape()), saved, scene.pass, false)).isNull();
      assertThat(scene.layer.params().stream().map(param -> param.gradient().toArray()).toList())
          .usingRecursiveComparison().isEqualTo(wanted.subList(scene.kind.hasInputGradient() ? 2 : 1, wanted.size()));
    });
  }

  /** Tokens are names: where a gradient for them is asked for, it is 0. */
  @Property(tries = 4)
  void whatIsHandedOutHasItsShape(@ForAll long seed) {
    ofEveryLayer(seed, scene -> {
      Saved saved = new Saved();
      scene.pass.begin(1);
      Tensor x = scene.batch(scene.x, scene.kind.input);
      Shape output = scene.layer.outputShape().batch(BATCH);
      assertThat(scene.layer.infer(x, scene.pass).shape()).isEqualTo(output);
      assertThat(scene.layer.forward(x, saved, scene.pass).shape()).isEqualTo(output);
      Tensor dx = scene.layer.backward(scene.batch(scene.dy, scene.layer.outputShape()), saved, scene.pass, true);
      assertThat(Objects.requireNonNull(dx).shape()).isEqualTo(scene.kind.input.batch(BATCH));
      if (scene.kind.tokens > 0) {
        assertThat(dx.toArray()).containsOnly(0);
      }
    });
  }

  /** To zeros exactly: the terms are added up from what is there. */
  @Property(tries = 4)
  void gradientsThatAreAddedToZerosAreThoseThatAreOverwritten(@ForAll long seed) {
    ofEveryLayer(seed, scene -> {
      List<float[]> overwritten = scene.step(scene.dy, ParameterGradients.OVERWRITE);
      scene.params.gradients().fill(0);
      List<float[]> added = scene.step(scene.dy, ParameterGradients.ADD);
      for (int i = 0; i < added.size(); i++) {
        assertThat(times(1, added.get(i))).usingComparatorWithPrecision(0f).isEqualTo(overwritten.get(i));
      }
    });
  }

  @Property(tries = 2)
  void theBitsOfAStepDoNotDependOnTheThreads(@ForAll @IntRange(min = 2, max = 4) int threads, @ForAll long seed) {
    ofEveryLayer(seed, one -> {
      try (Scene many = new Scene(one.kind, seed, threads)) {
        assertThat(many.infer(many.x)).isEqualTo(one.infer(one.x));
        assertThat(many.step(many.dy, ParameterGradients.OVERWRITE)).usingRecursiveComparison()
            .isEqualTo(one.step(one.dy, ParameterGradients.OVERWRITE));
      }
    });
  }

  @Property(tries = 3)
  void aBatchOfAnotherShapeIsRefusedByName(@ForAll long seed) {
    ofEveryLayer(seed, scene -> {
      Tensor wrong = Tensor.allocate(scene.arena, Shape.of(BATCH, (int) scene.kind.input.size() + 1));
      scene.pass.begin(1);
      assertThatThrownBy(() -> scene.layer.forward(wrong, new Saved(), scene.pass)).isInstanceOf(ShapeException.class)
          .hasMessageContaining(wrong.shape().toString());
      assertThatThrownBy(() -> scene.layer.infer(wrong, scene.pass)).isInstanceOf(ShapeException.class)
          .hasMessageContaining(wrong.shape().toString());
    });
  }

  @Property(tries = 3)
  void aGradientOfAnotherShapeIsRefused(@ForAll @IntRange(min = 1, max = 2) int more, @ForAll long seed) {
    ofEveryLayer(seed, scene -> {
      Saved saved = new Saved();
      scene.pass.begin(1);
      scene.layer.forward(scene.batch(scene.x, scene.kind.input), saved, scene.pass);
      Tensor wrong = Tensor.allocate(scene.arena, scene.layer.outputShape().batch(BATCH + more));
      assertThatThrownBy(() -> scene.layer.backward(wrong, saved, scene.pass, scene.kind.hasInputGradient()))
          .isInstanceOf(ShapeException.class).hasMessageContaining(": the gradient for the output is " + wrong.shape());
    });
  }

  @Property(tries = 3)
  void backwardNeedsAForward(@ForAll long seed) {
    ofEveryLayer(seed, scene -> {
      scene.pass.begin(1);
      assertThatThrownBy(() -> scene.layer.backward(scene.batch(scene.dy, scene.layer.outputShape()), new Saved(), scene.pass, true))
          .isInstanceOf(IllegalStateException.class);
    });
  }

  @Property(tries = 3)
  void namesAreThoseThatKerasWouldGiveAndParametersCarryThem(@ForAll long seed) {
    ofEveryLayer(seed, scene -> {
      assertThat(scene.layer.name()).matches("[a-z][a-z0-9_]*");
      assertThat(scene.layer.params().stream().map(Param::name).toList()).doesNotHaveDuplicates()
          .allMatch(name -> name.matches("[a-z][a-z0-9_]*(/[a-z0-9_]+)+"));
      assertThat(scene.layer.inputShape()).isEqualTo(scene.kind.input);
    });
  }
}
