package dev.lanewise.kernels.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/**
 * Scalar twins of {@code Losses} over rows [from, to), same bits; the truth in double is {@link LossesInDouble}. A gradient of {@link MemorySegment#NULL} is not written.
 */
public final class LossesReference {
  private LossesReference() {}

  /** loss = log s - (x[label] - m); gradient = (softmax - onehot) scale. */
  public static void sparseCrossEntropy(
      long from, long to, int cols, MemorySegment logits, MemorySegment labels, MemorySegment losses,
      MemorySegment gradient, float gradientScale) {
    for (long i = from; i < to; i++) {
      long row = i * cols;
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
      long from, long to, int cols, MemorySegment logits, MemorySegment targets, MemorySegment losses,
      MemorySegment gradient, float gradientScale) {
    for (long i = from; i < to; i++) {
      long row = i * cols;
      float max = SoftmaxReference.max(cols, logits, row);
      float sum = SoftmaxReference.sumOfExp(cols, logits, row, max);
      float logSum = MathReference.log(sum);
      losses.setAtIndex(JAVA_FLOAT, i, sumOfSurprise(cols, logits, targets, max, logSum, row));
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

  /** loss = (sum of max(x, 0) - x t, + sum of log(1 + e^-|x|)) / cols; gradient = (sigmoid(x) - t) (scale / cols). */
  public static void binaryCrossEntropy(
      long from, long to, int cols, MemorySegment logits, MemorySegment targets, MemorySegment losses,
      MemorySegment gradient, float gradientScale) {
    for (long i = from; i < to; i++) {
      long row = i * cols;
      float sum = sumOfLinear(cols, logits, targets, row) + sumOfLogs(cols, logits, row);
      losses.setAtIndex(JAVA_FLOAT, i, sum / cols);
      if (!gradient.equals(MemorySegment.NULL)) {
        for (long j = row; j < row + cols; j++) {
          float p = MathReference.sigmoid(logits.getAtIndex(JAVA_FLOAT, j));
          gradient.setAtIndex(JAVA_FLOAT, j, (p - targets.getAtIndex(JAVA_FLOAT, j)) * (gradientScale / cols));
        }
      }
    }
  }

  /** loss = mean of (y - t)^2; gradient = (y - t) (2 scale / cols). */
  public static void squaredError(
      long from, long to, int cols, MemorySegment y, MemorySegment targets, MemorySegment losses,
      MemorySegment gradient, float gradientScale) {
    for (long i = from; i < to; i++) {
      long row = i * cols;
      float sum = sumOfSquares(cols, y, targets, row);
      losses.setAtIndex(JAVA_FLOAT, i, sum / cols);
      if (!gradient.equals(MemorySegment.NULL)) {
        for (long j = row; j < row + cols; j++) {
          float d = y.getAtIndex(JAVA_FLOAT, j) - targets.getAtIndex(JAVA_FLOAT, j);
          gradient.setAtIndex(JAVA_FLOAT, j, d * (2f * gradientScale / cols));
        }
      }
    }
  }

  private static float sumOfSurprise(int n, MemorySegment logits, MemorySegment targets, float max, float logSum, long from) {
    long whole = VirtualLaneSums.whole(n);
    float sum = whole == 0 ? 0f : sumOfSurpriseOfLane(whole, logits, targets, max, logSum, from, 0, 1);
    for (long j = from + whole; j < from + n; j++) {
      sum = Math.fma(targets.getAtIndex(JAVA_FLOAT, j), logSum - (logits.getAtIndex(JAVA_FLOAT, j) - max), sum);
    }
    return sum;
  }

  private static float sumOfSurpriseOfLane(
      long n, MemorySegment logits, MemorySegment targets, float max, float logSum, long from, int lane, int lanes) {
    if (lanes < VirtualLaneSums.LANES) {
      return sumOfSurpriseOfLane(n, logits, targets, max, logSum, from, lane, 2 * lanes)
          + sumOfSurpriseOfLane(n, logits, targets, max, logSum, from, lane + lanes, 2 * lanes);
    }
    float sum = 0f;
    for (long j = from + lane; j < from + n; j += VirtualLaneSums.LANES) {
      sum = Math.fma(targets.getAtIndex(JAVA_FLOAT, j), logSum - (logits.getAtIndex(JAVA_FLOAT, j) - max), sum);
    }
    return sum;
  }

  private static float sumOfLinear(int n, MemorySegment logits, MemorySegment targets, long from) {
    long whole = VirtualLaneSums.whole(n);
    float sum = whole == 0 ? 0f : sumOfLinearOfLane(whole, logits, targets, from, 0, 1);
    for (long j = from + whole; j < from + n; j++) {
      sum = sum + linear(logits.getAtIndex(JAVA_FLOAT, j), targets.getAtIndex(JAVA_FLOAT, j));
    }
    return sum;
  }

  private static float sumOfLinearOfLane(
      long n, MemorySegment logits, MemorySegment targets, long from, int lane, int lanes) {
    if (lanes < VirtualLaneSums.LANES) {
      return sumOfLinearOfLane(n, logits, targets, from, lane, 2 * lanes)
          + sumOfLinearOfLane(n, logits, targets, from, lane + lanes, 2 * lanes);
    }
    float sum = 0f;
    for (long j = from + lane; j < from + n; j += VirtualLaneSums.LANES) {
      sum = sum + linear(logits.getAtIndex(JAVA_FLOAT, j), targets.getAtIndex(JAVA_FLOAT, j));
    }
    return sum;
  }

  private static float sumOfLogs(int n, MemorySegment logits, long from) {
    long whole = VirtualLaneSums.whole(n);
    float sum = whole == 0 ? 0f : sumOfLogsOfLane(whole, logits, from, 0, 1);
    for (long j = from + whole; j < from + n; j++) {
      sum = sum + MathReference.logOnePlus(MathReference.exp(-Math.abs(logits.getAtIndex(JAVA_FLOAT, j))));
    }
    return sum;
  }

  private static float sumOfLogsOfLane(
      long n, MemorySegment logits, long from, int lane, int lanes) {
    if (lanes < VirtualLaneSums.LANES) {
      return sumOfLogsOfLane(n, logits, from, lane, 2 * lanes)
          + sumOfLogsOfLane(n, logits, from, lane + lanes, 2 * lanes);
    }
    float sum = 0f;
    for (long j = from + lane; j < from + n; j += VirtualLaneSums.LANES) {
      sum = sum + MathReference.logOnePlus(MathReference.exp(-Math.abs(logits.getAtIndex(JAVA_FLOAT, j))));
    }
    return sum;
  }

  private static float sumOfSquares(int n, MemorySegment y, MemorySegment targets, long from) {
    long whole = VirtualLaneSums.whole(n);
    float sum = whole == 0 ? 0f : sumOfSquaresOfLane(whole, y, targets, from, 0, 1);
    for (long j = from + whole; j < from + n; j++) {
      sum = addSquare(y.getAtIndex(JAVA_FLOAT, j) - targets.getAtIndex(JAVA_FLOAT, j), sum);
    }
    return sum;
  }

  private static float sumOfSquaresOfLane(
      long n, MemorySegment y, MemorySegment targets, long from, int lane, int lanes) {
    if (lanes < VirtualLaneSums.LANES) {
      return sumOfSquaresOfLane(n, y, targets, from, lane, 2 * lanes)
          + sumOfSquaresOfLane(n, y, targets, from, lane + lanes, 2 * lanes);
    }
    float sum = 0f;
    for (long j = from + lane; j < from + n; j += VirtualLaneSums.LANES) {
      sum = addSquare(y.getAtIndex(JAVA_FLOAT, j) - targets.getAtIndex(JAVA_FLOAT, j), sum);
    }
    return sum;
  }

  private static float linear(float logit, float target) {
    return Math.fma(-logit, target, logit > 0f ? logit : 0f);
  }

  private static float addSquare(float difference, float sum) {
    return Math.fma(difference, difference, sum);
  }
}
