package dev.lanewise.training;

import dev.lanewise.kernels.Optimizers;
import dev.lanewise.kernels.Workers;
import dev.lanewise.tensor.Tensor;
import java.util.List;

/**
 * Adam, as Keras has it: with t counted from 1,
 * m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2 and
 * w -= lr sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon): epsilon stands outside of the bias correction.
 * Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015, end of section 2.
 *
 * @param learningRate lr, above 0; Keras's default is 0.001
 * @param beta1 memory of the mean gradient, from 0 to below 1; Keras's default is 0.9
 * @param beta2 memory of the mean square, from 0 to below 1; Keras's default is 0.999
 * @param epsilon above 0; Keras's default is 1e-7
 */
public record Adam(float learningRate, float beta1, float beta2, float epsilon) implements Optimizer {
  private static final List<String> SLOTS = List.of("m", "v");

  public Adam {
    Hyper.requirePositive("Adam", "learning rate", learningRate);
    Hyper.requireDecay("Adam", "beta1", beta1);
    Hyper.requireDecay("Adam", "beta2", beta2);
    Hyper.requirePositive("Adam", "epsilon", epsilon);
  }

  public static Adam of(float learningRate) {
    return new Adam(learningRate, 0.9f, 0.999f, 1e-7f);
  }

  public Adam withBetas(float beta1, float beta2) {
    return new Adam(learningRate, beta1, beta2, epsilon);
  }

  public Adam withEpsilon(float epsilon) {
    return new Adam(learningRate, beta1, beta2, epsilon);
  }

  @Override
  public Adam withLearningRate(float learningRate) {
    return new Adam(learningRate, beta1, beta2, epsilon);
  }

  @Override
  public String name() {
    return "adam";
  }

  /** "m" and "v", the running means of the gradient and of its square. */
  @Override
  public List<String> slots() {
    return SLOTS;
  }

  @Override
  public void update(
      Tensor w, Tensor g, Tensor[] slots, float learningRate, long step, boolean decay, Workers workers) {
    Optimizers.adam(w.size(), w.segment(), g.segment(), slots[0].segment(), slots[1].segment(),
        learningRate, beta1, beta2, epsilon, step, workers);
  }
}
