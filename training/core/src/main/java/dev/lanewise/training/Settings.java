package dev.lanewise.training;

import dev.lanewise.training.data.Dataset;
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

  /** Those of a run that is about to begin. */
  static Settings of(Trainer trainer, Task task, List<Part> parts, Dataset train, int epochs, int batch) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("recipe", trainer.recipe);
    values.put("model", task.model().architecture());
    values.put("data", trainer.dataName);
    values.put("examples", Integer.toString(train.size()));
    values.put("batch", Integer.toString(batch));
    values.put("seed", Long.toString(trainer.seed));
    values.put("augmentation", trainer.augmentation == null ? "" : trainer.augmentation.toString());
    values.put("loss", task.settings());
    values.put("optimizer", String.join("; ", parts.stream().map(part -> part.optimizer().toString()).toList()));
    // Empty where nothing is used, as it is taken to be in a checkpoint that knows nothing of it.
    values.put("clip norm", trainer.clipNorm < Float.POSITIVE_INFINITY ? Float.toString(trainer.clipNorm) : "");
    values.put("accumulate", trainer.accumulate > 1 ? Integer.toString(trainer.accumulate) : "");
    values.put("ema", trainer.ema > 0 ? Float.toString(trainer.ema) : "");
    values.put("order", trainer.shuffle ? "" : "as it is");
    values.put("schedule", trainer.schedule.text());
    values.put("metrics", String.join(", ", trainer.metrics.stream().map(Metric::name).toList()));
    values.put("callbacks",
        String.join("; ", trainer.callbacks.stream().map(Callback::settings).filter(s -> !s.isEmpty()).toList()));
    values.put("validation", trainer.validation == null ? "" : Integer.toString(trainer.validation.size()));
    if (trainer.schedule.dependsOnTotal()) {
      values.put("epochs", Integer.toString(epochs));
    }
    return new Settings(values);
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
