package dev.lanewise.kernels.reference;

/**
 * The losses in double, on arrays of double, so that they can be differentiated numerically: the truth for the bounds of {@code Losses} and for
 * gradient checks. Each returns one loss per row.
 */
public final class LossesInDouble {
  private LossesInDouble() {}

  /** log s - (x[label] - m). */
  public static double[] sparseCrossEntropy(int rows, int cols, double[] logits, int[] labels) {
    double[] logP = SoftmaxInDouble.logForward(rows, cols, logits);
    double[] losses = new double[rows];
    for (int i = 0; i < rows; i++) {
      losses[i] = -logP[i * cols + labels[i]];
    }
    return losses;
  }

  /** sum t (log s - (x - m)). */
  public static double[] crossEntropy(int rows, int cols, double[] logits, double[] targets) {
    double[] logP = SoftmaxInDouble.logForward(rows, cols, logits);
    double[] losses = new double[rows];
    for (int i = 0; i < rows; i++) {
      for (int j = i * cols; j < (i + 1) * cols; j++) {
        losses[i] -= targets[j] * logP[j];
      }
    }
    return losses;
  }

  /** mean of max(x, 0) - x t + log(1 + e^-|x|). */
  public static double[] binaryCrossEntropy(int rows, int cols, double[] logits, double[] targets) {
    double[] losses = new double[rows];
    for (int i = 0; i < rows; i++) {
      for (int j = i * cols; j < (i + 1) * cols; j++) {
        double x = logits[j];
        losses[i] += (Math.max(x, 0) - x * targets[j] + Math.log1p(Math.exp(-Math.abs(x)))) / cols;
      }
    }
    return losses;
  }

  /** mean of (y - t)^2. */
  public static double[] squaredError(int rows, int cols, double[] y, double[] targets) {
    double[] losses = new double[rows];
    for (int i = 0; i < rows; i++) {
      for (int j = i * cols; j < (i + 1) * cols; j++) {
        double d = y[j] - targets[j];
        losses[i] += d * d / cols;
      }
    }
    return losses;
  }
}
