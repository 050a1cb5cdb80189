package dev.lanewise.kernels.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.lanewise.kernels.Epilogue;
import java.lang.foreign.MemorySegment;

/**
 * Scalar twins of {@link dev.lanewise.kernels.Gemm}: the formula as three loops. Arguments are those of the door, unchecked.
 */
public final class GemmReference {
  private GemmReference() {}

  /** The fp32 twin: one fma chain over ascending k for each element, and so the same bits as the fast kernel. */
  public static void fmaOrder(
      boolean transposeA, boolean transposeB, int m, int n, int k,
      MemorySegment a, int lda, MemorySegment b, int ldb, MemorySegment c, int ldc,
      boolean accumulate, Epilogue epilogue) {
    entry(transposeA, transposeB, m, n, k, a, 0, lda, b, 0, ldb, c, 0, ldc, accumulate, epilogue);
  }

  /** The same for each entry of a batch, entry e of an operand e strides after the first. */
  public static void fmaOrderBatched(
      int batch, boolean transposeA, boolean transposeB, int m, int n, int k,
      MemorySegment a, int lda, long strideA, MemorySegment b, int ldb, long strideB, MemorySegment c, int ldc, long strideC,
      boolean accumulate, Epilogue epilogue) {
    for (int e = 0; e < batch; e++) {
      entry(
          transposeA, transposeB, m, n, k, a, e * strideA, lda, b, e * strideB, ldb, c, e * strideC, ldc, accumulate, epilogue);
    }
  }

  private static void entry(
      boolean transposeA, boolean transposeB, int m, int n, int k,
      MemorySegment a, long aAt, int lda, MemorySegment b, long bAt, int ldb, MemorySegment c, long cAt, int ldc,
      boolean accumulate, Epilogue epilogue) {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        long at = cAt + (long) i * ldc + j;
        float sum = accumulate ? get(c, at) : 0f;
        for (int p = 0; p < k; p++) {
          float x = get(a, aAt + (transposeA ? (long) p * lda + i : (long) i * lda + p));
          float y = get(b, bAt + (transposeB ? (long) j * ldb + p : (long) p * ldb + j));
          sum = Math.fma(x, y, sum);
        }
        c.set(JAVA_FLOAT_UNALIGNED, 4 * at, finish(sum, j, epilogue));
      }
    }
  }

  /** Copies op(B) [k, n] row by row. */
  public static void pack(boolean transposeB, int k, int n, MemorySegment b, int ldb, MemorySegment copy) {
    for (int p = 0; p < k; p++) {
      for (int j = 0; j < n; j++) {
        copy.set(JAVA_FLOAT_UNALIGNED, 4 * ((long) p * n + j), get(b, transposeB ? (long) j * ldb + p : (long) p * ldb + j));
      }
    }
  }

  /**
   * The truth for bounds: the product in double, without C or epilogue, as m x n doubles. Products of floats are exact in double, so its
   * own error is at most gamma_k in double, 2^29 times below the fp32 bound.
   */
  public static double[] inDouble(
      boolean transposeA, boolean transposeB, int m, int n, int k, MemorySegment a, int lda, MemorySegment b, int ldb) {
    return sums(transposeA, transposeB, m, n, k, a, lda, b, ldb, false);
  }

  /** The sum of |a||b| over k for each element: what the error bound scales. */
  public static double[] sumOfAbsoluteProducts(
      boolean transposeA, boolean transposeB, int m, int n, int k, MemorySegment a, int lda, MemorySegment b, int ldb) {
    return sums(transposeA, transposeB, m, n, k, a, lda, b, ldb, true);
  }

  private static double[] sums(
      boolean transposeA, boolean transposeB, int m, int n, int k,
      MemorySegment a, int lda, MemorySegment b, int ldb, boolean absolute) {
    double[] sums = new double[m * n];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int p = 0; p < k; p++) {
          double x = transposeA ? get(a, (long) p * lda + i) : get(a, (long) i * lda + p);
          double y = transposeB ? get(b, (long) j * ldb + p) : get(b, (long) p * ldb + j);
          sum += absolute ? Math.abs(x * y) : x * y;
        }
        sums[i * n + j] = sum;
      }
    }
    return sums;
  }

  /** Bias, then ReLU, of an element in column j. */
  static float finish(float sum, int j, Epilogue epilogue) {
    float y = epilogue.hasBias() ? sum + get(epilogue.bias(), j) : sum;
    return epilogue.relu() ? Math.max(y, 0f) : y;
  }

  private static float get(MemorySegment s, long index) {
    return s.get(JAVA_FLOAT_UNALIGNED, 4 * index);
  }
}
