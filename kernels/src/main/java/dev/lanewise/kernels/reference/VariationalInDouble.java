package dev.lanewise.kernels.reference;

/** The truth in double for {@code Variational}, one row of d latent variables, on arrays of double. */
public final class VariationalInDouble {
  private VariationalInDouble() {}

  /** z = mu + e^(lambda / 2) eps. */
  public static double[] sample(double[] mu, double[] lambda, double[] eps) {
    double[] z = new double[mu.length];
    for (int j = 0; j < z.length; j++) {
      z[j] = mu[j] + Math.exp(lambda[j] / 2) * eps[j];
    }
    return z;
  }

  /** 1/2 sum of mu^2 + e^lambda - 1 - lambda. */
  public static double divergence(double[] mu, double[] lambda) {
    double sum = 0;
    for (int j = 0; j < mu.length; j++) {
      sum += mu[j] * mu[j] + Math.exp(lambda[j]) - 1 - lambda[j];
    }
    return sum / 2;
  }

  /** dlambda = dz eps sigma / 2, for the sigma given; dmu is dz. */
  public static double[] lambdaGradient(double[] eps, double[] sigma, double[] dz) {
    double[] dlambda = new double[eps.length];
    for (int j = 0; j < dlambda.length; j++) {
      dlambda[j] = dz[j] * eps[j] * sigma[j] / 2;
    }
    return dlambda;
  }
}
