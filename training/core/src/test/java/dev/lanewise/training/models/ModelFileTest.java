package dev.lanewise.training.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.layers.Sequential;
import dev.lanewise.training.Checkpoint;
import dev.lanewise.training.CheckpointException;
import dev.lanewise.training.Checkpoints;
import dev.lanewise.training.Evaluation;
import dev.lanewise.training.Fingerprint;
import dev.lanewise.training.Snapshot;
import dev.lanewise.training.Trainer;
import dev.lanewise.training.data.ImageDataset;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
  private final Arena arena = Arena.ofShared();
  private final Cnn recipe = new Cnn(12, 11, 3);

  @TempDir Path folder;

  @AfterEach
  void free() {
    arena.close();
  }

  @Test
  void aSavedModelComesBackWithItsRecipeAndItsBits() {
    Sequential model = recipe.build(7, arena);
    Path file = folder.resolve("model.safetensors");
    ModelFile.save(file, recipe, model, Map.of("data", "synthetic"));
    ModelFile loaded = ModelFile.load(file, arena);
    assertThat(loaded.recipe()).isEqualTo(recipe);
    assertThat(loaded.notes()).isEqualTo(Map.of("data", "synthetic"));
    assertThat(Fingerprint.parametersSha256(loaded.model().parameters()))
        .isEqualTo(Fingerprint.parametersSha256(model.parameters()));
  }

  @Test
  void aCheckpointOfARecipeIsAModelToo() {
    ImageDataset data = noise(40);
    Sequential model = recipe.build(7, arena);
    Evaluation wanted;
    try (Trainer trainer = recipe.trainer(model).checkpoints(Checkpoints.in(folder))) {
      trainer.fit(data, 1, 8);
      wanted = trainer.evaluate(data);
    }
    ModelFile loaded = ModelFile.load(folder.resolve(Checkpoints.LAST), arena);
    try (Trainer trainer = loaded.recipe().trainer(loaded.model())) {
      assertThat(trainer.evaluate(data)).isEqualTo(wanted);
    }
  }

  @Test
  void whatIsNoModelIsNamed() {
    Path file = folder.resolve("model.safetensors");
    Checkpoint.write(file, new Snapshot().put("recipe", "oracle"));
    assertThatThrownBy(() -> ModelFile.load(file, arena)).isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("Model " + file + ": Recipe: 'oracle' is unknown; choices are cnn, ");
    Checkpoint.write(file, new Snapshot());
    assertThatThrownBy(() -> ModelFile.load(file, arena)).isInstanceOf(CheckpointException.class)
        .hasMessageContaining(file.toString()).hasMessageContaining("no entry 'recipe'");
    assertThatThrownBy(() -> ModelFile.load(folder.resolve("none"), arena)).hasMessageContaining("there is no such file");
  }

  private ImageDataset noise(int n) {
    SplittableRandom random = new SplittableRandom(1);
    byte[] pixels = new byte[n * 12 * 11];
    byte[] labels = new byte[n];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) random.nextInt(256);
    }
    for (int i = 0; i < n; i++) {
      labels[i] = (byte) random.nextInt(3);
    }
    return ImageDataset.copyOf(arena, pixels, labels, 12, 11, 3);
  }
}
