package dev.lanewise.training;

import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Params;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.Arena;

/** What an optimizer remembers of one model between steps: its state tensors and how many steps it has made. */
public final class OptimizerState {
  private final Optimizer optimizer;
  private final Params params;
  private final Tensor[] slots;
  private long steps;

  OptimizerState(Optimizer optimizer, Params params, Arena arena) {
    this.optimizer = optimizer;
    this.params = params;
    this.slots = new Tensor[optimizer.slots().size()];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = Tensor.allocate(arena, params.values().shape());
    }
  }

  public Optimizer optimizer() {
    return optimizer;
  }

  /** Updates the parameters from their gradients. Allocates nothing. */
  public void step(float learningRate, Workers workers) {
    steps++;
    optimizer.update(params, slots, learningRate, steps, workers);
  }

  /** How many updates have been made. */
  public long steps() {
    return steps;
  }

  /** The state tensor {@code i} of {@link Optimizer#slots()}, as long as the parameters with their padding. */
  public Tensor slot(int i) {
    return slots[i];
  }

  /** Continues the count of updates of a checkpoint; the slots are filled by writing into {@link #slot}. */
  public void restoreSteps(long steps) {
    if (steps < 0) {
      throw new IllegalArgumentException("OptimizerState: " + steps + " steps; at least 0 are needed");
    }
    this.steps = steps;
  }
}
