package dev.lanewise.cli;

import dev.lanewise.kernels.Rng;
import dev.lanewise.tensor.Tensor;

/**
 * A path through latent space: from one standard normal vector to the next, in {@value #STEPS} steps along a great circle. A straight line
 * would pass closer to the origin than normal vectors of many dimensions ever lie.
 *
 * <pre>z = (sin((1 - t) w) a + sin(t w) b) / sin w, w the angle between a and b</pre>
 *
 * <p>Source: Shoemake, Animating Rotation with Quaternion Curves, 1985; White, Sampling Generative Networks, 2016.
 */
final class LatentWalk {
  static final int STEPS = 10;

  private LatentWalk() {}

  /**
   * Points of the path.
   *
   * @param z [n, d], written: points {@code from} to {@code from + n}
   * @param seed of the vectors
   * @param stream of random numbers
   */
  static void fill(Tensor z, int from, long seed, long stream) {
    int d = z.dim(1);
    for (int i = 0; i < z.dim(0); i++) {
      long leg = ((long) from + i) / STEPS;
      double t = (from + i) % STEPS / (double) STEPS;
      double angle = angle(seed, stream, leg, d);
      double a = Math.sin((1 - t) * angle) / Math.sin(angle);
      double b = Math.sin(t * angle) / Math.sin(angle);
      for (int j = 0; j < d; j++) {
        z.set((long) i * d + j, (float) (a * at(seed, stream, leg, d, j) + b * at(seed, stream, leg + 1, d, j)));
      }
    }
  }

  private static double angle(long seed, long stream, long leg, int d) {
    double product = 0;
    double first = 0;
    double second = 0;
    for (int j = 0; j < d; j++) {
      double a = at(seed, stream, leg, d, j);
      double b = at(seed, stream, leg + 1, d, j);
      product += a * b;
      first += a * a;
      second += b * b;
    }
    double cosine = product / Math.sqrt(first * second);
    // Vectors of one dimension lie on one line: there the path is nearly straight.
    return Math.acos(Math.clamp(cosine, -0.999_999, 0.999_999));
  }

  private static float at(long seed, long stream, long vector, int d, int j) {
    return Rng.normal(seed, stream, vector * d + j);
  }
}
