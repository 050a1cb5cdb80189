package dev.lanewise.kernels;

import dev.lanewise.kernels.gemm.Matrix;
import dev.lanewise.kernels.gemm.Product;
import dev.lanewise.kernels.gemm.RowProduct;
import dev.lanewise.kernels.gemm.InPlaceProduct;
import dev.lanewise.kernels.reference.GemmReference;
import java.lang.foreign.MemorySegment;

/**
 * Matrix product, fp32, row-major.
 *
 * <pre>C[m, n] = op(A)[m, k] op(B)[k, n] (+ C), then the epilogue</pre>
 *
 * <p>Order of operations: each element of C is one chain of fused multiply-adds over ascending k that starts from +0, or from C when
 * accumulating; so the bits depend neither on the vector width nor on blocking, threads or the place of a row. Error against
 * the exact product of the fp32 operands: {@code |c^ - c| <= gamma_k sum |a||b|} (plus |C| inside the sum when
 * accumulating), gamma_k = k u / (1 - k u), u = 2^-24 (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section
 * 3.1); a bias adds one rounding. NaN and infinities travel as IEEE 754 says. {@code accumulate = false} never reads C.
 *
 * <p>Operands are native segments whose element (0, 0) is at their start; they need 4-byte alignment only, and 64 is fastest.
 * C may not overlap A, B or the bias. A call allocates nothing once its {@link Workers} have seen the largest shape.
 */
public final class Gemm {
  private static final Workers.Key<Operands> OPERANDS = new Workers.Key<>(Operands::new);

  /** The matrices of a call, kept so that a call makes no objects. */
  private static final class Operands {
    final Matrix a = new Matrix();
    final Matrix b = new Matrix();
    final Matrix c = new Matrix();
  }

  private Gemm() {}

  /**
   * Computes {@code C = op(A) op(B) (+ C)}.
   *
   * @param transposeA false: A is stored [m, k] with lda >= k; true: it is stored [k, m] with lda >= m
   * @param transposeB false: B is stored [k, n] with ldb >= n; true: it is stored [n, k] with ldb >= k
   * @param m rows of C, at least 0
   * @param n columns of C, at least 0
   * @param k inner size, at least 0; 0 leaves the start of the chain and the epilogue
   * @param lda floats from one stored row of A to the next
   * @param ldb floats from one stored row of B to the next
   * @param c written at [m, n] only; what lies between its rows when ldc > n is left alone
   * @param ldc floats from one row of C to the next, at least n
   * @param accumulate whether the chains start from C
   * @param workers the threads that share the rows and columns of C
   * @throws IllegalArgumentException if a size is negative, a leading dimension is less than its row, a segment is too small, on the
   *     heap or misaligned, or C overlaps an operand; nothing has been written then
   */
  public static void multiply(
      boolean transposeA, boolean transposeB, int m, int n, int k,
      MemorySegment a, int lda, MemorySegment b, int ldb, MemorySegment c, int ldc,
      boolean accumulate, Epilogue epilogue, Workers workers) {
    requireSizes(m, n, k);
    long sizeA = requireMatrix("A", a, transposeA ? k : m, transposeA ? m : k, lda);
    long sizeB = requireMatrix("B", b, transposeB ? n : k, transposeB ? k : n, ldb);
    long sizeC = requireMatrix("C", c, m, n, ldc);
    Segments.requireApart("Gemm", "C", c, sizeC, "A", a, sizeA);
    Segments.requireApart("Gemm", "C", c, sizeC, "B", b, sizeB);
    if (epilogue.hasBias()) {
      Segments.require("Gemm", "the bias", epilogue.bias(), n);
      Segments.requireApart("Gemm", "C", c, sizeC, "the bias", epilogue.bias(), n);
    }
    if (m == 0 || n == 0) {
      return;
    }
    if (!Checked.OfGemm.VECTORS) {
      GemmReference.fmaOrder(transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc, accumulate, epilogue);
      return;
    }
    if (m <= RowProduct.MAX_ROWS) {
      workers.state(RowProduct.KEY).run(transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc, accumulate, epilogue, workers);
      return;
    }
    if (!transposeB && InPlaceProduct.suits(n, k, accumulate)) {
      workers.state(InPlaceProduct.KEY).run(transposeA, m, n, k, a, lda, b, ldb, c, ldc, accumulate, epilogue, workers);
      return;
    }
    Operands operands = workers.state(OPERANDS);
    operands.a.set(a, lda, transposeA, k);
    operands.b.set(b, ldb, transposeB, k);
    operands.c.set(c, ldc, false, k);
    workers.state(Product.KEY)
        .begin()
        .add(m, n, k, operands.a, operands.b, operands.c)
        .run(c, accumulate, epilogue, workers);
    operands.a.clear();
    operands.b.clear();
    operands.c.clear();
  }

  private static void requireSizes(int m, int n, int k) {
    if (m < 0 || n < 0 || k < 0) {
      throw new IllegalArgumentException("Gemm: sizes m = " + m + ", n = " + n + ", k = " + k + "; none may be negative");
    }
  }

  private static long requireMatrix(String name, MemorySegment segment, int rows, int columns, int ld) {
    if (ld < columns) {
      throw new IllegalArgumentException(
          "Gemm: " + name + " is stored " + rows + "x" + columns + " but its leading dimension is " + ld
              + "; it must be at least " + columns);
    }
    long size = rows == 0 || columns == 0 ? 0 : (rows - 1L) * ld + columns;
    Segments.require("Gemm", name, segment, size);
    return size;
  }
}
