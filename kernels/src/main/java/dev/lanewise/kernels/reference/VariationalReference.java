package dev.lanewise.kernels.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/** Scalar twins of {@code Variational} over rows [from, to), same bits. */
public final class VariationalReference {
  private VariationalReference() {}

  /** sigma = e^(lambda / 2), z = mu + sigma eps. */
  public static void sample(
      long from, long to, int d, MemorySegment h, MemorySegment eps, MemorySegment sigma, MemorySegment z) {
    for (long i = from * d; i < to * d; i++) {
      float s = MathReference.exp(0.5f * h.getAtIndex(JAVA_FLOAT, lambda(i, d)));
      sigma.setAtIndex(JAVA_FLOAT, i, s);
      z.setAtIndex(JAVA_FLOAT, i, Math.fma(s, eps.getAtIndex(JAVA_FLOAT, i), h.getAtIndex(JAVA_FLOAT, mu(i, d))));
    }
  }

  /** dmu = dz, dlambda = dz eps sigma / 2. */
  public static void backward(
      long from, long to, int d, MemorySegment eps, MemorySegment sigma, MemorySegment dz, MemorySegment dh) {
    for (long i = from * d; i < to * d; i++) {
      float g = dz.getAtIndex(JAVA_FLOAT, i);
      dh.setAtIndex(JAVA_FLOAT, mu(i, d), g);
      dh.setAtIndex(
          JAVA_FLOAT, lambda(i, d), g * eps.getAtIndex(JAVA_FLOAT, i) * sigma.getAtIndex(JAVA_FLOAT, i) * 0.5f);
    }
  }

  /** 1/2 sum of mu^2 + sigma^2 - (1 + lambda). */
  public static void divergence(long from, long to, int d, MemorySegment h, MemorySegment sigma, MemorySegment losses) {
    for (long row = from; row < to; row++) {
      float sum = d < VirtualLaneSums.LANES ? 0f : lane(VirtualLaneSums.whole(d), row, d, h, sigma, 0, 1);
      for (long j = VirtualLaneSums.whole(d); j < d; j++) {
        sum += term(row * d + j, d, h, sigma);
      }
      losses.setAtIndex(JAVA_FLOAT, row, 0.5f * sum);
    }
  }

  private static float lane(long n, long row, int d, MemorySegment h, MemorySegment sigma, int lane, int lanes) {
    if (lanes < VirtualLaneSums.LANES) {
      return lane(n, row, d, h, sigma, lane, 2 * lanes) + lane(n, row, d, h, sigma, lane + lanes, 2 * lanes);
    }
    float sum = 0f;
    for (long j = lane; j < n; j += VirtualLaneSums.LANES) {
      sum += term(row * d + j, d, h, sigma);
    }
    return sum;
  }

  private static float term(long i, int d, MemorySegment h, MemorySegment sigma) {
    float m = h.getAtIndex(JAVA_FLOAT, mu(i, d));
    float s = sigma.getAtIndex(JAVA_FLOAT, i);
    return Math.fma(m, m, Math.fma(s, s, -(1f + h.getAtIndex(JAVA_FLOAT, lambda(i, d)))));
  }

  /** dmu += scale mu, dlambda += scale / 2 (sigma^2 - 1). */
  public static void addDivergenceGradient(
      long from, long to, int d, MemorySegment h, MemorySegment sigma, float scale, MemorySegment dh) {
    for (long i = from * d; i < to * d; i++) {
      float m = h.getAtIndex(JAVA_FLOAT, mu(i, d));
      float s = sigma.getAtIndex(JAVA_FLOAT, i);
      dh.setAtIndex(JAVA_FLOAT, mu(i, d), Math.fma(scale, m, dh.getAtIndex(JAVA_FLOAT, mu(i, d))));
      float slope = Math.fma(s, s, -1f);
      dh.setAtIndex(JAVA_FLOAT, lambda(i, d), Math.fma(0.5f * scale, slope, dh.getAtIndex(JAVA_FLOAT, lambda(i, d))));
    }
  }

  /** Where the mean of variable i, counted over all rows, stands in h. */
  private static long mu(long i, int d) {
    return i / d * d + i;
  }

  private static long lambda(long i, int d) {
    return mu(i, d) + d;
  }
}
