package dev.lanewise.training;

import dev.lanewise.layers.Param;
import dev.lanewise.layers.Params;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.io.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A {@link Snapshot} as one safetensors file, which other tools can read too.
 *
 * <p>Parameters stand under their own names, state tensors of the optimizer under "optimizer.", its slot and the
 * parameter's name, both in the parameter's shape and without padding. All texts are metadata.
 */
public final class Checkpoint {
  private static final String FORMAT = "lanewise";
  private static final String VERSION = "1";

  private Checkpoint() {}

  /**
   * Writes a file, atomically: beside the old one, forced to the disk, then renamed. A process that dies at any moment
   * leaves the old file or the new one, complete.
   *
   * @throws UncheckedIOException naming the file
   */
  public static void write(Path file, Snapshot snapshot) {
    snapshot.put(FORMAT, VERSION);
    try {
      Safetensors.write(file, snapshot.tensors(), snapshot.texts());
    } catch (IOException e) {
      throw new UncheckedIOException("Checkpoint: cannot write " + file + ": " + e, e);
    }
  }

  /**
   * Reads a file.
   *
   * @param arena where the tensors live
   * @throws CheckpointException if there is no such file, it is damaged, or something else wrote it
   */
  public static Snapshot read(Path file, Arena arena) {
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException("Checkpoint " + file + ": there is no such file");
    }
    Snapshot snapshot = new Snapshot();
    try {
      Safetensors.File content = Safetensors.read(file, arena);
      content.metadata().forEach(snapshot::put);
      content.tensors().forEach(snapshot::put);
    } catch (IOException e) {
      throw new CheckpointException("Checkpoint " + file + ": " + e.getMessage(), e);
    }
    if (!snapshot.has(FORMAT) || !snapshot.text(FORMAT).equals(VERSION)) {
      throw new CheckpointException("Checkpoint " + file + ": it is a safetensors file but "
          + (snapshot.has(FORMAT) ? "of format " + snapshot.text(FORMAT) : "was not written by Lanewise")
          + "; this version reads format " + VERSION);
    }
    return snapshot;
  }

  /** Names the recipe that builds the model again. */
  public static void putRecipe(Snapshot into, String name, Map<String, String> options) {
    into.put("recipe", name);
    options.forEach(into.under("recipe")::put);
  }

  public static void putParameters(Snapshot into, Params params) {
    for (Param param : params.list()) {
      into.put(param.name(), param.value());
    }
  }

  /** @throws CheckpointException if a parameter is missing or has another shape */
  public static void takeParameters(Snapshot from, Params params) {
    for (Param param : params.list()) {
      from.read(param.name(), param.value());
    }
  }

  static void putState(Snapshot into, Sequential model, OptimizerState state) {
    Params params = model.parameters();
    putParameters(into, params);
    into.put("optimizer.steps", state.steps());
    for (int slot = 0; slot < state.optimizer().slots().size(); slot++) {
      for (Param param : params.list()) {
        into.put(slotName(state, slot, param), slotOf(state, slot, params, param));
      }
    }
  }

  static void takeState(Snapshot from, Sequential model, OptimizerState state) {
    Params params = model.parameters();
    takeParameters(from, params);
    state.restoreSteps(from.number("optimizer.steps"));
    for (int slot = 0; slot < state.optimizer().slots().size(); slot++) {
      for (Param param : params.list()) {
        from.read(slotName(state, slot, param), slotOf(state, slot, params, param));
      }
    }
  }

  private static String slotName(OptimizerState state, int slot, Param param) {
    return "optimizer." + state.optimizer().slots().get(slot) + "." + param.name();
  }

  /** The part of a flat state tensor that runs parallel to one parameter. */
  private static Tensor slotOf(OptimizerState state, int slot, Params params, Param param) {
    long offset = param.value().segment().address() - params.values().segment().address();
    return Tensor.wrap(
        state.slot(slot).segment().asSlice(offset, param.value().size() * Float.BYTES), param.value().shape());
  }
}
