package dev.lanewise.kernels.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/** Scalar twins of {@code Softmax} over rows [from, to), same bits; the truth in double is {@link SoftmaxInDouble}. */
public final class SoftmaxReference {
  private SoftmaxReference() {}

  /** y[i, j] = e^(x[i, j] - m_i) (1 / s_i), m_i the row's maximum, s_i the sum of its exponentials. */
  public static void forward(long from, long to, int cols, MemorySegment x, MemorySegment y) {
    for (long i = from; i < to; i++) {
      long row = i * cols;
      float max = max(cols, x, row);
      for (long j = row; j < row + cols; j++) {
        y.setAtIndex(JAVA_FLOAT, j, MathReference.exp(x.getAtIndex(JAVA_FLOAT, j) - max));
      }
      float inverse = 1f / VirtualLaneSums.sum(cols, y, row);
      for (long j = row; j < row + cols; j++) {
        y.setAtIndex(JAVA_FLOAT, j, y.getAtIndex(JAVA_FLOAT, j) * inverse);
      }
    }
  }

  /** dx = y (dy - sum over the row of y dy). */
  public static void backward(long from, long to, int cols, MemorySegment y, MemorySegment dy, MemorySegment dx) {
    for (long i = from; i < to; i++) {
      long row = i * cols;
      float dot = VirtualLaneSums.dot(cols, y, dy, row);
      for (long j = row; j < row + cols; j++) {
        dx.setAtIndex(JAVA_FLOAT, j, y.getAtIndex(JAVA_FLOAT, j) * (dy.getAtIndex(JAVA_FLOAT, j) - dot));
      }
    }
  }

  /** y = (x - m) - log s. */
  public static void logForward(long from, long to, int cols, MemorySegment x, MemorySegment y) {
    for (long i = from; i < to; i++) {
      long row = i * cols;
      float max = max(cols, x, row);
      float logSum = MathReference.log(sumOfExp(cols, x, row, max));
      for (long j = row; j < row + cols; j++) {
        y.setAtIndex(JAVA_FLOAT, j, x.getAtIndex(JAVA_FLOAT, j) - max - logSum);
      }
    }
  }

  /** dx = dy - e^y sum over the row of dy, one fma. */
  public static void logBackward(long from, long to, int cols, MemorySegment y, MemorySegment dy, MemorySegment dx) {
    for (long i = from; i < to; i++) {
      long row = i * cols;
      float sum = VirtualLaneSums.sum(cols, dy, row);
      for (long j = row; j < row + cols; j++) {
        float p = MathReference.exp(y.getAtIndex(JAVA_FLOAT, j));
        dx.setAtIndex(JAVA_FLOAT, j, Math.fma(p, -sum, dy.getAtIndex(JAVA_FLOAT, j)));
      }
    }
  }

  /** Greatest of x[from, from + n); NaN if there is one, -infinity for none. */
  static float max(int n, MemorySegment x, long from) {
    float max = Float.NEGATIVE_INFINITY;
    for (long j = from; j < from + n; j++) {
      max = Math.max(max, x.getAtIndex(JAVA_FLOAT, j));
    }
    return max;
  }

  /** Sum of e^(x[j] - max) over 16 virtual lanes, j in [from, from + n). */
  static float sumOfExp(int n, MemorySegment x, long from, float max) {
    long whole = VirtualLaneSums.whole(n);
    float sum = whole == 0 ? 0f : sumOfExpOfLane(whole, x, from, max, 0, 1);
    for (long j = from + whole; j < from + n; j++) {
      sum += MathReference.exp(x.getAtIndex(JAVA_FLOAT, j) - max);
    }
    return sum;
  }

  private static float sumOfExpOfLane(long n, MemorySegment x, long from, float max, int lane, int lanes) {
    if (lanes < VirtualLaneSums.LANES) {
      return sumOfExpOfLane(n, x, from, max, lane, 2 * lanes)
          + sumOfExpOfLane(n, x, from, max, lane + lanes, 2 * lanes);
    }
    float sum = 0f;
    for (long j = from + lane; j < from + n; j += VirtualLaneSums.LANES) {
      sum += MathReference.exp(x.getAtIndex(JAVA_FLOAT, j) - max);
    }
    return sum;
  }
}
