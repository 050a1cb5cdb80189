package dev.lanewise.kernels.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/** Scalar twins of {@code Norms}' layer normalisation, same bits; the truth in double is {@link NormsInDouble}. */
public final class LayerNormReference {
  private static final int LANES = VirtualLaneSums.LANES;

  private LayerNormReference() {}

  /** Of each row: mean = sum x / cols, rstd = 1 / sqrt(sum (x - mean)^2 / cols + epsilon), y = fma((x - mean) rstd, gamma, beta). */
  public static void forward(
      int rows, int cols, MemorySegment x, MemorySegment gamma, MemorySegment beta, float epsilon, MemorySegment y,
      MemorySegment mean, MemorySegment rstd) {
    for (long i = 0; i < rows; i++) {
      long row = i * cols;
      float m = VirtualLaneSums.sum(cols, x, row) / cols;
      float r = 1f / (float) Math.sqrt(squares(cols, x, row, m) / cols + epsilon);
      for (long j = 0; j < cols; j++) {
        float normal = (x.getAtIndex(JAVA_FLOAT, row + j) - m) * r;
        y.setAtIndex(
            JAVA_FLOAT, row + j, Math.fma(normal, gamma.getAtIndex(JAVA_FLOAT, j), beta.getAtIndex(JAVA_FLOAT, j)));
      }
      mean.setAtIndex(JAVA_FLOAT, i, m);
      rstd.setAtIndex(JAVA_FLOAT, i, r);
    }
  }

  /** Down each column dgamma += dy (x - mean) rstd and dbeta += dy; along each row dx = rstd (g - c1 - c2 (x - mean) rstd), g = dy gamma. */
  public static void backward(
      int rows, int cols, MemorySegment x, MemorySegment gamma, MemorySegment mean, MemorySegment rstd,
      MemorySegment dy, MemorySegment dx, MemorySegment dgamma, MemorySegment dbeta, boolean accumulate) {
    for (long j = 0; j < cols; j++) {
      float g = accumulate ? dgamma.getAtIndex(JAVA_FLOAT, j) : 0f;
      float b = accumulate ? dbeta.getAtIndex(JAVA_FLOAT, j) : 0f;
      for (long i = 0; i < rows; i++) {
        float d = dy.getAtIndex(JAVA_FLOAT, i * cols + j);
        float centred = x.getAtIndex(JAVA_FLOAT, i * cols + j) - mean.getAtIndex(JAVA_FLOAT, i);
        g = Math.fma(d, centred * rstd.getAtIndex(JAVA_FLOAT, i), g);
        b += d;
      }
      dgamma.setAtIndex(JAVA_FLOAT, j, g);
      dbeta.setAtIndex(JAVA_FLOAT, j, b);
    }
    for (long i = 0; i < rows; i++) {
      long row = i * cols;
      float m = mean.getAtIndex(JAVA_FLOAT, i);
      float r = rstd.getAtIndex(JAVA_FLOAT, i);
      float c1 = weighted(cols, dy, row, gamma) / cols;
      float c2 = projected(cols, dy, row, gamma, x, m, r) / cols;
      for (long j = 0; j < cols; j++) {
        float normal = (x.getAtIndex(JAVA_FLOAT, row + j) - m) * r;
        float g = dy.getAtIndex(JAVA_FLOAT, row + j) * gamma.getAtIndex(JAVA_FLOAT, j);
        dx.setAtIndex(JAVA_FLOAT, row + j, Math.fma(-c2, normal, g - c1) * r);
      }
    }
  }

  /** Sum of (x - mean)^2 over 16 virtual lanes. */
  private static float squares(long n, MemorySegment x, long row, float mean) {
    long whole = VirtualLaneSums.whole(n);
    float sum = whole == 0 ? 0f : squaresOfLane(whole, x, row, mean, 0, 1);
    for (long j = whole; j < n; j++) {
      float d = x.getAtIndex(JAVA_FLOAT, row + j) - mean;
      sum = Math.fma(d, d, sum);
    }
    return sum;
  }

  private static float squaresOfLane(long n, MemorySegment x, long row, float mean, int lane, int lanes) {
    if (lanes < LANES) {
      return squaresOfLane(n, x, row, mean, lane, 2 * lanes) + squaresOfLane(n, x, row, mean, lane + lanes, 2 * lanes);
    }
    float sum = 0f;
    for (long j = lane; j < n; j += LANES) {
      float d = x.getAtIndex(JAVA_FLOAT, row + j) - mean;
      sum = Math.fma(d, d, sum);
    }
    return sum;
  }

  /** Sum of dy gamma over 16 virtual lanes. */
  private static float weighted(long n, MemorySegment dy, long row, MemorySegment gamma) {
    long whole = VirtualLaneSums.whole(n);
    float sum = whole == 0 ? 0f : weightedOfLane(whole, dy, row, gamma, 0, 1);
    for (long j = whole; j < n; j++) {
      sum = Math.fma(dy.getAtIndex(JAVA_FLOAT, row + j), gamma.getAtIndex(JAVA_FLOAT, j), sum);
    }
    return sum;
  }

  private static float weightedOfLane(long n, MemorySegment dy, long row, MemorySegment gamma, int lane, int lanes) {
    if (lanes < LANES) {
      return weightedOfLane(n, dy, row, gamma, lane, 2 * lanes)
          + weightedOfLane(n, dy, row, gamma, lane + lanes, 2 * lanes);
    }
    float sum = 0f;
    for (long j = lane; j < n; j += LANES) {
      sum = Math.fma(dy.getAtIndex(JAVA_FLOAT, row + j), gamma.getAtIndex(JAVA_FLOAT, j), sum);
    }
    return sum;
  }

  /** Sum of dy gamma (x - mean) rstd over 16 virtual lanes. */
  private static float projected(
      long n, MemorySegment dy, long row, MemorySegment gamma, MemorySegment x, float mean, float rstd) {
    long whole = VirtualLaneSums.whole(n);
    float sum = whole == 0 ? 0f : projectedOfLane(whole, dy, row, gamma, x, mean, rstd, 0, 1);
    for (long j = whole; j < n; j++) {
      sum = projection(dy, row, gamma, x, mean, rstd, j, sum);
    }
    return sum;
  }

  private static float projectedOfLane(
      long n, MemorySegment dy, long row, MemorySegment gamma, MemorySegment x, float mean, float rstd, int lane,
      int lanes) {
    if (lanes < LANES) {
      return projectedOfLane(n, dy, row, gamma, x, mean, rstd, lane, 2 * lanes)
          + projectedOfLane(n, dy, row, gamma, x, mean, rstd, lane + lanes, 2 * lanes);
    }
    float sum = 0f;
    for (long j = lane; j < n; j += LANES) {
      sum = projection(dy, row, gamma, x, mean, rstd, j, sum);
    }
    return sum;
  }

  private static float projection(
      MemorySegment dy, long row, MemorySegment gamma, MemorySegment x, float mean, float rstd, long j, float sum) {
    float normal = (x.getAtIndex(JAVA_FLOAT, row + j) - mean) * rstd;
    return Math.fma(dy.getAtIndex(JAVA_FLOAT, row + j) * gamma.getAtIndex(JAVA_FLOAT, j), normal, sum);
  }
}
