package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.Rng;
import dev.lanewise.kernels.Workers;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What {@link Stepwise} promises of every layer that runs over a sequence one position after another. */
class StepwiseProperties {
  private static final int VOCABULARY = 11;

  /** Layers with the channels of a position; 0 where it is a token. */
  enum Kind {
    DENSE(Dense.of(5, Activation.TANH), 3),
    EMBEDDING(Embedding.of(VOCABULARY, 4), 0),
    TIED_LOGITS(tiedLogits(), 4),
    POSITIONAL_EMBEDDING(PositionalEmbedding.of(), 6),
    LAYER_NORM(LayerNorm.of(), 6),
    MULTI_HEAD_ATTENTION(MultiHeadAttention.of(2).causally(), 6),
    TRANSFORMER_BLOCK(TransformerBlock.of(2).causally(), 6),
    RELU(Relu.of(), 3),
    LEAKY_RELU(LeakyRelu.of(0.2f), 3),
    ELU(Elu.of(0.7f), 3),
    GELU(Gelu.of(), 3),
    GELU_TANH(Gelu.tanh(), 3),
    SILU(Silu.of(), 3),
    RNN(Rnn.of(4).returnSequences(), 3),
    GRU(Gru.of(4).returnSequences(), 3),
    LSTM(Lstm.of(4).returnSequences(), 3),
    GRU_OF_TOKENS(Gru.of(4).returnSequences().withTokens(VOCABULARY), 0);

    final LayerSpec spec;
    final int channels;

    Kind(LayerSpec spec, int channels) {
      this.spec = spec;
      this.channels = channels;
    }

    Shape sequence(int steps) {
      return channels == 0 ? Shape.of(steps) : Shape.of(steps, channels);
    }

    Shape one() {
      return channels == 0 ? Shape.of(1) : Shape.of(1, channels);
    }

    /** Whether earlier positions, or which position it is, matter; then there is one to refuse. */
    boolean countsPositions() {
      return switch (this) {
        case POSITIONAL_EMBEDDING, MULTI_HEAD_ATTENTION, TRANSFORMER_BLOCK -> true;
        default -> false;
      };
    }
  }

  /** The last layer of a model whose tokens share a table, without the rest of it. */
  static LayerSpec tiedLogits() {
    return (input, params) -> {
      TiedEmbedding tied = TiedEmbedding.of(VOCABULARY, 4, Initializer.uniform(0.5f));
      tied.embed().build(Shape.of(input.dim(0)), params);
      return tied.logits().build(input, params);
    };
  }

  /** A layer for sequences of some length, on random parameters. */
  private static final class Scene implements AutoCloseable {
    final Arena arena = Arena.ofShared();
    final Workspace workspace = Workspace.open();
    final Workers workers = Workers.single();
    final Pass pass;
    final Kind kind;
    final Stepwise layer;
    final long seed;

    Scene(Kind kind, int steps, long seed) {
      this.kind = kind;
      this.seed = seed;
      pass = Pass.of(workspace, workers, seed);
      EveryLayerProperties.litter(workspace);
      Params.Built<Layer> built = Params.build(seed, arena, made -> kind.spec.build(kind.sequence(steps), made));
      layer = (Stepwise) built.model();
      for (int i = 0; i < built.params().list().size(); i++) {
        Tensor value = built.params().list().get(i).value();
        value.copyFrom(numbers((int) value.size(), 10 + i, false));
      }
    }

    float[] numbers(int n, int stream, boolean tokens) {
      float[] numbers = new float[n];
      for (int i = 0; i < n; i++) {
        numbers[i] = tokens ? Rng.below(seed, stream, i, VOCABULARY) : 2 * Rng.uniform(seed, stream, i) - 1;
      }
      return numbers;
    }

    Tensor step(float[] sequence, int position) {
      int size = (int) kind.one().size();
      pass.begin(0);
      return layer.step(Tensor.of(arena, kind.one(), Arrays.copyOfRange(sequence, position * size, (position + 1) * size)), position, pass);
    }

    @Override
    public void close() {
      workers.close();
      workspace.close();
      arena.close();
    }
  }

  /** Tries a law on every layer, so that none is left to chance. */
  private static void ofEveryLayer(int steps, long seed, Consumer<Scene> law) {
    for (Kind kind : Kind.values()) {
      try (Scene scene = new Scene(kind, steps, seed)) {
        law.accept(scene);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(kind + ": " + e.getMessage(), e);
      }
    }
  }

  /** Twice, since position 0 begins a new sequence. */
  @Property(tries = 7)
  void positionByPositionTheBitsAreThoseOfTheWholeSequence(@ForAll @IntRange(min = 1, max = 20) int steps, @ForAll long seed) {
    ofEveryLayer(steps, seed, scene -> {
      Shape sequence = scene.kind.sequence(steps);
      for (int round = 0; round < 2; round++) {
        float[] x = scene.numbers((int) sequence.size(), round, scene.kind.channels == 0);
        scene.pass.begin(0);
        float[] whole = scene.layer.infer(Tensor.of(scene.arena, sequence.batch(1), x), scene.pass).toArray();
        int width = whole.length / steps;
        for (int position = 0; position < steps; position++) {
          Tensor y = scene.step(x, position);
          assertThat(y.shape()).isEqualTo(Shape.of(1, width));
          assertThat(y.toArray()).isEqualTo(Arrays.copyOfRange(whole, position * width, (position + 1) * width));
        }
      }
    });
  }

  @Property(tries = 4)
  void aLayerThatCountsPositionsHasRoomForItsSequenceAndNoMore(@ForAll @IntRange(min = 1, max = 20) int steps, @ForAll long seed) {
    ofEveryLayer(steps, seed, scene -> {
      assertThat(scene.layer.context()).isEqualTo(scene.kind.countsPositions() ? steps : Integer.MAX_VALUE);
      for (int beyond : scene.kind.countsPositions() ? new int[] {-1, steps} : new int[0]) {
        assertThatThrownBy(() -> scene.layer.step(Tensor.allocate(scene.arena, scene.kind.one()), beyond, scene.pass))
            .isInstanceOf(ShapeException.class).hasMessageContaining("no position " + beyond);
      }
    });
  }

  @Property(tries = 2)
  void aStepOfAnotherShapeIsRefused(@ForAll long seed) {
    ofEveryLayer(5, seed, scene -> {
      int channels = scene.kind.channels;
      for (Shape shape : new Shape[] {Shape.of(2, channels), Shape.of(1, channels + 2)}) {
        assertThatThrownBy(() -> scene.layer.step(Tensor.allocate(scene.arena, shape), 0, scene.pass)).isInstanceOf(ShapeException.class)
            .hasMessageContaining(shape.toString());
      }
    });
  }
}
