package dev.lanewise.training;

import java.util.List;

/**
 * The first tensor of a training step, in the order of computation, that holds a number that is not finite.
 *
 * @param epoch from 1
 * @param step of the epoch, from 1
 * @param globalStep over all epochs, from 1
 * @param layer the name of the layer; "input" for the batch itself, "loss" for the loss and its gradient
 * @param tensor what it is to the layer: "output", "gradient of the output", a parameter's name, "gradient of kernel"
 * @param statistics of that tensor
 * @param reasons likely ones, the likeliest first
 */
public record NonFinite(
    int epoch,
    int step,
    long globalStep,
    String layer,
    String tensor,
    TensorStatistics statistics,
    List<String> reasons) {

  public NonFinite {
    reasons = List.copyOf(reasons);
  }

  /** Several lines for a person to read. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("Training met a number that is not finite in epoch ").append(epoch)
        .append(", step ").append(step).append(" (step ").append(globalStep).append(" of the run): layer ").append(layer)
        .append(", ").append(tensor).append(' ').append(statistics);
    for (String reason : reasons) {
      text.append(System.lineSeparator()).append("  - ").append(reason);
    }
    return text.toString();
  }
}
