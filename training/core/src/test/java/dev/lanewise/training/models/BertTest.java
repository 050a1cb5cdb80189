package dev.lanewise.training.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Layer;
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
  void theClassifierBeginsWithTheTaughtVectorsAndComesBackFromAFile() {
    MaskedLanguageModel teacher = MaskedLanguageModel.build(bert, DATA.train().sentences(), 2, arena);
    Tensor vectors = teacher.params().getFirst().value();
    for (long i = 0; i < vectors.size(); i++) {
      vectors.set(i, 5 * vectors.get(i) + i % Bert.WIDTH);
    }
    Sequential taught = bert.build(1, arena);
    teacher.teach(taught);
    Sequential fresh = bert.build(1, arena);
    Tensor table = taught.params().getFirst().value();
    double squares = 0;
    for (int c = 0; c < Bert.WIDTH; c++) {
      double sum = 0;
      for (int word = 0; word < table.dim(0); word++) {
        double value = table.get((long) word * Bert.WIDTH + c);
        sum += value;
        squares += value * value;
      }
      // Centred in double and rounded twice, from values below 64 + 1 that are known to 2^-18: n of them, scaled by 0.2.
      assertThat(Math.abs(sum)).isLessThan(table.dim(0) * 0x1p-18);
    }
    assertThat(Math.sqrt(squares / table.size())).isCloseTo(Bert.DEVIATION, within(0x1p-22));
    // Each vector differs from another as the teacher's do, in another measure.
    double scale = (table.get(Bert.WIDTH) - table.get(0)) / (vectors.get(Bert.WIDTH) - vectors.get(0));
    for (int c = 0; c < Bert.WIDTH; c++) {
      double wanted = scale * (vectors.get(2L * Bert.WIDTH + c) - vectors.get(c));
      assertThat((double) table.get(2L * Bert.WIDTH + c) - table.get(c)).isCloseTo(wanted, within(0x1p-12));
    }
    for (int i = 1; i < taught.params().size(); i++) {
      assertThat(taught.params().get(i).value().toArray()).as(taught.params().get(i).name())
          .isEqualTo(fresh.params().get(i).value().toArray());
    }
    Path file = folder.resolve("m");
    ModelFile.save(file, bert, taught, Map.of());
    ModelFile loaded = ModelFile.load(file, arena);
    assertThat(loaded.model().parameters().values().toArray()).isEqualTo(taught.parameters().values().toArray());
    assertThat(((Bert) loaded.recipe()).tokenizer().texts()).isEqualTo(bert.tokenizer().texts());
    Bert other = Bert.of(List.of("a a b b"));
    assertThatThrownBy(() -> teacher.teach(other.build(1, arena))).hasMessageContaining("both need the same recipe");
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

  /** About a share of the words becomes unknown, padding never does, and in use nothing does; ids pass unchanged otherwise. */
  @Test
  void someTokensBecomeUnknownInTraining() {
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
