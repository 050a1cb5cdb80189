package dev.lanewise.kernels.testkit;

/**
 * What the running test has measured: the worst error as a share of its bound, the largest error in ulp. {@link Bounds} and {@link Ulp}
 * fill it in, {@link LawListener} writes it down for reports/numerics.md.
 */
final class Measured {
  private static double share = Double.NaN;
  private static double ulp = Double.NaN;

  private Measured() {}

  static synchronized void share(double worst) {
    share = Double.isNaN(share) ? worst : Math.max(share, worst);
  }

  static synchronized void ulp(double worst) {
    ulp = Double.isNaN(ulp) ? worst : Math.max(ulp, worst);
  }

  /** Worst share and worst ulp since the last call, each NaN where nothing was measured. */
  static synchronized double[] take() {
    double[] taken = {share, ulp};
    share = Double.NaN;
    ulp = Double.NaN;
    return taken;
  }
}
