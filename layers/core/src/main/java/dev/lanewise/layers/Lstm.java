package dev.lanewise.layers;

import dev.lanewise.kernels.Recurrent.Cell;
import dev.lanewise.tensor.Shape;

/**
 * Long short-term memory with a forget gate; h and c before the first step are 0.
 *
 * <pre>
 * a = x(t) Wx + b + h(t - 1) Wh [4 units];  i, f, o = sigmoid(a);  g = tanh(a_g)
 * c(t) = f . c(t - 1) + i . g;  h(t) = o . tanh(c(t))
 * </pre>
 *
 * <p>Shapes: x [n, t, in], or token ids [n, t]; the output [n, units], h after the last step, or [n, t, units]. Wx [in, 4 units], Wh [units, 4
 * units], b [4 units], columns in the order i, f, g, o. Parameters: {@code kernel} (Glorot uniform), {@code recurrent_kernel} (orthogonal),
 * {@code bias} (0, but 1 for f, so that a new network remembers), as in Keras; of the way back {@code backward_kernel} and so on.
 *
 * <p>With dA the gradient for a at all steps: dWx = X' dA, dWh = H(t - 1)' dA, db = column sums of dA, dX = dA Wx', each in one product.
 * Steps past {@link Pass#lengths()} leave h and c as they are. Order of operations, errors, masking: {@link dev.lanewise.kernels.Recurrent}.
 *
 * <p>Source: Hochreiter and Schmidhuber, Long Short-Term Memory, 1997; Gers, Schmidhuber and Cummins, Learning to Forget, 2000;
 * Jozefowicz, Zaremba and Sutskever, An Empirical Exploration of Recurrent Network Architectures, 2015 (the bias of 1).
 */
public final class Lstm extends RecurrentLayer {
  Lstm(RecurrentSpec spec, Shape input, Params.Builder params) {
    super("lstm", spec, input, params);
  }

  /** A layer that returns h after the last step. */
  public static RecurrentSpec of(int units) {
    return RecurrentSpec.of(Cell.LSTM, units);
  }
}
