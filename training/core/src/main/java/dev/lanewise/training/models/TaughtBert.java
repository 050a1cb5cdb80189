package dev.lanewise.training.models;

import dev.lanewise.layers.Model;
import dev.lanewise.layers.Sequential;
import dev.lanewise.training.Metric;
import dev.lanewise.training.Schedule;
import dev.lanewise.training.Task;
import dev.lanewise.training.Trainer;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@link Bert} whose encoder begins with what a {@link MaskedLanguageModel} has learned. In files it is a Bert like any other.
 *
 * @param bert the network
 * @param teacher of the same recipe, or null where a checkpoint will bring all parameters
 */
public record TaughtBert(Bert bert, @Nullable MaskedLanguageModel teacher) implements Recipe {
  @Override
  public Sequential build(long seed, Arena arena) {
    Sequential model = bert.build(seed, arena);
    if (teacher != null) {
      teacher.teach(model);
    }
    return model;
  }

  @Override
  public String name() {
    return bert.name();
  }

  @Override
  public Map<String, String> options() {
    return bert.options();
  }

  @Override
  public Task task(Model model) {
    return bert.task(model);
  }

  @Override
  public List<Metric> metrics() {
    return bert.metrics();
  }

  @Override
  public Schedule schedule() {
    return bert.schedule();
  }

  @Override
  public Trainer trainer(Model model) {
    return bert.trainer(model);
  }

  @Override
  public int epochs() {
    return bert.epochs();
  }

  @Override
  public int batch() {
    return bert.batch();
  }
}
