package dev.lanewise.kernels.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/** Scalar twins of {@code Softmax}: the fp32 ones have the same bits, those in double are the truth for bounds. */
public final class SoftmaxReference {
  private SoftmaxReference() {}

  /** y[i, j] = e^(x[i, j] - m_i) (1 / s_i), m_i the row's maximum, s_i the sum of its exponentials. */
  public static void forward(int rows, int cols, MemorySegment x, MemorySegment y) {
    for (int i = 0; i < rows; i++) {
      long row = (long) i * cols;
      float max = max(cols, x, row);
      for (long j = row; j < row + cols; j++) {
        y.setAtIndex(JAVA_FLOAT, j, MathReference.exp(x.getAtIndex(JAVA_FLOAT, j) - max));
      }
      float inverse = 1f / VirtualLaneSums.of(cols, y, row);
      for (long j = row; j < row + cols; j++) {
        y.setAtIndex(JAVA_FLOAT, j, y.getAtIndex(JAVA_FLOAT, j) * inverse);
      }
    }
  }

  /** dx = y (dy - sum over the row of y dy). */
  public static void backward(int rows, int cols, MemorySegment y, MemorySegment dy, MemorySegment dx) {
    for (int i = 0; i < rows; i++) {
      long row = (long) i * cols;
      float dot =
          VirtualLaneSums.of(
              cols,
              (sum, j) -> Math.fma(y.getAtIndex(JAVA_FLOAT, row + j), dy.getAtIndex(JAVA_FLOAT, row + j), sum));
      for (long j = row; j < row + cols; j++) {
        dx.setAtIndex(JAVA_FLOAT, j, y.getAtIndex(JAVA_FLOAT, j) * (dy.getAtIndex(JAVA_FLOAT, j) - dot));
      }
    }
  }

  /** y = (x - m) - log s. */
  public static void logForward(int rows, int cols, MemorySegment x, MemorySegment y) {
    for (int i = 0; i < rows; i++) {
      long row = (long) i * cols;
      float max = max(cols, x, row);
      float logSum = MathReference.log(sumOfExp(cols, x, row, max));
      for (long j = row; j < row + cols; j++) {
        y.setAtIndex(JAVA_FLOAT, j, x.getAtIndex(JAVA_FLOAT, j) - max - logSum);
      }
    }
  }

  /** dx = dy - e^y sum over the row of dy, one fma. */
  public static void logBackward(int rows, int cols, MemorySegment y, MemorySegment dy, MemorySegment dx) {
    for (int i = 0; i < rows; i++) {
      long row = (long) i * cols;
      float sum = VirtualLaneSums.of(cols, dy, row);
      for (long j = row; j < row + cols; j++) {
        float p = MathReference.exp(y.getAtIndex(JAVA_FLOAT, j));
        dx.setAtIndex(JAVA_FLOAT, j, Math.fma(-p, sum, dy.getAtIndex(JAVA_FLOAT, j)));
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

  /** Sum of e^(x[j] - max) over 16 virtual lanes. */
  static float sumOfExp(int n, MemorySegment x, long from, float max) {
    return VirtualLaneSums.of(n, (sum, j) -> sum + MathReference.exp(x.getAtIndex(JAVA_FLOAT, from + j) - max));
  }

  /** Softmax in double. */
  public static double[] forwardInDouble(int rows, int cols, MemorySegment x) {
    double[] y = logForwardInDouble(rows, cols, x);
    for (int i = 0; i < y.length; i++) {
      y[i] = Math.exp(y[i]);
    }
    return y;
  }

  /** Log-softmax in double. */
  public static double[] logForwardInDouble(int rows, int cols, MemorySegment x) {
    double[] y = new double[rows * cols];
    for (int i = 0; i < rows; i++) {
      int row = i * cols;
      double max = max(cols, x, row);
      double sum = 0;
      for (int j = row; j < row + cols; j++) {
        sum += Math.exp(x.getAtIndex(JAVA_FLOAT, j) - max);
      }
      for (int j = row; j < row + cols; j++) {
        y[j] = x.getAtIndex(JAVA_FLOAT, j) - max - Math.log(sum);
      }
    }
    return y;
  }
}
