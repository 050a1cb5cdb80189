package dev.lanewise.layers;

import dev.lanewise.kernels.Recurrent.Cell;
import dev.lanewise.tensor.Shape;

/**
 * Elman's recurrent network: {@code h(t) = tanh(x(t) Wx + b + h(t - 1) Wh)}, or max(.., 0) in place of tanh; h before the first step is 0.
 *
 * <p>Shapes: x [n, t, in], or token ids [n, t]; the output [n, units], h after the last step, or [n, t, units]. Wx [in, units], Wh [units,
 * units], b [units]. Parameters: {@code kernel} (Glorot uniform), {@code recurrent_kernel} (orthogonal), {@code bias} (0), as in Keras; of the
 * way back {@code backward_kernel} and so on.
 *
 * <p>With dA = dh (1 - h^2), dh = dy + dA(t + 1) Wh': dWx = X' dA, dWh = H(t - 1)' dA, db = column sums of dA, dX = dA Wx', all steps in one
 * product. Steps past {@link Pass#lengths()} leave h as it is. Order of operations, errors, masking: {@link dev.lanewise.kernels.Recurrent}.
 *
 * <p>Source: Elman, Finding Structure in Time, 1990; Werbos, Backpropagation Through Time, 1990.
 */
public final class Rnn extends RecurrentLayer {
  Rnn(RecurrentSpec spec, Shape input, Params.Builder params) {
    super("rnn", spec, input, params);
  }

  /** A layer with tanh that returns h after the last step. */
  public static RecurrentSpec of(int units) {
    return of(units, Activation.TANH);
  }

  /**
   * A layer with tanh or ReLU.
   *
   * @throws IllegalArgumentException for another activation
   */
  public static RecurrentSpec of(int units, Activation activation) {
    return switch (activation) {
      case TANH -> RecurrentSpec.of(Cell.RNN_TANH, units);
      case RELU -> RecurrentSpec.of(Cell.RNN_RELU, units);
      default -> throw new IllegalArgumentException("Rnn: activation " + activation + "; TANH and RELU are possible");
    };
  }
}
