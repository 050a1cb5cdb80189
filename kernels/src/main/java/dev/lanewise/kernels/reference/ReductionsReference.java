package dev.lanewise.kernels.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/** Scalar twins of {@code Reductions}: the fp32 ones have the same bits, those in double are the truth for bounds. */
public final class ReductionsReference {
  private ReductionsReference() {}

  /** Sum of x over 32 virtual lanes. */
  public static float sum(long n, MemorySegment x) {
    return VirtualLaneSums.sum(2 * VirtualLaneSums.LANES, n, x, 0);
  }

  /** Sum of x[i] y[i] over 32 virtual lanes, one fma per product. */
  public static float dot(long n, MemorySegment x, MemorySegment y) {
    return VirtualLaneSums.dot(2 * VirtualLaneSums.LANES, n, x, y, 0);
  }

  /** y[j] = sum over rows i, ascending, of x[i, j]; one chain of adds that starts from +0, or from y when accumulating. */
  public static void columnSums(int rows, int cols, MemorySegment x, MemorySegment y, boolean accumulate) {
    for (int j = 0; j < cols; j++) {
      float sum = accumulate ? y.getAtIndex(JAVA_FLOAT, j) : 0f;
      for (int i = 0; i < rows; i++) {
        sum += x.getAtIndex(JAVA_FLOAT, (long) i * cols + j);
      }
      y.setAtIndex(JAVA_FLOAT, j, sum);
    }
  }

  /** Of each row the index of the first NaN if there is one, else of the first greatest element. */
  public static void argmax(int rows, int cols, MemorySegment x, MemorySegment indices) {
    for (int i = 0; i < rows; i++) {
      long row = (long) i * cols;
      int best = 0;
      float greatest = x.getAtIndex(JAVA_FLOAT, row);
      for (int j = 1; j < cols && !Float.isNaN(greatest); j++) {
        float value = x.getAtIndex(JAVA_FLOAT, row + j);
        if (value > greatest || Float.isNaN(value)) {
          greatest = value;
          best = j;
        }
      }
      indices.setAtIndex(JAVA_INT, i, best);
    }
  }

  /** Index of the first NaN or infinity, or -1. */
  public static long firstNonFinite(long n, MemorySegment x) {
    for (long i = 0; i < n; i++) {
      if (!Float.isFinite(x.getAtIndex(JAVA_FLOAT, i))) {
        return i;
      }
    }
    return -1;
  }

  /** Sum of x in double, ascending. */
  public static double sumInDouble(long n, MemorySegment x) {
    double sum = 0;
    for (long i = 0; i < n; i++) {
      sum += x.getAtIndex(JAVA_FLOAT, i);
    }
    return sum;
  }

  /** Sum of x[i] y[i] in double, ascending; each product is exact. */
  public static double dotInDouble(long n, MemorySegment x, MemorySegment y) {
    double sum = 0;
    for (long i = 0; i < n; i++) {
      sum += (double) x.getAtIndex(JAVA_FLOAT, i) * y.getAtIndex(JAVA_FLOAT, i);
    }
    return sum;
  }

  /** Column sums in double. */
  public static double[] columnSumsInDouble(int rows, int cols, MemorySegment x) {
    double[] sums = new double[cols];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) {
        sums[j] += x.getAtIndex(JAVA_FLOAT, (long) i * cols + j);
      }
    }
    return sums;
  }
}
