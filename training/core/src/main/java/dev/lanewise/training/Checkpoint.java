package dev.lanewise.training;

import dev.lanewise.layers.Model;
import dev.lanewise.layers.Param;
import dev.lanewise.layers.Params;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.io.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Snapshot} as one safetensors file, which other tools can read too.
 *
 * <p>Parameters stand under their own names, state tensors of the optimizer under "optimizer.", its slot and the
 * parameter's name, averages over time under "average." and that name, all in the parameter's shape and without padding. All texts are metadata.
 */
public final class Checkpoint {
  private static final String FORMAT = "lanewise";
  private static final String VERSION = "1";
  private static final String AVERAGE = "average";

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

  /**
   * The values that a model is used with: their average over time where the run kept one, else {@link #takeParameters}.
   *
   * @throws CheckpointException if a parameter is missing or has another shape
   */
  public static void takeEvaluatedParameters(Snapshot from, Params params) {
    takeParameters(from.has(AVERAGE + ".updates") ? from.under(AVERAGE) : from, params);
  }

  static void putState(Snapshot into, Model model, List<Part> parts, OptimizerState[] states, @Nullable Average average) {
    putParameters(into, model.parameters());
    if (average != null) {
      average.save(into.under(AVERAGE));
    }
    for (int i = 0; i < states.length; i++) {
      OptimizerState state = states[i];
      into.put(steps(parts, i), state.steps());
      for (int slot = 0; slot < state.optimizer().slots().size(); slot++) {
        for (Param param : learned(state)) {
          into.put(slotName(state, slot, param), slotOf(state, slot, param));
        }
      }
    }
  }

  static void takeState(Snapshot from, Model model, List<Part> parts, OptimizerState[] states, @Nullable Average average) {
    takeParameters(from, model.parameters());
    if (average != null) {
      average.restore(from.under(AVERAGE));
    }
    for (int i = 0; i < states.length; i++) {
      OptimizerState state = states[i];
      state.restoreSteps(from.number(steps(parts, i)));
      for (int slot = 0; slot < state.optimizer().slots().size(); slot++) {
        for (Param param : learned(state)) {
          from.read(slotName(state, slot, param), slotOf(state, slot, param));
        }
      }
    }
  }

  private static List<Param> learned(OptimizerState state) {
    return state.params().list().stream().filter(Param::learned).toList();
  }

  private static String steps(List<Part> parts, int i) {
    return parts.size() == 1 ? "optimizer.steps" : "optimizer." + parts.get(i).name() + ".steps";
  }

  private static String slotName(OptimizerState state, int slot, Param param) {
    return "optimizer." + state.optimizer().slots().get(slot) + "." + param.name();
  }

  /** The part of a flat state tensor that runs parallel to one parameter. */
  private static Tensor slotOf(OptimizerState state, int slot, Param param) {
    long offset = state.params().offset(param) * Float.BYTES;
    return Tensor.wrap(state.slot(slot).segment().asSlice(offset), param.shape());
  }
}
