package dev.lanewise.training.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Layer;
import dev.lanewise.layers.Param;
import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Saved;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import dev.lanewise.training.Fingerprint;
import dev.lanewise.training.History;
import dev.lanewise.training.Trainer;
import dev.lanewise.training.data.Dataset;
import dev.lanewise.training.data.text.Polarity;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BertTest {
  private static final List<String> BLAME =
      IntStream.range(0, 60).mapToObj(i -> "this film " + (i % 7) + " is dull and " + (i % 5)).toList();
  private static final List<String> PRAISE =
      IntStream.range(0, 60).mapToObj(i -> "this film " + (i % 7) + " is fine and " + (i % 5) + " too").toList();
  private static final Polarity DATA = Polarity.of("x", BLAME, PRAISE);

  @TempDir Path folder;

  private final Arena arena = Arena.ofShared();
  private final Bert bert = Bert.of(DATA.train().sentences());

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void preTrainingLowersItsLossAndIsTheSameOnTwoThreads() {
    String[] fingerprints = new String[2];
    for (int threads = 1; threads <= 2; threads++) {
      MaskedLanguageModel model = MaskedLanguageModel.build(bert, DATA.train().sentences(), 1, arena);
      try (Workers workers = Workers.threads(threads); Trainer trainer = model.trainer().workers(workers).seed(1)) {
        History history = trainer.fit(MaskedLanguageModel.examples(bert, DATA.train().sentences(), 2, 1), 12, 32);
        assertThat(history.last().loss()).isLessThan(0.9 * history.epochs().getFirst().loss());
      }
      fingerprints[threads - 1] = Fingerprint.parametersSha256(model.parameters());
    }
    assertThat(fingerprints[1]).isEqualTo(fingerprints[0]);
  }

  @Test
  void theClassifierBeginsWithTheTaughtEncoderAndComesBackFromAFile() {
    MaskedLanguageModel teacher = MaskedLanguageModel.build(bert, DATA.train().sentences(), 2, arena);
    Sequential taught = bert.build(1, arena);
    Sequential fresh = bert.build(1, arena);
    teacher.teach(taught);
    int head = taught.params().size() - 2; // the last layer's weights and bias
    for (int i = 0; i < taught.params().size(); i++) {
      Param param = taught.params().get(i);
      assertThat(param.value().toArray()).as(param.name())
          .isEqualTo((i < head ? teacher.params() : fresh.params()).get(i).value().toArray());
    }
    assertThat(taught.params().getFirst().value().toArray()).isNotEqualTo(fresh.params().getFirst().value().toArray());
    Path file = folder.resolve("m");
    ModelFile.save(file, bert, taught, Map.of());
    ModelFile loaded = ModelFile.load(file, arena);
    assertThat(loaded.model().parameters().values().toArray()).isEqualTo(taught.parameters().values().toArray());
    assertThat(((Bert) loaded.recipe()).tokenizer().texts()).isEqualTo(bert.tokenizer().texts());
    Bert other = Bert.of(List.of("a a b b"));
    assertThatThrownBy(() -> teacher.teach(other.build(1, arena))).hasMessageContaining("both need the same recipe");
  }

  /** A slot's scores are those of its place, and its gradient goes there: naming the places in another order only orders the scores otherwise. */
  @Test
  void eachSlotLooksAtItsPlace() {
    MaskedLanguageModel model = MaskedLanguageModel.build(bert, DATA.train().sentences(), 1, arena);
    int words = bert.tokenizer().size();
    float[][] scores = new float[2][];
    float[][] gradients = new float[2][];
    try (Workspace space = Workspace.in(arena)) {
      Pass pass = Pass.of(space, Workers.single(), 0);
      for (int order = 0; order < 2; order++) {
        Tensor x = Tensor.allocate(arena, Shape.of(1, Bert.CONTEXT + MaskedLanguageModel.SLOTS));
        for (int j = 0; j < Bert.CONTEXT; j++) {
          x.set(j, j < 9 ? 3 + j : bert.tokenizer().id(Bert.PADDING));
        }
        x.set(Bert.CONTEXT, order == 0 ? 7 : 4);
        x.set(Bert.CONTEXT + 1, order == 0 ? 4 : 7);
        pass.begin(0);
        Saved saved = new Saved();
        Tensor z = model.forward(x, saved, pass);
        scores[order] = z.toArray();
        Tensor dz = Tensor.allocate(arena, z.shape());
        for (int word = 0; word < words; word++) {
          dz.set((long) order * words + word, (word % 5 - 2) / 8f); // place 7 alone
        }
        model.backward(dz, saved, pass, false);
        gradients[order] = model.parameters().gradients().toArray();
      }
    }
    float[] swapped = scores[0].clone();
    System.arraycopy(scores[0], words, swapped, 0, words);
    System.arraycopy(scores[0], 0, swapped, words, words);
    assertThat(scores[1]).isEqualTo(swapped).isNotEqualTo(scores[0]);
    assertThat(gradients[1]).isEqualTo(gradients[0]).isNotEqualTo(new float[gradients[0].length]);
  }

  @Test
  void praiseIsToldFromBlame() {
    Sequential model = bert.build(1, arena);
    try (Trainer trainer = bert.trainer(model).seed(1)) {
      trainer.fit(bert.examples(DATA.train()), 40, 8);
      assertThat(trainer.evaluate(bert.examples(DATA.test())).accuracy()).isEqualTo(1);
    }
  }

  /** What stands in the padding is never seen: the answer to a sentence does not depend on how far the others reach. */
  @Test
  void paddingChangesNoAnswer() {
    Sequential model = bert.build(1, arena);
    Dataset data = bert.examples(DATA.train());
    try (Workspace space = Workspace.in(arena)) {
      Pass pass = Pass.of(space, Workers.single(), 0);
      Tensor x = Tensor.allocate(arena, Shape.of(1, Bert.CONTEXT));
      data.batch(new int[] {0}, 0, 1, x, IntTensor.allocate(arena, Shape.of(1)));
      pass.begin(0);
      float[] answer = model.infer(x, pass).toArray();
      int length = Objects.requireNonNull(pass.lengths()).get(0);
      assertThat(length).isEqualTo(DATA.train().sentences().get(0).split(" ").length);
      // The vectors of the padding token and of the positions behind the end.
      int padding = bert.tokenizer().id(Bert.PADDING);
      for (int c = 0; c < Bert.WIDTH; c++) {
        model.params().get(0).value().set((long) padding * Bert.WIDTH + c, 7);
      }
      pass.begin(0);
      assertThat(model.infer(x, pass).toArray()).isEqualTo(answer);
    }
  }

  /** About a share of the words is replaced, padding never is, and in use nothing does; ids pass unchanged otherwise. */
  @Test
  void someTokensAreReplacedInTraining() {
    Layer drop = Sequential.build(Shape.of(50), 1, arena, TokenDropout.of(0.3f, 0, 1)).layers().getFirst();
    try (Workspace space = Workspace.in(arena)) {
      Pass pass = Pass.of(space, Workers.single(), 4);
      Tensor x = Tensor.allocate(arena, Shape.of(40, 50));
      for (int i = 0; i < x.size(); i++) {
        x.set(i, i % 50 < 30 ? 2 + i : 1);
      }
      pass.begin(1);
      assertThat(drop.infer(x, pass).toArray()).isEqualTo(x.toArray());
      float[] first = drop.forward(x, new Saved(), pass).toArray();
      int dropped = 0;
      for (int i = 0; i < first.length; i++) {
        dropped += first[i] == 0 ? 1 : 0;
        assertThat(first[i]).isIn(x.get(i), i % 50 < 30 ? 0f : 1f);
      }
      // 1,200 draws of probability 0.3: 360, within 6 deviations of 15.9.
      assertThat(dropped).isBetween(360 - 96, 360 + 96);
      pass.begin(1);
      assertThat(drop.forward(x, new Saved(), pass).toArray()).isEqualTo(first);
      pass.begin(2);
      assertThat(drop.forward(x, new Saved(), pass).toArray()).isNotEqualTo(first);
    }
    assertThatThrownBy(() -> TokenDropout.of(1, 0, 1)).hasMessageContaining("from 0 to below 1");
  }

  /** The mean is linear: its transpose, applied to a gradient, gives the same inner product. Small whole numbers are exact. */
  @Test
  void theMeanOverStepsLeavesThePaddingOut() {
    Layer mean = Sequential.build(Shape.of(4, 2), 1, arena, MeanOfSteps.of()).layers().getFirst();
    try (Workspace space = Workspace.in(arena)) {
      Pass pass = Pass.of(space, Workers.single(), 0);
      pass.begin(0);
      pass.lengths(IntTensor.of(arena, Shape.of(2), 2, 4));
      Tensor x = Tensor.of(arena, Shape.of(2, 4, 2), 1, 2, 3, 6, Float.NaN, 9, 9, 9, 1, 2, 3, 4, 5, 6, 7, 8);
      Saved saved = new Saved();
      assertThat(mean.forward(x, saved, pass).toArray()).containsExactly(2, 4, 4, 5);
      Tensor dy = Tensor.of(arena, Shape.of(2, 2), 2, 4, 8, 12);
      assertThat(Objects.requireNonNull(mean.backward(dy, saved, pass, true)).toArray())
          .containsExactly(1, 2, 1, 2, 0, 0, 0, 0, 2, 3, 2, 3, 2, 3, 2, 3);
    }
  }
}
