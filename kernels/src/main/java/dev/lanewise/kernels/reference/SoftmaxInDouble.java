package dev.lanewise.kernels.reference;

/** Softmax and log-softmax in double, on arrays of double: the truth for the bounds of {@code Softmax} and for gradient checks. */
public final class SoftmaxInDouble {
  private SoftmaxInDouble() {}

  /** e^(x - m) / s. */
  public static double[] forward(int rows, int cols, double[] x) {
    double[] y = logForward(rows, cols, x);
    for (int i = 0; i < y.length; i++) {
      y[i] = Math.exp(y[i]);
    }
    return y;
  }

  /** x - m - log s. */
  public static double[] logForward(int rows, int cols, double[] x) {
    double[] y = new double[rows * cols];
    for (int i = 0; i < rows; i++) {
      double max = Double.NEGATIVE_INFINITY;
      for (int j = i * cols; j < (i + 1) * cols; j++) {
        max = Math.max(max, x[j]);
      }
      double sum = 0;
      for (int j = i * cols; j < (i + 1) * cols; j++) {
        sum += Math.exp(x[j] - max);
      }
      for (int j = i * cols; j < (i + 1) * cols; j++) {
        y[j] = x[j] - max - Math.log(sum);
      }
    }
    return y;
  }

  /** y (dy - sum of y dy), for the y given. */
  public static double[] backward(int rows, int cols, double[] y, double[] dy) {
    double[] dx = new double[rows * cols];
    for (int i = 0; i < rows; i++) {
      double dot = 0;
      for (int j = i * cols; j < (i + 1) * cols; j++) {
        dot += y[j] * dy[j];
      }
      for (int j = i * cols; j < (i + 1) * cols; j++) {
        dx[j] = y[j] * (dy[j] - dot);
      }
    }
    return dx;
  }

  /** dy - e^y (sum of dy), for the y given. */
  public static double[] logBackward(int rows, int cols, double[] y, double[] dy) {
    double[] dx = new double[rows * cols];
    for (int i = 0; i < rows; i++) {
      double sum = 0;
      for (int j = i * cols; j < (i + 1) * cols; j++) {
        sum += dy[j];
      }
      for (int j = i * cols; j < (i + 1) * cols; j++) {
        dx[j] = dy[j] - Math.exp(y[j]) * sum;
      }
    }
    return dx;
  }
}
