package dev.lanewise.cli;

import dev.lanewise.training.Callback;
import dev.lanewise.training.Checkpoint;
import dev.lanewise.training.Snapshot;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;

/** Puts the options of the command into each checkpoint, so that {@code --resume DIR} alone goes on with them. */
final class RememberedOptions implements Callback {
  /** The name of the first callback's entries: this one is always the first. */
  private static final String ENTRIES = "callback.0";

  private final Map<String, String> options;

  RememberedOptions(Map<String, String> options) {
    this.options = options;
  }

  @Override
  public void save(Snapshot into) {
    options.forEach(into::put);
  }

  /** The options in a checkpoint. */
  static Map<String, String> of(Path checkpoint) {
    try (Arena arena = Arena.ofShared()) {
      return Checkpoint.read(checkpoint, arena).textsUnder(ENTRIES);
    }
  }
}
