package dev.lanewise.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the bits of a run depend on, as texts by name: model, data, batch, seed, loss, optimizer, schedule and so on. A
 * checkpoint keeps them, and a run resumes only a checkpoint with the same ones.
 */
public record Settings(Map<String, String> values) {
  private static final String NAME_SPACE = "setting";

  public Settings {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  void save(Snapshot into) {
    Snapshot settings = into.under(NAME_SPACE);
    values.forEach(settings::put);
  }

  /**
   * Requires that a checkpoint was written under the same settings.
   *
   * @throws CheckpointException naming each that differs, with both values
   */
  void requireSame(Snapshot checkpoint) {
    Snapshot settings = checkpoint.under(NAME_SPACE);
    List<String> differences = new ArrayList<>();
    values.forEach((name, here) -> {
      String there = settings.has(name) ? settings.text(name) : "";
      if (!there.equals(here)) {
        differences.add(name + " is " + shown(there) + " in the checkpoint but " + shown(here) + " here");
      }
    });
    if (!differences.isEmpty()) {
      throw new CheckpointException(String.join("; ", differences)
          + ". A run resumes only under the settings that it began with: give the same, or begin a new run");
    }
  }

  private static String shown(String value) {
    return value.isEmpty() ? "none" : value;
  }
}
