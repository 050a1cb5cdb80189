package dev.lanewise.kernels;

import dev.lanewise.kernels.gemm.BatchedProduct;
import dev.lanewise.kernels.gemm.GemmPath;
import dev.lanewise.kernels.gemm.PackedProduct;
import dev.lanewise.kernels.gemm.Panels;
import dev.lanewise.kernels.gemm.StoredProduct;
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
 * 3.1); a bias adds one rounding. Where k is 0, C is what the chain starts from. {@code accumulate = false} never reads C.
 *
 * <table>
 *   <caption>IEEE edges</caption>
 *   <tr><th>kernel</th><th>NaN</th><th>infinity</th><th>zeros</th><th>overflow, underflow</th></tr>
 *   <tr><td>multiply, multiplyBatched, multiplyPacked</td><td>in A: its row of C; in B or the bias: its column; in C, where accumulating: its own element; of a batch: its entry alone</td><td>as NaN, but infinite; times 0, or beside one of the other sign: NaN</td><td>of either sign in A or B: +0; -0 only where the chain starts from a C of -0 and every product is -0, or k is 0</td><td>a chain that overflows on its way stays infinite or becomes NaN; subnormal sums are kept</td></tr>
 * </table>
 *
 * <p>Operands are native segments whose element (0, 0) is at their start; they need 4-byte alignment only, and 64 is fastest.
 * C may not overlap A, B or the bias. A call allocates nothing once its {@link Workers} have seen the largest shape.
 */
