package dev.lanewise.layers;

import dev.lanewise.kernels.Activations;
import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Workers;
import dev.lanewise.tensor.Tensor;

/**
 * What a {@link Dense} or {@link Conv2d} applies to each element of its output. All derivatives are written in terms of the output y,
 * so the sums before the activation are never kept. (Softmax is no function of one element: {@link Softmax} is a layer.)
 */
public enum Activation {
  /** y = x. */
  LINEAR,
  /** y = max(x, 0); y' = 1 where y > 0, else 0. */
  RELU,
  /** y = 1 / (1 + e^-x); y' = y (1 - y). */
  SIGMOID,
  /** y = tanh x; y' = 1 - y^2. */
  TANH;

  /** The part that costs no pass over memory of its own. */
  Epilogue fusedInto(Epilogue epilogue) {
    return this == RELU ? epilogue.withRelu() : epilogue;
  }

  /** The part that the epilogue does not do, in place. */
  void afterEpilogue(Tensor y, Workers workers) {
    switch (this) {
      case LINEAR, RELU -> {}
      case SIGMOID -> Activations.sigmoid(y.size(), y.segment(), y.segment(), workers);
      case TANH -> Activations.tanh(y.size(), y.segment(), y.segment(), workers);
    }
  }

  /** dy = dy y', in place. */
  void backward(Tensor y, Tensor dy, Workers workers) {
    switch (this) {
      case LINEAR -> {}
      case RELU -> Activations.reluBackward(y.size(), y.segment(), dy.segment(), dy.segment(), workers);
      case SIGMOID -> Activations.sigmoidBackward(y.size(), y.segment(), dy.segment(), dy.segment(), workers);
      case TANH -> Activations.tanhBackward(y.size(), y.segment(), dy.segment(), dy.segment(), workers);
    }
  }
}
