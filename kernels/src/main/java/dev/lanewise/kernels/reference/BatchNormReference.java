package dev.lanewise.kernels.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/** Scalar twins of {@code Norms}' batch normalisation, same bits; the truth in double is {@link NormsInDouble}. */
public final class BatchNormReference {
  /** Rows that a sum adds up before it adds the result to the column's total. */
  private static final int STRETCH = 256;

  private BatchNormReference() {}

  /** Of each channel: mean, rstd = 1 / sqrt(variance + epsilon), running averages; then y = fma(x - mean, gamma rstd, beta). */
  public static void train(
      int rows, int channels, MemorySegment x, MemorySegment gamma, MemorySegment beta, float epsilon, float momentum,
      MemorySegment runningMean, MemorySegment runningVariance, MemorySegment y, MemorySegment mean,
      MemorySegment rstd) {
    for (long c = 0; c < channels; c++) {
      float total = 0f;
      for (long first = 0; first < rows; first += STRETCH) {
        float sum = 0f;
        for (long i = first; i < Math.min(rows, first + STRETCH); i++) {
          sum += x.getAtIndex(JAVA_FLOAT, i * channels + c);
        }
        total += sum;
      }
      float m = total / rows;
      total = 0f;
      for (long first = 0; first < rows; first += STRETCH) {
        float sum = 0f;
        for (long i = first; i < Math.min(rows, first + STRETCH); i++) {
          float d = x.getAtIndex(JAVA_FLOAT, i * channels + c) - m;
          sum = Math.fma(d, d, sum);
        }
        total += sum;
      }
      float variance = total / rows;
      update(c, m, momentum, runningMean);
      update(c, variance, momentum, runningVariance);
      mean.setAtIndex(JAVA_FLOAT, c, m);
      rstd.setAtIndex(JAVA_FLOAT, c, rstd(variance, epsilon));
    }
    for (long c = 0; c < channels; c++) {
      normalise(rows, channels, c, x, mean, rstd.getAtIndex(JAVA_FLOAT, c), gamma, beta, y);
    }
  }

  private static void update(long c, float now, float momentum, MemorySegment running) {
    float before = running.getAtIndex(JAVA_FLOAT, c);
    running.setAtIndex(JAVA_FLOAT, c, Math.fma(1f - momentum, now - before, before));
  }

  private static float rstd(float variance, float epsilon) {
    return 1f / (float) Math.sqrt(variance + epsilon);
  }

  private static void normalise(
      int rows, int channels, long c, MemorySegment x, MemorySegment mean, float rstd, MemorySegment gamma,
      MemorySegment beta, MemorySegment y) {
    float m = mean.getAtIndex(JAVA_FLOAT, c);
    float scale = gamma.getAtIndex(JAVA_FLOAT, c) * rstd;
    for (long i = c; i < (long) rows * channels; i += channels) {
      y.setAtIndex(JAVA_FLOAT, i, Math.fma(x.getAtIndex(JAVA_FLOAT, i) - m, scale, beta.getAtIndex(JAVA_FLOAT, c)));
    }
  }

  /** The same with the running averages in the place of the batch's. */
  public static void infer(
      int rows, int channels, MemorySegment x, MemorySegment gamma, MemorySegment beta, float epsilon,
      MemorySegment runningMean, MemorySegment runningVariance, MemorySegment y) {
    for (long c = 0; c < channels; c++) {
      float rstd = rstd(runningVariance.getAtIndex(JAVA_FLOAT, c), epsilon);
      normalise(rows, channels, c, x, runningMean, rstd, gamma, beta, y);
    }
  }

  /** dgamma = sum dy n, dbeta = sum dy, dx = gamma rstd (dy - dbeta / rows - n dgamma / rows) with n = (x - mean) rstd. */
  public static void backward(
      int rows, int channels, MemorySegment x, MemorySegment gamma, MemorySegment mean, MemorySegment rstd,
      MemorySegment dy, MemorySegment dx, MemorySegment dgamma, MemorySegment dbeta, boolean accumulate) {
    for (long c = 0; c < channels; c++) {
      float m = mean.getAtIndex(JAVA_FLOAT, c);
      float r = rstd.getAtIndex(JAVA_FLOAT, c);
      float g = 0f;
      float b = 0f;
      for (long first = 0; first < rows; first += STRETCH) {
        float gSum = 0f;
        float bSum = 0f;
        for (long i = first; i < Math.min(rows, first + STRETCH); i++) {
          float d = dy.getAtIndex(JAVA_FLOAT, i * channels + c);
          gSum = Math.fma(d, (x.getAtIndex(JAVA_FLOAT, i * channels + c) - m) * r, gSum);
          bSum += d;
        }
        g += gSum;
        b += bSum;
      }
      dgamma.setAtIndex(JAVA_FLOAT, c, accumulate ? dgamma.getAtIndex(JAVA_FLOAT, c) + g : g);
      dbeta.setAtIndex(JAVA_FLOAT, c, accumulate ? dbeta.getAtIndex(JAVA_FLOAT, c) + b : b);
      float scale = gamma.getAtIndex(JAVA_FLOAT, c) * r;
      for (long i = c; i < (long) rows * channels; i += channels) {
        float normal = (x.getAtIndex(JAVA_FLOAT, i) - m) * r;
        float d = dy.getAtIndex(JAVA_FLOAT, i) - b / rows;
        dx.setAtIndex(JAVA_FLOAT, i, Math.fma(-(g / rows), normal, d) * scale);
      }
    }
  }
}
