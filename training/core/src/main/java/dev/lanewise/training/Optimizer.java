package dev.lanewise.training;

import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Param;
import dev.lanewise.layers.Params;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * A rule that turns gradients into new parameters: its name and its numbers, with Keras's defaults and formulas.
 *
 * <p>An optimizer is a value and holds no state, so one may serve two models. {@link #start} makes the
 * {@link OptimizerState} of one model: flat tensors that run parallel to the model's parameters, updated in one pass.
 * {@code toString} is the canonical text that checkpoints keep and compare.
 */
public sealed interface Optimizer permits Sgd, RmsProp, Adam, AdamW {

  /** Keras's name in lower case: "sgd", "rmsprop", "adam", "adamw". */
  String name();

  /** The learning rate before the schedule's factor. */
  float learningRate();

  /** The same rule with another learning rate, above 0. */
  Optimizer withLearningRate(float learningRate);

  /** What each state tensor is called, in order: "m" and "v" for Adam. */
  List<String> slots();

  /**
   * One update of neighbouring parameters from their gradients. Allocates nothing. Padding between parameters has value and
   * gradient 0 and keeps value 0.
   *
   * @param w their values, updated in place
   * @param g their gradients
   * @param slots the state tensors, each as long as {@code w}, updated in place
   * @param learningRate after the schedule's factor
   * @param step number of this update, from 1
   * @param decay whether weight decay applies to them
   */
  void update(Tensor w, Tensor g, Tensor[] slots, float learningRate, long step, boolean decay, Workers workers);

  /** Whether weight decay applies to a parameter. */
  default boolean decays(Param param) {
    return true;
  }

  /** The state of a model that has not been trained yet: all zero. */
  default OptimizerState start(Params params, Arena arena) {
    return new OptimizerState(this, params, arena);
  }

  /**
   * The optimizer of that name with Keras's defaults.
   *
   * @throws IllegalArgumentException listing the names
   */
  static Optimizer named(String name) {
    return switch (name) {
      case "sgd" -> Sgd.of(0.01f);
      case "rmsprop" -> RmsProp.of(0.001f);
      case "adam" -> Adam.of(0.001f);
      case "adamw" -> AdamW.of(0.001f);
      default ->
        throw new IllegalArgumentException(
            "Optimizer: '" + name + "' is unknown; choices are sgd, rmsprop, adam, adamw");
    };
  }
}
