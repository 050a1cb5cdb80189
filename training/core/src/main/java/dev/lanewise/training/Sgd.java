package dev.lanewise.training;

import dev.lanewise.kernels.Optimizers;
import dev.lanewise.kernels.Workers;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/**
 * Stochastic gradient descent, as Keras has it.
 *
 * <p>Without momentum w -= lr g. With momentum v = momentum v - lr g and then w += v, or with Nesterov's look ahead
 * w += momentum v - lr g. Weight decay is decoupled and comes first: w -= lr weightDecay w.
 *
 * @param learningRate lr, above 0; Keras's default is 0.01
 * @param momentum from 0 (none) to below 1
 * @param nesterov looks ahead; needs momentum
 * @param weightDecay from 0 (none)
 */
public record Sgd(float learningRate, float momentum, boolean nesterov, float weightDecay) implements Optimizer {
  private static final List<String> SLOTS = List.of("velocity");

  public Sgd {
    Hyper.requirePositive("Sgd", "learning rate", learningRate);
    Hyper.requireDecay("Sgd", "momentum", momentum);
    Hyper.requireNotNegative("Sgd", "weight decay", weightDecay);
    if (nesterov && momentum == 0) {
      throw new IllegalArgumentException("Sgd: Nesterov needs a momentum above 0 but it is 0; call withMomentum first");
    }
  }

  /** Plain descent. */
  public static Sgd of(float learningRate) {
    return new Sgd(learningRate, 0, false, 0);
  }

  public Sgd withMomentum(float momentum) {
    return new Sgd(learningRate, momentum, nesterov, weightDecay);
  }

  /** Looks ahead along the momentum that was set before. */
  public Sgd withNesterov() {
    return new Sgd(learningRate, momentum, true, weightDecay);
  }

  public Sgd withWeightDecay(float weightDecay) {
    return new Sgd(learningRate, momentum, nesterov, weightDecay);
  }

  @Override
  public Sgd withLearningRate(float learningRate) {
    return new Sgd(learningRate, momentum, nesterov, weightDecay);
  }

  @Override
  public String name() {
    return "sgd";
  }

  /** "velocity", or none without momentum. */
  @Override
  public List<String> slots() {
    return momentum == 0 ? List.of() : SLOTS;
  }

  @Override
  public void update(
      Tensor w, Tensor g, Tensor[] slots, float learningRate, long step, boolean decay, Workers workers) {
    if (momentum == 0) {
      Optimizers.sgd(w.size(), w.segment(), g.segment(), learningRate, decay ? weightDecay : 0, workers);
    } else {
      Optimizers.momentum(w.size(), w.segment(), g.segment(), slots[0].segment(), learningRate, momentum, nesterov,
          decay ? weightDecay : 0, workers);
    }
  }
}
