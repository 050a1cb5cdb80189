package dev.lanewise.training.models;

import dev.lanewise.layers.Model;
import dev.lanewise.training.Checkpoint;
import dev.lanewise.training.CheckpointException;
import dev.lanewise.training.Snapshot;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;

/**
 * A trained model in one safetensors file: parameters by name, and in the metadata the recipe that builds the network
 * for them. A {@link Checkpoint} of a recipe's run is such a file too, and can be loaded as one.
 *
 * @param recipe what the model was built by
 * @param model with the parameters of the file
 * @param notes what else was written beside, such as the data that it learned from
 */
public record ModelFile(Recipe recipe, Model model, Map<String, String> notes) {

  public ModelFile {
    notes = Map.copyOf(notes);
  }

  /**
   * Writes a model, atomically: a reader sees the old file or the new one.
   *
   * @param notes texts to keep beside it
   */
  public static void save(Path file, Recipe recipe, Model model, Map<String, String> notes) {
    Snapshot snapshot = new Snapshot();
    Checkpoint.putRecipe(snapshot, recipe.name(), recipe.options());
    notes.forEach(snapshot.under("note")::put);
    Checkpoint.putParameters(snapshot, model.parameters());
    Checkpoint.write(file, snapshot);
  }

  /**
   * Reads a model or a checkpoint.
   *
   * @param arena where the parameters live
   * @throws CheckpointException if the file is damaged, is no model of a known recipe, or its parameters do not fit
   */
  public static ModelFile load(Path file, Arena arena) {
    try (Arena reading = Arena.ofConfined()) {
      Snapshot snapshot = Checkpoint.read(file, reading);
      return model(file, snapshot, arena);
    }
  }

  private static ModelFile model(Path file, Snapshot snapshot, Arena arena) {
    try {
      Recipe recipe = recipe(snapshot);
      Model model = recipe.build(0, arena);
      Checkpoint.takeEvaluatedParameters(snapshot, model.parameters());
      return new ModelFile(recipe, model, snapshot.textsUnder("note"));
    } catch (IllegalArgumentException | CheckpointException e) {
      throw new CheckpointException("Model " + file + ": " + e.getMessage(), e);
    }
  }

  private static Recipe recipe(Snapshot snapshot) {
    return Recipes.find(snapshot.text("recipe"), snapshot.textsUnder("recipe"));
  }
}
