package dev.lanewise.kernels.testkit;

import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Gemm;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.reference.GemmReference;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * One matrix product to be computed in several ways: sizes, storage and operands; C starts as numbers or as NaN.
 *
 * @param lda and ldb, ldc: leading dimensions, at least what the storage needs
 * @param c what C holds on entry, m x ldc floats
 */
public record Problem(
    boolean transposeA, boolean transposeB, int m, int n, int k, int lda, int ldb, int ldc,
    float[] a, float[] b, float[] c, float[] bias, boolean addBias, boolean relu, boolean accumulate) {

  /** Fills a, b, c and the bias; without accumulation C is NaN, to show any read of it. */
  public static Problem of(
      boolean transposeA, boolean transposeB, int m, int n, int k, int slack,
      boolean addBias, boolean relu, boolean accumulate, IntFunction<float[]> numbers) {
    int lda = (transposeA ? m : k) + slack;
    int ldb = (transposeB ? k : n) + slack;
    int ldc = n + slack;
    float[] c = numbers.apply(m * ldc);
    if (!accumulate) {
      Arrays.fill(c, Float.NaN);
    }
    return new Problem(
        transposeA, transposeB, m, n, k, lda, ldb, ldc,
        numbers.apply((transposeA ? k : m) * lda), numbers.apply((transposeB ? n : k) * ldb), c,
        numbers.apply(n), addBias, relu, accumulate);
  }

  public Epilogue epilogue() {
    Epilogue epilogue = addBias ? Epilogue.bias(Data.segment(bias)) : Epilogue.NONE;
    return relu ? epilogue.withRelu() : epilogue;
  }

  /** Runs the door. */
  public Guarded multiply(Workers workers) {
    Guarded out = Guarded.of(c);
    Gemm.multiply(
        transposeA, transposeB, m, n, k, Data.segment(a), lda, Data.segment(b), ldb, out.segment(), ldc,
        accumulate, epilogue(), workers);
    return out;
  }

  /** Runs the fp32 twin. */
  public Guarded fmaOrder() {
    Guarded out = Guarded.of(c);
    GemmReference.fmaOrder(
        transposeA, transposeB, m, n, k, Data.segment(a), lda, Data.segment(b), ldb, out.segment(), ldc,
        accumulate, epilogue());
    return out;
  }

  public double[] inDouble() {
    return GemmReference.inDouble(transposeA, transposeB, m, n, k, Data.segment(a), lda, Data.segment(b), ldb);
  }

  public double[] sumOfAbsoluteProducts() {
    return GemmReference.sumOfAbsoluteProducts(
        transposeA, transposeB, m, n, k, Data.segment(a), lda, Data.segment(b), ldb);
  }

  /** The m x n elements of an output, without what lies between its rows. */
  public float[] elements(Guarded out) {
    float[] all = out.floats();
    float[] elements = new float[m * n];
    for (int i = 0; i < m; i++) {
      System.arraycopy(all, i * ldc, elements, i * n, n);
    }
    return elements;
  }

  /** The same product with the factors exchanged and transposed: C' = B' A', computed into a dense C'. */
  public float[] transposedProduct(Workers workers) {
    Guarded out = Guarded.nanFilled(m * n);
    MemorySegment left = Data.segment(b);
    MemorySegment right = Data.segment(a);
    Gemm.multiply(
        !transposeB, !transposeA, n, m, k, left, ldb, right, lda, out.segment(), m, false, Epilogue.NONE, workers);
    float[] elements = new float[m * n];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        elements[i * n + j] = out.floats()[j * m + i];
      }
    }
    return elements;
  }
}
