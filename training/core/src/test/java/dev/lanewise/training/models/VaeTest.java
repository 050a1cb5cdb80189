package dev.lanewise.training.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import dev.lanewise.training.Callback;
import dev.lanewise.training.Checkpoints;
import dev.lanewise.training.Evaluation;
import dev.lanewise.training.Fingerprint;
import dev.lanewise.training.History;
import dev.lanewise.training.Run;
import dev.lanewise.training.Trainer;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VaeTest {
  private final Arena arena = Arena.ofShared();

  @TempDir Path folder;

  @AfterEach
  void free() {
    arena.close();
  }

  private static Vae recipe(boolean convolutional) {
    return new Vae(8, 8, 3, convolutional);
  }

  private String train(Vae recipe, int threads, Callback callback, boolean resume) {
    VariationalAutoencoder model = recipe.build(3, arena);
    try (Workers workers = Workers.threads(threads);
        Trainer trainer = recipe.trainer(model).seed(5).workers(workers).checkpoints(Checkpoints.in(folder)).callbacks(callback)) {
      if (resume) {
        trainer.resume(folder);
      }
      trainer.fit(Bars.of(arena, 96, 1), 2, 32);
      return Fingerprint.parametersSha256(model.parameters());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void itLearnsAndItsLossIsTheSumOfItsTerms(boolean convolutional) {
    Vae recipe = recipe(convolutional);
    VariationalAutoencoder model = recipe.build(3, arena);
    try (Trainer trainer = recipe.trainer(model)) {
      Evaluation before = trainer.evaluate(Bars.of(arena, 64, 2));
      History history = trainer.fit(Bars.of(arena, 256, 1), 4, 32);
      Evaluation after = trainer.evaluate(Bars.of(arena, 64, 2));
      assertThat(after.loss()).isLessThan(before.loss() - 1);
      assertThat(history.last().loss()).isLessThan(history.epochs().getFirst().loss());
      Map<String, Double> terms = after.metrics();
      double sum = Objects.requireNonNull(terms.get("reconstruction")) + Objects.requireNonNull(terms.get("kl"));
      // Sums of 64 terms in double in another order.
      assertThat(Math.abs(sum - after.loss())).isLessThan(1e-12 * after.loss());
      assertThat(terms.get("kl")).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theBitsDependNeitherOnThreadsNorOnAnInterruption(boolean convolutional) {
    Callback none = new Callback() {};
    String whole = train(recipe(convolutional), 1, none, false);
    assertThat(train(recipe(convolutional), 2, none, false)).isEqualTo(whole);
    train(recipe(convolutional), 1, new Callback() {
      @Override
      public void onStep(Run run) {
        if (run.globalStep() == 4) {
          run.interrupt("test");
        }
      }
    }, false);
    assertThat(train(recipe(convolutional), 2, none, true)).isEqualTo(whole);
  }

  @Test
  void anEvaluationDependsOnModelAndDataAlone() {
    Vae recipe = recipe(false);
    VariationalAutoencoder model = recipe.build(3, arena);
    try (Trainer one = recipe.trainer(model).seed(1); Trainer other = recipe.trainer(model).seed(2)) {
      Evaluation first = one.evaluate(Bars.of(arena, 150, 2));
      assertThat(other.evaluate(Bars.of(arena, 150, 2))).isEqualTo(first);
      assertThat(one.evaluate(Bars.of(arena, 150, 2))).isEqualTo(first);
    }
  }

  @Test
  void itDrawsLevelsAndReconstructsShapes() {
    VariationalAutoencoder model = recipe(true).build(3, arena);
    try (Workspace workspace = Workspace.open()) {
      Pass pass = Pass.of(workspace, Workers.single(), 1);
      pass.begin(0);
      Tensor images = model.draw(Tensor.allocate(arena, Shape.of(5, 3)).fill(1), pass);
      assertThat(images.shape()).isEqualTo(Shape.of(5, 8, 8, 1));
      for (float level : images.toArray()) {
        assertThat(level).isBetween(0f, 1f);
      }
      assertThat(model.reconstruct(Tensor.allocate(arena, Shape.of(2, 8, 8, 1)), pass).shape()).isEqualTo(Shape.of(2, 8, 8, 1));
    }
  }

  @Test
  void theArticlesSizes() {
    VariationalAutoencoder model = Vae.dense().build(1, arena);
    assertThat(model.parameters().count()).isEqualTo(784 * 400 + 400 + 400 * 40 + 40 + 20 * 400 + 400 + 400 * 784 + 784);
    assertThat(model.latent()).isEqualTo(20);
    assertThat(model.summary()).contains("Encoder").contains("Decoder of 20 latent variables");
    assertThat(Vae.conv().build(1, arena).architecture()).isNotEqualTo(model.architecture());
  }

  @Test
  void aFileKeepsTheKind() {
    Path file = folder.resolve("vae.model");
    Vae recipe = recipe(true);
    VariationalAutoencoder model = recipe.build(3, arena);
    ModelFile.save(file, recipe, model, Map.of());
    ModelFile loaded = ModelFile.load(file, arena);
    assertThat(loaded.recipe()).isEqualTo(recipe);
    assertThat(Fingerprint.parametersSha256(loaded.model().parameters()))
        .isEqualTo(Fingerprint.parametersSha256(model.parameters()));
  }

  @Test
  void whatDoesNotFitIsNamed() {
    assertThatThrownBy(() -> new Vae(8, 10, 2, true)).hasMessageContaining("sides that are multiples of 4, the dense one any");
    assertThatThrownBy(() -> new Vae(8, 8, 0, false)).hasMessageContaining("0 latent variables");
    try (Trainer trainer = new Vae(4, 4, 2, false).trainer(new Vae(4, 4, 2, false).build(1, arena))) {
      assertThatThrownBy(() -> trainer.evaluate(Bars.of(arena, 4, 1))).isInstanceOf(ShapeException.class)
          .hasMessage("vae: the model takes [4, 4, 1] but the examples are [8, 8, 1]");
    }
    assertThatThrownBy(() -> Recipes.find("vae", Map.of("height", "8", "width", "8", "latent", "2", "convolutional", "perhaps")))
        .hasMessage("Recipe vae: option convolutional is 'perhaps'; true or false is needed");
  }
}
