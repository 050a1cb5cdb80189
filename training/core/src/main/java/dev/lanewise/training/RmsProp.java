package dev.lanewise.training;

import dev.lanewise.kernels.Optimizers;
import dev.lanewise.kernels.Workers;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/**
 * RMSprop, as Keras has it: s = rho s + (1 - rho) g^2 and w -= lr g / sqrt(s + epsilon). Weight decay is decoupled and
 * comes first: w -= lr weightDecay w. Source: Hinton, "Neural Networks for Machine Learning", lecture 6e, 2012.
 *
 * @param learningRate lr, above 0; Keras's default is 0.001
 * @param rho from 0 to below 1; Keras's default is 0.9
 * @param epsilon above 0; Keras's default is 1e-7
 * @param weightDecay from 0 (none)
 */
public record RmsProp(float learningRate, float rho, float epsilon, float weightDecay) implements Optimizer {
  private static final List<String> SLOTS = List.of("s");

  public RmsProp {
    Hyper.requirePositive("RmsProp", "learning rate", learningRate);
    Hyper.requireDecay("RmsProp", "rho", rho);
    Hyper.requirePositive("RmsProp", "epsilon", epsilon);
    Hyper.requireNotNegative("RmsProp", "weight decay", weightDecay);
  }

  public static RmsProp of(float learningRate) {
    return new RmsProp(learningRate, 0.9f, 1e-7f, 0);
  }

  public RmsProp withRho(float rho) {
    return new RmsProp(learningRate, rho, epsilon, weightDecay);
  }

  public RmsProp withEpsilon(float epsilon) {
    return new RmsProp(learningRate, rho, epsilon, weightDecay);
  }

  public RmsProp withWeightDecay(float weightDecay) {
    return new RmsProp(learningRate, rho, epsilon, weightDecay);
  }

  @Override
  public RmsProp withLearningRate(float learningRate) {
    return new RmsProp(learningRate, rho, epsilon, weightDecay);
  }

  @Override
  public String name() {
    return "rmsprop";
  }

  /** "s", the running mean square of the gradient. */
  @Override
  public List<String> slots() {
    return SLOTS;
  }

  @Override
  public void update(
      Tensor w, Tensor g, Tensor[] slots, float learningRate, long step, boolean decay, Workers workers) {
    Optimizers.rmsprop(w.size(), w.segment(), g.segment(), slots[0].segment(), learningRate, rho,
        epsilon, decay ? weightDecay : 0, workers);
  }
}
