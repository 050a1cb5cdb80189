package dev.lanewise.training;

import dev.lanewise.layers.Params;

/**
 * Parameters of a model that one optimizer changes: all of them as a rule, or those of one network of several.
 *
 * @param name among the parts of its task: "discriminator"
 * @param params of the model, or a range of them
 * @param optimizer that changes them
 */
public record Part(String name, Params params, Optimizer optimizer) {
  /** With another rule. */
  public Part withOptimizer(Optimizer other) {
    return new Part(name, params, other);
  }
}
