package dev.lanewise.kernels.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/**
 * Scalar twins of {@code Losses}, same bits; the truth in double is {@link LossesInDouble}. A gradient of {@link MemorySegment#NULL} is not written.
 */
public final class LossesReference {
  private LossesReference() {}

  /** loss = log s - (x[label] - m); gradient = (softmax - onehot) scale. */
  public static void sparseCrossEntropy(
      int rows, int cols, MemorySegment logits, MemorySegment labels, MemorySegment losses, MemorySegment gradient,
      float gradientScale) {
    for (int i = 0; i < rows; i++) {
      long row = (long) i * cols;
      int label = labels.getAtIndex(JAVA_INT, i);
      float max = SoftmaxReference.max(cols, logits, row);
      float sum = SoftmaxReference.sumOfExp(cols, logits, row, max);
      losses.setAtIndex(JAVA_FLOAT, i, MathReference.log(sum) - (logits.getAtIndex(JAVA_FLOAT, row + label) - max));
      if (!gradient.equals(MemorySegment.NULL)) {
        float inverse = 1f / sum;
        for (int j = 0; j < cols; j++) {
          float p = MathReference.exp(logits.getAtIndex(JAVA_FLOAT, row + j) - max) * inverse;
          gradient.setAtIndex(JAVA_FLOAT, row + j, (j == label ? p - 1f : p) * gradientScale);
        }
      }
    }
  }

  /** loss = sum t (log s - (x - m)); gradient = (softmax sum(t) - t) scale. */
  public static void crossEntropy(
      int rows, int cols, MemorySegment logits, MemorySegment targets, MemorySegment losses, MemorySegment gradient,
      float gradientScale) {
    for (int i = 0; i < rows; i++) {
      long row = (long) i * cols;
      float max = SoftmaxReference.max(cols, logits, row);
      float sum = SoftmaxReference.sumOfExp(cols, logits, row, max);
      float logSum = MathReference.log(sum);
      losses.setAtIndex(JAVA_FLOAT, i, sumOfSurprise(cols, logits, targets, row, max, logSum, 0, 1));
      if (!gradient.equals(MemorySegment.NULL)) {
        float mass = VirtualLaneSums.sum(cols, targets, row);
        float inverse = 1f / sum;
        for (long j = row; j < row + cols; j++) {
          float p = MathReference.exp(logits.getAtIndex(JAVA_FLOAT, j) - max) * inverse;
          gradient.setAtIndex(JAVA_FLOAT, j, Math.fma(p, mass, -targets.getAtIndex(JAVA_FLOAT, j)) * gradientScale);
        }
      }
    }
  }

  /** loss = mean of max(x, 0) - x t + log(1 + e^-|x|); gradient = (sigmoid(x) - t) (scale / cols). */
  public static void binaryCrossEntropy(
      int rows, int cols, MemorySegment logits, MemorySegment targets, MemorySegment losses, MemorySegment gradient,
      float gradientScale) {
    for (int i = 0; i < rows; i++) {
      long row = (long) i * cols;
      float sum = sumOfBinary(cols, logits, targets, row, 0, 1);
      losses.setAtIndex(JAVA_FLOAT, i, sum / cols);
      if (!gradient.equals(MemorySegment.NULL)) {
        for (long j = row; j < row + cols; j++) {
          float p = MathReference.sigmoid(logits.getAtIndex(JAVA_FLOAT, j));
          gradient.setAtIndex(JAVA_FLOAT, j, (p - targets.getAtIndex(JAVA_FLOAT, j)) * (gradientScale / cols));
        }
      }
    }
  }

  /** Binary cross-entropy of one logit and one target. */
  public static float binary(float logit, float target) {
    float positive = logit > 0f ? logit : 0f;
    return Math.fma(-logit, target, positive) + MathReference.logOnePlus(MathReference.exp(-Math.abs(logit)));
  }

  /** loss = mean of (y - t)^2; gradient = (y - t) (2 scale / cols). */
  public static void squaredError(
      int rows, int cols, MemorySegment y, MemorySegment targets, MemorySegment losses, MemorySegment gradient,
      float gradientScale) {
    for (int i = 0; i < rows; i++) {
      long row = (long) i * cols;
      float sum = sumOfSquares(cols, y, targets, row, 0, 1);
      losses.setAtIndex(JAVA_FLOAT, i, sum / cols);
      if (!gradient.equals(MemorySegment.NULL)) {
        for (long j = row; j < row + cols; j++) {
          float d = y.getAtIndex(JAVA_FLOAT, j) - targets.getAtIndex(JAVA_FLOAT, j);
          gradient.setAtIndex(JAVA_FLOAT, j, d * (2f * gradientScale / cols));
        }
      }
    }
  }

  private static float sumOfSurprise(
      int n, MemorySegment logits, MemorySegment targets, long from, float max, float logSum, int lane, int lanes) {
    if (lanes < VirtualLaneSums.LANES) {
      return sumOfSurprise(n, logits, targets, from, max, logSum, lane, 2 * lanes)
          + sumOfSurprise(n, logits, targets, from, max, logSum, lane + lanes, 2 * lanes);
    }
    float sum = 0f;
    for (long j = from + lane; j < from + n; j += VirtualLaneSums.LANES) {
      float surprise = logSum - (logits.getAtIndex(JAVA_FLOAT, j) - max);
      sum = Math.fma(targets.getAtIndex(JAVA_FLOAT, j), surprise, sum);
    }
    return sum;
  }

  private static float sumOfBinary(
      int n, MemorySegment logits, MemorySegment targets, long from, int lane, int lanes) {
    if (lanes < VirtualLaneSums.LANES) {
      return sumOfBinary(n, logits, targets, from, lane, 2 * lanes)
          + sumOfBinary(n, logits, targets, from, lane + lanes, 2 * lanes);
    }
    float sum = 0f;
    for (long j = from + lane; j < from + n; j += VirtualLaneSums.LANES) {
      sum += binary(logits.getAtIndex(JAVA_FLOAT, j), targets.getAtIndex(JAVA_FLOAT, j));
    }
    return sum;
  }

  private static float sumOfSquares(int n, MemorySegment y, MemorySegment targets, long from, int lane, int lanes) {
    if (lanes < VirtualLaneSums.LANES) {
      return sumOfSquares(n, y, targets, from, lane, 2 * lanes)
          + sumOfSquares(n, y, targets, from, lane + lanes, 2 * lanes);
    }
    float sum = 0f;
    for (long j = from + lane; j < from + n; j += VirtualLaneSums.LANES) {
      float d = y.getAtIndex(JAVA_FLOAT, j) - targets.getAtIndex(JAVA_FLOAT, j);
      sum = Math.fma(d, d, sum);
    }
    return sum;
  }
}
