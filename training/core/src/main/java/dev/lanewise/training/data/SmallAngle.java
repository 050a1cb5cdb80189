package dev.lanewise.training.data;

/**
 * Sine and cosine of the angles by which images are turned: {@link StrictMath}'s polynomials (fdlibm, k_sin.c and k_cos.c) with the
 * same operations and bits. StrictMath itself makes an array per call, which C2 does not always remove.
 */
final class SmallAngle {
  /** Below this the cosine's polynomial needs no second form. */
  private static final double LIMIT = 0.3;

  private SmallAngle() {}

  static double sin(double x) {
    if (Math.abs(x) >= LIMIT) {
      return StrictMath.sin(x);
    }
    double z = x * x;
    double r = 8.33333333332248946124e-03
        + z * (-1.98412698298579493134e-04
            + z * (2.75573137070700676789e-06 + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)));
    return x + z * x * (-1.66666666666666324348e-01 + z * r);
  }

  static double cos(double x) {
    if (Math.abs(x) >= LIMIT) {
      return StrictMath.cos(x);
    }
    double z = x * x;
    double r = z * (4.16666666666666019037e-02 + z * (-1.38888888888741095749e-03 + z * (2.48015872894767294178e-05
        + z * (-2.75573143513906633035e-07 + z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11)))));
    return 1 - (0.5 * z - z * r);
  }
}
