package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.testkit.Allocation;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Embeddings, shared tables, and transformers run whole and step by step. */
class TransformerTest {
  private static final int VOCABULARY = 11;

  private final Arena arena = Arena.ofShared();
  private final Workspace workspace = Workspace.open();
  private final Workers workers = Workers.single();
  private final Pass pass = Pass.of(workspace, workers, 1);

  @AfterEach
  void giveBack() {
    workers.close();
    workspace.close();
    arena.close();
  }

  private Sequential gpt(int t, int width, int heads, int blocks) {
    TiedEmbedding tied = TiedEmbedding.of(VOCABULARY, width, Initializer.normal(0.5f));
    LayerSpec[] specs = new LayerSpec[blocks + 4];
    specs[0] = tied.embed();
    specs[1] = PositionalEmbedding.of();
    for (int i = 0; i < blocks; i++) {
      specs[2 + i] = TransformerBlock.of(heads).causally();
    }
    specs[2 + blocks] = LayerNorm.of();
    specs[3 + blocks] = tied.logits();
    return Sequential.build(Shape.of(t), 7, arena, specs);
  }

  private Tensor ids(int n, int t, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Tensor x = Tensor.allocate(arena, Shape.of(n, t));
    for (int i = 0; i < n * t; i++) {
      x.set(i, random.nextInt(VOCABULARY));
    }
    return x;
  }

  @Test
  void embeddingLooksUpAndSendsEachGradientToItsToken() {
    Sequential model = Sequential.build(Shape.of(3), 1, arena, Embedding.of(4, 2));
    Tensor table = model.params().getFirst().value().copyFrom(new float[] {1, 2, 3, 4, 5, 6, 7, 8});
    assertThat(table.shape()).isEqualTo(Shape.of(4, 2));
    Saved saved = new Saved();
    pass.begin(0);
    Tensor y = model.forward(Tensor.of(arena, Shape.of(2, 3), 3, 0, 3, 1, 1, 3), saved, pass);
    assertThat(y.toArray()).containsExactly(7, 8, 1, 2, 7, 8, 3, 4, 3, 4, 7, 8);
    Tensor dy = Tensor.of(arena, Shape.of(2, 3, 2), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    assertThat(model.backward(dy, saved, pass, false)).isNull();
    assertThat(model.params().getFirst().gradient().toArray()).containsExactly(3, 4, 16, 18, 0, 0, 17, 20);
  }

  @Test
  void tokensThatAreNotInTheVocabularyAreNamed() {
    Sequential model = Sequential.build(Shape.of(3), 1, arena, Embedding.of(4, 2));
    pass.begin(0);
    assertThatThrownBy(() -> model.infer(Tensor.of(arena, Shape.of(1, 3), 0, 4, 1), pass))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("4");
    assertThatThrownBy(() -> model.infer(Tensor.of(arena, Shape.of(1, 4), 0, 1, 1, 1), pass)).isInstanceOf(ShapeException.class);
    assertThatThrownBy(() -> Embedding.of(0, 2)).hasMessageContaining("0 tokens by 2 channels");
    assertThatThrownBy(() -> Sequential.build(Shape.of(3, 2), 1, arena, Embedding.of(4, 2))).hasMessageContaining("token ids [n, t]");
    assertThatThrownBy(() -> Sequential.build(Shape.of(3, 2), 1, arena, TiedEmbedding.of(4, 2, Initializer.ONES).logits()))
        .hasMessageContaining("logits() before embed()");
    assertThatThrownBy(() -> Sequential.build(Shape.of(3, 6), 1, arena, MultiHeadAttention.of(4)))
        .hasMessageContaining("4 heads share the 6 channels");
  }

  @Test
  void aSharedTableGetsTheGradientsOfBothItsLayers() {
    int width = 6;
    Sequential tied = gpt(5, width, 2, 0);
    Sequential apart = Sequential.build(Shape.of(5), 7, arena, Embedding.of(VOCABULARY, width), PositionalEmbedding.of(), LayerNorm.of(),
        Dense.of(VOCABULARY));
    Tensor table = tied.params().getFirst().value();
    apart.params().getFirst().value().copyFrom(table);
    apart.params().get(1).value().copyFrom(tied.params().get(1).value());
    Tensor kernel = apart.params().get(4).value();
    for (int v = 0; v < VOCABULARY; v++) {
      for (int c = 0; c < width; c++) {
        kernel.set((long) c * VOCABULARY + v, table.get((long) v * width + c));
      }
    }
    Tensor x = ids(3, 5, 1);
    float[] dz = new float[3 * 5 * VOCABULARY];
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < dz.length; i++) {
      dz[i] = (float) random.nextDouble(-1, 1);
    }
    pass.begin(0);
    Saved saved = new Saved();
    Saved savedApart = new Saved();
    assertThat(tied.forward(x, saved, pass).toArray()).isEqualTo(apart.forward(x, savedApart, pass).toArray());
    tied.backward(Tensor.of(arena, Shape.of(3, 5, VOCABULARY), dz), saved, pass, false);
    apart.backward(Tensor.of(arena, Shape.of(3, 5, VOCABULARY), dz), savedApart, pass, false);
    float[] got = tied.params().getFirst().gradient().toArray();
    double[] want = new double[got.length];
    double[] mass = new double[got.length];
    for (int v = 0; v < VOCABULARY; v++) {
      for (int c = 0; c < width; c++) {
        double first = apart.params().getFirst().gradient().get((long) v * width + c);
        double last = apart.params().get(4).gradient().get((long) c * VOCABULARY + v);
        want[v * width + c] = first + last;
        // Both are sums of at most 15 terms, of sizes up to 1 times a normalised number below 3, and up to sqrt(11) / 0.1.
        mass[v * width + c] = 15 * (3 + Math.sqrt(VOCABULARY) / 0.1);
      }
    }
    assertThat(Bounds.gamma(16).times(mass).holds(got, want)).isPositive();
  }