public final class Gemm {
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
    requireApart(n, a, sizeA, b, sizeB, c, sizeC, epilogue);
    if (m == 0 || n == 0) {
      return;
    }
    GemmPath path = GemmFamilies.path(transposeA, transposeB, m, n, k, lda, ldb, ldc, accumulate, epilogue);
    if (path == null) {
      GemmReference.fmaOrder(transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc, accumulate, epilogue);
      return;
    }
    workers.state(StoredProduct.KEY)
        .run(path, transposeA, transposeB, m, n, k, a, 0, lda, b, 0, ldb, c, 0, ldc, accumulate, epilogue, workers);
  }

  /**
   * Computes {@code C_e = op(A_e) op(B_e) (+ C_e)} for every entry e of a batch, each with the bits of {@link #multiply}: entry e of A begins
   * {@code e * strideA} floats after the first, and so for B and C. A stride of 0 gives all entries the same A or B. Entries may lie side by
   * side within the rows of a wider matrix, as the heads of attention do: a stride may be less than a leading dimension.
   *
   * @param batch entries, at least 0
   * @param transposeA false: each A is stored [m, k] with lda >= k; true: it is stored [k, m] with lda >= m
   * @param transposeB false: each B is stored [k, n] with ldb >= n; true: it is stored [n, k] with ldb >= k
   * @param m rows of each C, at least 0
   * @param n columns of each C, at least 0
   * @param k inner size, at least 0; 0 leaves the start of the chain and the epilogue
   * @param lda floats from one stored row of A to the next
   * @param strideA floats from one A to the next, at least 0; 0 for one A
   * @param ldb floats from one stored row of B to the next
   * @param strideB floats from one B to the next, at least 0; 0 for one B
   * @param c written at [m, n] of each entry only
   * @param ldc floats from one row of C to the next, at least n
   * @param strideC floats from one C to the next; no two entries may share an element
   * @param accumulate whether the chains start from C
   * @param epilogue of every entry; a bias is the same for all
   * @param workers the threads that share the entries, or the rows and columns of few large ones
   * @throws IllegalArgumentException as {@link #multiply}, or if a stride is negative or entries of C overlap each other; nothing has been
   *     written then
   */
  public static void multiplyBatched(
      int batch, boolean transposeA, boolean transposeB, int m, int n, int k,
      MemorySegment a, int lda, long strideA, MemorySegment b, int ldb, long strideB, MemorySegment c, int ldc, long strideC,
      boolean accumulate, Epilogue epilogue, Workers workers) {
    requireSizes(m, n, k);
    if (batch < 0) {
      throw new IllegalArgumentException("Gemm: a batch of " + batch + " entries; the number may not be negative");
    }
    long sizeA = requireBatch("A", a, batch, transposeA ? k : m, transposeA ? m : k, lda, strideA);
    long sizeB = requireBatch("B", b, batch, transposeB ? n : k, transposeB ? k : n, ldb, strideB);
    long sizeC = requireBatch("C", c, batch, m, n, ldc, strideC);
    requireEntriesApart(batch, m, n, ldc, strideC);
    requireApart(n, a, sizeA, b, sizeB, c, sizeC, epilogue);
    if (batch == 0 || m == 0 || n == 0) {
      return;
    }
    GemmPath path =
        GemmFamilies.path(
            batch, transposeA, transposeB, m, n, k, lda, strideA, ldb, strideB, ldc, strideC, accumulate, epilogue);
    if (path == null) {
      GemmReference.fmaOrderBatched(
          batch, transposeA, transposeB, m, n, k, a, lda, strideA, b, ldb, strideB, c, ldc, strideC, accumulate, epilogue);
      return;
    }
    workers.state(BatchedProduct.KEY)
        .run(
            path, batch, transposeA, transposeB, m, n, k, a, lda, strideA, b, ldb, strideB, c, ldc, strideC, accumulate, epilogue,
            workers);
  }

  /**
   * Computes {@code C = op(A) B (+ C)} with a B that was packed beforehand: the bits of {@link #multiply}, without the work of packing at each call.
   *
   * @param transposeA false: A is stored [m, k] with lda >= k; true: it is stored [k, m] with lda >= m; k is the number of rows of B
   * @param m rows of C, at least 0
   * @param lda floats from one stored row of A to the next
   * @param b the right factor as its last {@link PackedMatrix#pack} left it
   * @param c written at [m, n] only, n the number of columns of B
   * @param ldc floats from one row of C to the next, at least n
   * @param accumulate whether the chains start from C
   * @param workers the threads that share the rows and columns of C
   * @throws IllegalArgumentException as {@link #multiply}; nothing has been written then
   * @throws IllegalStateException if nothing has been packed, or the arena of B is closed
   */
  public static void multiplyPacked(
      boolean transposeA, int m, MemorySegment a, int lda, PackedMatrix b, MemorySegment c, int ldc, boolean accumulate, Epilogue epilogue,
      Workers workers) {
    b.requirePacked();
    int k = b.rows();
    int n = b.columns();
    requireSizes(m, n, k);
    long sizeA = requireMatrix("A", a, transposeA ? k : m, transposeA ? m : k, lda);
    long sizeC = requireMatrix("C", c, m, n, ldc);
    requireApart(n, a, sizeA, b.memory(), 0, c, sizeC, epilogue);
    if (m == 0 || n == 0) {
      return;
    }
    Panels panels = b.panels();
    if (panels != null) {
      workers.state(PackedProduct.KEY).run(transposeA, m, n, k, a, lda, panels, c, ldc, accumulate, epilogue, workers);
      return;
    }
    GemmPath path = GemmFamilies.path(transposeA, false, m, n, k, lda, n, ldc, accumulate, epilogue);
    if (path == null) {
      GemmReference.fmaOrder(transposeA, false, m, n, k, a, lda, b.memory(), n, c, ldc, accumulate, epilogue);
      return;
    }
    workers.state(StoredProduct.KEY)
        .run(path, transposeA, false, m, n, k, a, 0, lda, b.memory(), 0, n, c, 0, ldc, accumulate, epilogue, workers);
  }

  private static void requireApart(
      int n, MemorySegment a, long sizeA, MemorySegment b, long sizeB, MemorySegment c, long sizeC, Epilogue epilogue) {
    Segments.requireApart("Gemm", "C", c, sizeC, "A", a, sizeA);
    Segments.requireApart("Gemm", "C", c, sizeC, "B", b, sizeB);
    if (epilogue.hasBias()) {
      Segments.require("Gemm", "the bias", epilogue.bias(), n);
      Segments.requireApart("Gemm", "C", c, sizeC, "the bias", epilogue.bias(), n);
    }
  }

  private static long requireBatch(String name, MemorySegment segment, int batch, int rows, int columns, int ld, long stride) {
    if (stride < 0) {
      throw new IllegalArgumentException("Gemm: the entries of " + name + " are " + stride + " floats apart; it may not be negative");
    }
    if (batch == 0) {
      return 0;
    }
    long one = requireMatrix(name, segment, rows, columns, ld);
    // A stride beyond all memory must not overflow to a small size.
    long most = Long.MAX_VALUE >> 4;
    long size = one == 0 ? 0 : stride > most / batch ? most : (batch - 1) * stride + one;
    Segments.require("Gemm", name, segment, size);
    return size;
  }

  /** Entries d apart begin d strides apart; they meet where that is less than a row's width from a whole number of rows. */
  private static void requireEntriesApart(int batch, int m, int n, int ldc, long strideC) {
    long size = m == 0 || n == 0 ? 0 : (m - 1L) * ldc + n;
    for (long d = 1; d < batch && d * strideC < size; d++) {
      long rows = d * strideC / ldc;
      long beyond = d * strideC % ldc;
      if (beyond < n || (rows + 1 < m && ldc - beyond < n)) {
        throw new IllegalArgumentException(
            "Gemm: the entries of C overlap: entry " + d + " begins " + d * strideC + " floats after entry 0, which holds " + m + "x" + n
                + " with a leading dimension of " + ldc + "; give C a greater stride");
      }
    }
  }

  private static void requireSizes(int m, int n, int k) {
    if (m < 0 || n < 0 || k < 0) {
      throw new IllegalArgumentException("Gemm: sizes m = " + m + ", n = " + n + ", k = " + k + "; none may be negative");
    }
  }

  static long requireMatrix(String name, MemorySegment segment, int rows, int columns, int ld) {
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
