package dev.lanewise.layers;

import dev.lanewise.kernels.Recurrent.Cell;
import dev.lanewise.tensor.Shape;

/**
 * Gated recurrent units, in the form of cuDNN, PyTorch and Keras ({@code reset_after}); h before the first step is 0.
 *
 * <pre>
 * a = x(t) Wx + b [3 units];  u = h(t - 1) Wh + b' [3 units]
 * r = sigmoid(a_r + u_r);  z = sigmoid(a_z + u_z);  n = tanh(a_n + r . u_n);  h(t) = (1 - z) . n + z . h(t - 1)
 * </pre>
 *
 * <p>Shapes: x [n, t, in], or token ids [n, t]; the output [n, units], h after the last step, or [n, t, units]. Wx [in, 3 units], Wh [units, 3
 * units], b and b' [3 units], columns in the order r, z, n. Parameters: {@code kernel} (Glorot uniform), {@code recurrent_kernel} (orthogonal),
 * {@code bias}, {@code recurrent_bias} (0); of the way back {@code backward_kernel} and so on.
 *
 * <p>With dA and dU the gradients for a and u at all steps: dWx = X' dA, dWh = H(t - 1)' dU, db and db' their column sums, dX = dA Wx', each in
 * one product. Steps past {@link Pass#lengths()} leave h as it is. Order of operations, errors, masking: {@link dev.lanewise.kernels.Recurrent}.
 *
 * <p>Source: Cho and others, Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine Translation, 2014.
 */
public final class Gru extends RecurrentLayer {
  Gru(RecurrentSpec spec, Shape input, Params.Builder params) {
    super("gru", spec, input, params);
  }

  /** A layer that returns h after the last step. */
  public static RecurrentSpec of(int units) {
    return RecurrentSpec.of(Cell.GRU, units);
  }
}
