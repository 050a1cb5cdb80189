package dev.lanewise.kernels.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/**
 * Scalar twins of {@code Losses}: the fp32 ones have the same bits. A gradient of {@link MemorySegment#NULL} is not written.
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
      float loss =
          VirtualLaneSums.of(
              cols,
              (chain, j) -> Math.fma(
                  targets.getAtIndex(JAVA_FLOAT, row + j),
                  logSum - (logits.getAtIndex(JAVA_FLOAT, row + j) - max),
                  chain));
      losses.setAtIndex(JAVA_FLOAT, i, loss);
      if (!gradient.equals(MemorySegment.NULL)) {
        float mass = VirtualLaneSums.of(cols, targets, row);
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
      float sum =
          VirtualLaneSums.of(
              cols,
              (chain, j) -> chain + binary(logits.getAtIndex(JAVA_FLOAT, row + j), targets.getAtIndex(JAVA_FLOAT, row + j)));
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
      float sum =
          VirtualLaneSums.of(
              cols,
              (chain, j) -> {
                float d = y.getAtIndex(JAVA_FLOAT, row + j) - targets.getAtIndex(JAVA_FLOAT, row + j);
                return Math.fma(d, d, chain);
              });
      losses.setAtIndex(JAVA_FLOAT, i, sum / cols);
      if (!gradient.equals(MemorySegment.NULL)) {
        for (long j = row; j < row + cols; j++) {
          float d = y.getAtIndex(JAVA_FLOAT, j) - targets.getAtIndex(JAVA_FLOAT, j);
          gradient.setAtIndex(JAVA_FLOAT, j, d * (2f * gradientScale / cols));
        }
      }
    }
  }
}
