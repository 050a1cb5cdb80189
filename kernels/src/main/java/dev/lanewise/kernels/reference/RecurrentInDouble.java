package dev.lanewise.kernels.reference;

import dev.lanewise.kernels.Recurrent;

/** The forward pass of {@link Recurrent} in double, written from the definitions: the truth for bounds and for gradient checks. */
public final class RecurrentInDouble {
  private RecurrentInDouble() {}

  /**
   * All steps.
   *
   * @param a [n, steps, G hidden], not written
   * @param w [hidden, G hidden]
   * @param b GRU: [3 hidden]; others: anything
   * @param mask [n, steps], false where a step is padding; empty for no padding
   * @param state [n, S hidden]; updated
   * @return y [n, steps, hidden]
   */
  public static double[] forward(Recurrent r, int n, double[] a, double[] w, double[] b, boolean[] mask, double[] state) {
    int hidden = r.hidden();
    int width = r.cell().gates() * hidden;
    int stateWidth = r.cell().states() * hidden;
    double[] y = new double[n * r.steps() * hidden];
    for (int i = 0; i < n; i++) {
      double[] own = new double[stateWidth];
      System.arraycopy(state, i * stateWidth, own, 0, stateWidth);
      for (int k = 0; k < r.steps(); k++) {
        int step = i * r.steps() + (r.isReversed() ? r.steps() - 1 - k : k);
        if (mask.length == 0 || mask[step]) {
          double[] input = new double[width];
          System.arraycopy(a, step * width, input, 0, width);
          double[] product = new double[width];
          for (int j = 0; j < width; j++) {
            for (int p = 0; p < hidden; p++) {
              product[j] += own[p] * w[p * width + j];
            }
          }
          step(r.cell(), hidden, input, product, b, own);
        }
        System.arraycopy(own, 0, y, step * hidden, hidden);
      }
      System.arraycopy(own, 0, state, i * stateWidth, stateWidth);
    }
    return y;
  }

  private static void step(Recurrent.Cell cell, int hidden, double[] a, double[] product, double[] b, double[] state) {
    for (int j = 0; j < hidden; j++) {
      switch (cell) {
        case RNN_TANH -> state[j] = Math.tanh(a[j] + product[j]);
        case RNN_RELU -> state[j] = Math.max(a[j] + product[j], 0);
        case GRU -> {
          double reset = sigmoid(a[j] + product[j] + b[j]);
          double update = sigmoid(a[hidden + j] + product[hidden + j] + b[hidden + j]);
          double news = Math.tanh(a[2 * hidden + j] + reset * (product[2 * hidden + j] + b[2 * hidden + j]));
          state[j] = (1 - update) * news + update * state[j];
        }
        case LSTM -> {
          double in = sigmoid(a[j] + product[j]);
          double keep = sigmoid(a[hidden + j] + product[hidden + j]);
          double news = Math.tanh(a[2 * hidden + j] + product[2 * hidden + j]);
          double out = sigmoid(a[3 * hidden + j] + product[3 * hidden + j]);
          state[hidden + j] = keep * state[hidden + j] + in * news;
          state[j] = out * Math.tanh(state[hidden + j]);
        }
      }
    }
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