  @Test
  void stepsHaveTheBitsOfTheWholeSequence() {
    int t = 21;
    Sequential model = gpt(t, 24, 3, 2);
    Tensor x = ids(1, t, 3);
    pass.begin(0);
    float[] whole = model.infer(x, pass).toArray();
    Tensor token = Tensor.allocate(arena, Shape.of(1));
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < t; i++) {
        pass.begin(0);
        token.set(0, x.get(i));
        Tensor y = token;
        for (Layer layer : model.layers()) {
          y = ((Stepwise) layer).step(y, i, pass);
        }
        for (int v = 0; v < VOCABULARY; v++) {
          assertThat(y.get(v)).isEqualTo(whole[i * VOCABULARY + v]);
        }
      }
    }
    assertThatThrownBy(() -> ((Stepwise) model.layers().get(1)).step(pass.workspace().tensor(1, 24), t, pass))
        .hasMessageContaining("no position 21; the context is 21");
  }

  @Test
  void paddingChangesNothingBeforeIt() {
    Sequential model = Sequential.build(Shape.of(6, 4), 1, arena, TransformerBlock.of(2));
    Tensor x = Tensor.allocate(arena, Shape.of(2, 6, 4));
    for (int i = 0; i < x.size(); i++) {
      x.set(i, (float) Math.sin(i));
    }
    IntTensor lengths = IntTensor.of(arena, Shape.of(2), 4, 6);
    pass.begin(0);
    pass.lengths(lengths);
    float[] before = model.infer(x, pass).toArray();
    for (int i = 4 * 4; i < 6 * 4; i++) {
      x.set(i, 77);
    }
    pass.begin(0);
    pass.lengths(lengths);
    float[] after = model.infer(x, pass).toArray();
    for (int i = 0; i < before.length; i++) {
      if (i < 16 || i >= 24) {
        assertThat(after[i]).isEqualTo(before[i]);
      }
    }
    pass.lengths(IntTensor.of(arena, Shape.of(3), 1, 1, 1));
    assertThatThrownBy(() -> model.infer(x, pass)).hasMessageContaining("lengths of 3 sequences for a batch of 2");
  }

  @Test
  void aTrainingStepAllocatesNothing() {
    Sequential model = Sequential.build(Shape.of(12, 32), 1, arena, TransformerBlock.of(2).causally());
    Tensor x = Tensor.allocate(arena, Shape.of(2, 12, 32)).fill(0.5f);
    Saved saved = new Saved();
    assertThat(Allocation.steady(() -> {
      pass.begin(1);
      model.backward(model.forward(x, saved, pass), saved, pass, false);
    })).isZero();
  }

  @Test
  void aStepAllocatesNothing() {
    Stepwise block = (Stepwise) Sequential.build(Shape.of(12, 32), 1, arena, TransformerBlock.of(2).causally()).layers().getFirst();
    Tensor x = Tensor.allocate(arena, Shape.of(1, 32)).fill(0.5f);
    assertThat(Allocation.steady(() -> {
      for (int i = 0; i < 12; i++) {
        pass.begin(1);
        block.step(x, i, pass);
      }
    })).isZero();
  }
}
