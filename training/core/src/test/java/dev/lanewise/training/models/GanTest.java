package dev.lanewise.training.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.Rng;
import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Pass;
import dev.lanewise.tensor.Workspace;
import dev.lanewise.training.Callback;
import dev.lanewise.training.Checkpoints;
import dev.lanewise.training.Evaluation;
import dev.lanewise.training.Fingerprint;
import dev.lanewise.training.Run;
import dev.lanewise.training.Task;
import dev.lanewise.training.Trainer;
import dev.lanewise.training.data.Batch;
import dev.lanewise.training.data.Batches;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GanTest {
  private static final Gan RECIPE = new Gan(8, 8, 5);

  private final Arena arena = Arena.ofShared();

  @TempDir Path folder;

  @AfterEach
  void free() {
    arena.close();
  }

  private String train(int threads, Callback callback, boolean resume) {
    AdversarialPair model = RECIPE.build(3, arena);
    try (Workers workers = Workers.threads(threads);
        Trainer trainer = RECIPE.trainer(model).seed(5).workers(workers).checkpoints(Checkpoints.in(folder)).callbacks(callback)) {
      if (resume) {
        trainer.resume(folder);
      }
      trainer.fit(Bars.of(arena, 96, 1), 2, 32);
      return Fingerprint.parametersSha256(model.parameters());
    }
  }

  @Test
  void theBitsDependNeitherOnThreadsNorOnAnInterruption() {
    Callback none = new Callback() {};
    String whole = train(1, none, false);
    assertThat(train(2, none, false)).isEqualTo(whole);
    train(1, new Callback() {
      @Override
      public void onStep(Run run) {
        if (run.globalStep() == 4) {
          run.interrupt("test");
        }
      }
    }, false);
    assertThat(train(2, none, true)).isEqualTo(whole);
  }

  @Test
  void eachNetworkChangesItsOwnParametersOnly() {
    AdversarialPair model = RECIPE.build(3, arena);
    Task task = RECIPE.task(model);
    try (Workspace workspace = Workspace.open(); Batches batches = Batches.inOrder(Bars.of(arena, 32, 1), 32, null)) {
      batches.startEpoch(0);
      Batch batch = Objects.requireNonNull(batches.next());
      Pass pass = Pass.of(workspace, Workers.single(), 7);
      pass.begin(0);
      float[] before = model.parameters().values().toArray();
      int generator = (int) model.ofGenerator().values().size();
      int[] order = new int[2];
      int[] calls = new int[1];
      double loss = task.train(batch, pass, (part, sum) -> {
        order[calls[0]++] = part;
        float[] gradients = task.parts().get(part).params().gradients().toArray();
        assertThat(nonZero(gradients)).isGreaterThan(gradients.length / 2);
        assertThat(sum).isPositive();
      });
      assertThat(order).containsExactly(1, 0);
      assertThat(loss).isEqualTo(task.figure(0) + task.figure(1));
      assertThat(task.rows()).isEqualTo(32);
      assertThat(generator + model.ofDiscriminator().values().size()).isEqualTo(before.length);
      // Nothing but running averages changes before an optimizer steps.
      float[] after = model.parameters().values().toArray();
      assertThat(nonEqual(before, after)).isPositive().isLessThanOrEqualTo(model.parameters().list().stream()
          .filter(param -> !param.learned()).mapToInt(param -> (int) param.value().size()).sum());
    }
  }

  private static int nonZero(float[] values) {
    return nonEqual(values, new float[values.length]);
  }

  private static int nonEqual(float[] a, float[] b) {
    int count = 0;
    for (int i = 0; i < a.length; i++) {
      count += a[i] == b[i] ? 0 : 1;
    }
    return count;
  }

  @Test
  void itLearnsToDrawBars() {
    AdversarialPair model = RECIPE.build(3, arena);
    double before = contrast(model);
    try (Trainer trainer = Trainer.of(RECIPE.task(model)).learningRate(2e-3f)) {
      trainer.fit(Bars.of(arena, 512, 1), 6, 32);
      Evaluation evaluation = trainer.evaluate(Bars.of(arena, 64, 2));
      assertThat(evaluation.metrics().keySet()).containsExactly("discriminator_loss", "generator_loss");
    }
    // Real images are a quarter bright: their standard deviation is about 0.35 of full range; untrained ones are grey.
    assertThat(contrast(model)).isGreaterThan(2 * before).isGreaterThan(0.15);
  }

  /** Standard deviation of the levels of images that it draws. */
  private static double contrast(AdversarialPair model) {
    try (Workspace workspace = Workspace.open()) {
      Pass pass = Pass.of(workspace, Workers.single(), 1);
      pass.begin(0);
      float[] z = new float[40 * 5];
      for (int i = 0; i < z.length; i++) {
        z[i] = Rng.normal(1, 2, i);
      }
      float[] levels = model.draw(workspace.tensor(40, 5).copyFrom(z), pass).toArray();
      double sum = 0;
      double squares = 0;
      for (float level : levels) {
        assertThat(level).isBetween(0f, 1f);
        sum += level;
        squares += (double) level * level;
      }
      double mean = sum / levels.length;
      return Math.sqrt(squares / levels.length - mean * mean);
    }
  }

  @Test
  void gradientsOfSeveralBatchesAreRefused() {
    try (Trainer trainer = RECIPE.trainer(RECIPE.build(3, arena)).accumulate(2)) {
      assertThatThrownBy(() -> trainer.fit(Bars.of(arena, 64, 1), 1, 16)).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("take larger batches instead");
    }
  }

  @Test
  void aFileKeepsBothNetworksAndTheirRunningAverages() {
    AdversarialPair model = RECIPE.build(3, arena);
    model.parameters().list().stream().filter(param -> !param.learned()).forEach(param -> param.value().fill(0.25f));
    Path file = folder.resolve("gan.model");
    ModelFile.save(file, RECIPE, model, Map.of());
    ModelFile loaded = ModelFile.load(file, arena);
    assertThat(loaded.recipe()).isEqualTo(RECIPE);
    assertThat(loaded.model().parameters().list().stream().filter(param -> !param.learned()).toList()).isNotEmpty()
        .allSatisfy(param -> assertThat(param.value().toArray()).containsOnly(0.25f));
    assertThat(Fingerprint.parametersSha256(loaded.model().parameters()))
        .isEqualTo(Fingerprint.parametersSha256(model.parameters()));
  }

  @Test
  void whatDoesNotFitIsNamed() {
    assertThatThrownBy(() -> new Gan(8, 9, 2)).hasMessageContaining("sides that are multiples of 4");
    assertThat(Gan.digits().build(1, arena).image().toString()).isEqualTo("[28, 28, 1]");
    assertThat(Gan.digits().build(1, arena).summary()).contains("Generator", "Discriminator");
    try (Trainer trainer = new Gan(12, 12, 2).trainer(new Gan(12, 12, 2).build(1, arena))) {
      assertThatThrownBy(() -> trainer.evaluate(Bars.of(arena, 4, 1)))
          .hasMessage("gan: the model draws [12, 12, 1] but the examples are [8, 8, 1]");
    }
  }
}
