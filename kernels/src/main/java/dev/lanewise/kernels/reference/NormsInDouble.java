package dev.lanewise.kernels.reference;

/** Normalisations in double, on arrays of double: the truth for the bounds of {@code Norms} and for gradient checks. */
public final class NormsInDouble {
  private NormsInDouble() {}

  /** Each row less its mean over the root of its variance + epsilon, times gamma plus beta. */
  public static double[] layerNorm(int rows, int cols, double[] x, double[] gamma, double[] beta, double epsilon) {
    double[] y = new double[rows * cols];
    for (int i = 0; i < rows; i++) {
      double mean = 0;
      double variance = 0;
      for (int j = 0; j < cols; j++) {
        mean += x[i * cols + j] / cols;
      }
      for (int j = 0; j < cols; j++) {
        variance += (x[i * cols + j] - mean) * (x[i * cols + j] - mean) / cols;
      }
      for (int j = 0; j < cols; j++) {
        y[i * cols + j] = (x[i * cols + j] - mean) / Math.sqrt(variance + epsilon) * gamma[j] + beta[j];
      }
    }
    return y;
  }

  /** The same along each column: mean and variance are a channel's. */
  public static double[] batchNorm(int rows, int channels, double[] x, double[] gamma, double[] beta, double epsilon) {
    double[] y = new double[rows * channels];
    for (int c = 0; c < channels; c++) {
      double mean = 0;
      double variance = 0;
      for (int i = 0; i < rows; i++) {
        mean += x[i * channels + c] / rows;
      }
      for (int i = 0; i < rows; i++) {
        variance += (x[i * channels + c] - mean) * (x[i * channels + c] - mean) / rows;
      }
      for (int i = 0; i < rows; i++) {
        y[i * channels + c] = (x[i * channels + c] - mean) / Math.sqrt(variance + epsilon) * gamma[c] + beta[c];
      }
    }
    return y;
  }
}
