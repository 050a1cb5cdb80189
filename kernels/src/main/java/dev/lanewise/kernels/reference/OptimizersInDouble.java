package dev.lanewise.kernels.reference;

/**
 * The recurrences of the optimizers as they are published, in double, for one parameter after another: the truth for the bounds of {@code Optimizers}.
 * Weights and states are updated in place.
 */
public final class OptimizersInDouble {
  private OptimizersInDouble() {}

  private static double decayed(double w, double lr, double weightDecay) {
    return w - lr * weightDecay * w;
  }

  /** w = w - lr g. */
  public static void sgd(double[] w, double[] g, double lr, double weightDecay) {
    for (int i = 0; i < w.length; i++) {
      w[i] = decayed(w[i], lr, weightDecay) - lr * g[i];
    }
  }

  /** v = momentum v - lr g; w = w + v, or with Nesterov w = w + momentum v - lr g. */
  public static void momentum(
      double[] w, double[] g, double[] v, double lr, double momentum, boolean nesterov, double weightDecay) {
    for (int i = 0; i < w.length; i++) {
      v[i] = momentum * v[i] - lr * g[i];
      w[i] = decayed(w[i], lr, weightDecay) + (nesterov ? momentum * v[i] - lr * g[i] : v[i]);
    }
  }

  /** s = rho s + (1 - rho) g^2; w = w - lr g / sqrt(s + epsilon). */
  public static void rmsprop(
      double[] w, double[] g, double[] s, double lr, double rho, double epsilon, double weightDecay) {
    for (int i = 0; i < w.length; i++) {
      s[i] = rho * s[i] + (1 - rho) * g[i] * g[i];
      w[i] = decayed(w[i], lr, weightDecay) - lr * g[i] / Math.sqrt(s[i] + epsilon);
    }
  }

  /** Kingma and Ba with bias correction folded into the rate, as in the end of their section 2, and decoupled decay. */
  public static void adamW(
      double[] w, double[] g, double[] m, double[] v, double lr, double beta1, double beta2, double epsilon,
      double weightDecay, long step) {
    double alpha = lr * Math.sqrt(1 - Math.pow(beta2, step)) / (1 - Math.pow(beta1, step));
    for (int i = 0; i < w.length; i++) {
      m[i] = beta1 * m[i] + (1 - beta1) * g[i];
      v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
      w[i] = decayed(w[i], lr, weightDecay) - alpha * m[i] / (Math.sqrt(v[i]) + epsilon);
    }
  }

  /** average = decay average + (1 - decay) w. */
  public static void ema(double[] w, double[] average, double decay) {
    for (int i = 0; i < w.length; i++) {
      average[i] = decay * average[i] + (1 - decay) * w[i];
    }
  }
}
