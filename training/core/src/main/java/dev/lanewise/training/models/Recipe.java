package dev.lanewise.training.models;

import dev.lanewise.layers.Model;
import dev.lanewise.training.Metric;
import dev.lanewise.training.Schedule;
import dev.lanewise.training.Task;
import dev.lanewise.training.Trainer;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;

/** A network that has a name: how to build it, and how it is usually trained. A value; it holds no parameters. */
public interface Recipe {

  /** The name on the command line and in files: "cnn". */
  String name();

  /**
   * What {@link Recipes#find} needs to make this recipe again: its options as texts by name.
   */
  Map<String, String> options();

  /**
   * Builds the network with fresh parameters.
   *
   * @param seed decides every initial parameter
   * @param arena where the parameters live
   */
  Model build(long seed, Arena arena);

  /**
   * How the network is taught: losses and optimizers.
   *
   * @param model that {@link #build} made
   */
  Task task(Model model);

  /** What is counted beside the loss; nothing unless a recipe says so. */
  default List<Metric> metrics() {
    return List.of();
  }

  /** The learning rate over the run; constant unless a recipe says so. */
  default Schedule schedule() {
    return Schedule.constant();
  }

  int epochs();

  int batch();

  /** Epochs when images are augmented, which takes longer to learn and ends better. */
  default int augmentedEpochs() {
    return 2 * epochs();
  }

  /**
   * A trainer with this recipe's task, metrics and schedule, whose checkpoints name this recipe. A recipe that clips, accumulates,
   * averages or keeps the order of its data sets that here.
   */
  default Trainer trainer(Model model) {
    return Trainer.of(task(model)).metrics(metrics().toArray(new Metric[0])).schedule(schedule()).recipe(name(), options());
  }
}
