package dev.lanewise.training;

import dev.lanewise.kernels.Optimizers;
import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Param;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/**
 * AdamW, as Keras has it: {@link Adam} with decoupled weight decay, w -= lr weightDecay w before the step. Source: Loshchilov
 * and Hutter, "Decoupled Weight Decay Regularization", 2019, algorithm 2, where lr is alpha and the decay is scaled by it.
 *
 * @param learningRate lr, above 0; Keras's default is 0.001
 * @param beta1 memory of the mean gradient, from 0 to below 1; Keras's default is 0.9
 * @param beta2 memory of the mean square, from 0 to below 1; Keras's default is 0.999
 * @param epsilon above 0; Keras's default is 1e-7
 * @param weightDecay from 0 (none); Keras's default is 0.004
 * @param matricesOnly whether it leaves out parameters of one axis: biases, and gains and shifts of normalisations
 */
public record AdamW(float learningRate, float beta1, float beta2, float epsilon, float weightDecay, boolean matricesOnly)
    implements
      Optimizer {
  private static final List<String> SLOTS = List.of("m", "v");

  public AdamW {
    Hyper.requirePositive("AdamW", "learning rate", learningRate);
    Hyper.requireDecay("AdamW", "beta1", beta1);
    Hyper.requireDecay("AdamW", "beta2", beta2);
    Hyper.requirePositive("AdamW", "epsilon", epsilon);
    Hyper.requireNotNegative("AdamW", "weight decay", weightDecay);
  }

  public static AdamW of(float learningRate) {
    return new AdamW(learningRate, 0.9f, 0.999f, 1e-7f, 0.004f, false);
  }

  public AdamW withBetas(float beta1, float beta2) {
    return new AdamW(learningRate, beta1, beta2, epsilon, weightDecay, matricesOnly);
  }

  public AdamW withEpsilon(float epsilon) {
    return new AdamW(learningRate, beta1, beta2, epsilon, weightDecay, matricesOnly);
  }

  public AdamW withWeightDecay(float weightDecay) {
    return new AdamW(learningRate, beta1, beta2, epsilon, weightDecay, matricesOnly);
  }

  /** Lets the decay leave out biases, and gains and shifts of normalisations, as is usual for transformers. */
  public AdamW decayingMatricesOnly() {
    return new AdamW(learningRate, beta1, beta2, epsilon, weightDecay, true);
  }

  @Override
  public boolean decays(Param param) {
    return !matricesOnly || param.shape().rank() >= 2;
  }

  @Override
  public AdamW withLearningRate(float learningRate) {
    return new AdamW(learningRate, beta1, beta2, epsilon, weightDecay, matricesOnly);
  }

  @Override
  public String name() {
    return "adamw";
  }

  /** "m" and "v", the running means of the gradient and of its square. */
  @Override
  public List<String> slots() {
    return SLOTS;
  }

  @Override
  public void update(
      Tensor w, Tensor g, Tensor[] slots, float learningRate, long step, boolean decay, Workers workers) {
    Optimizers.adamW(w.size(), w.segment(), g.segment(), slots[0].segment(), slots[1].segment(),
        learningRate, beta1, beta2, epsilon, decay ? weightDecay : 0, step, workers);
  }
}
