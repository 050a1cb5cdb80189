package dev.lanewise.training.models;

import dev.lanewise.layers.Sequential;
import dev.lanewise.training.Loss;
import dev.lanewise.training.Metric;
import dev.lanewise.training.Optimizer;
import dev.lanewise.training.Trainer;
import java.lang.foreign.Arena;
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
  Sequential build(long seed, Arena arena);

  Loss loss();

  Optimizer optimizer();

  /** What is counted beside the loss. */
  Metric metric();

  int epochs();

  int batch();

  /** Epochs when images are augmented, which takes longer to learn and ends better. */
  default int augmentedEpochs() {
    return 2 * epochs();
  }

  /** A trainer with this recipe's loss, optimizer and metric, whose checkpoints name this recipe. */
  default Trainer trainer(Sequential model) {
    return Trainer.of(model).loss(loss()).optimizer(optimizer()).metrics(metric()).recipe(name(), options());
  }
}
