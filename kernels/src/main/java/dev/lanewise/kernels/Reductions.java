package dev.lanewise.kernels;

import dev.lanewise.kernels.reduction.ColumnSumsTask;
import dev.lanewise.kernels.reduction.ReductionsVector;
import dev.lanewise.kernels.reduction.SumKernel;
import dev.lanewise.kernels.reference.ReductionsReference;
import java.lang.foreign.MemorySegment;

/**
 * Sums, dot products and searches.
 *
 * <p>Order of operations of {@link #sum}, {@link #dot} and {@link #sumOfSquares}: in the whole groups of 32, element i belongs to virtual lane i
 * mod 32; each lane adds its elements in ascending order to +0, then a tree adds the lanes: lane j += lane j + 16, then + 8, + 4, + 2, + 1. The rest
 * of fewer than 32 is added to the tree's root, one after another. So the bits are the same at every vector width, and a sum of n passes
 * through at most {@code d = floor(n / 32) + 5 + n mod 32} roundings (n of them where n is below 32): {@code |s^ - s| <= gamma_d sum |x|}, gamma_d
 * = d u / (1 - d u), u = 2^-24 (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 4.2). A dot product has one fma per
 * product, hence the same d over {@code sum |x y|}, plus half of the least float for each product that underflows.
 *
 * <p>Kernels that sum along the rows of a matrix do so over 16 lanes in the same order, hence {@code d = floor(n / 16) + 4 + n mod 16}: rows are short, and many.
 *
 * <table>
 *   <caption>IEEE edges</caption>
 *   <tr><th>kernel</th><th>NaN</th><th>infinity</th><th>zeros</th><th>overflow, underflow</th></tr>
 *   <tr><td>sum, dot, sumOfSquares</td><td>NaN</td><td>infinite; of both signs, or by 0: NaN</td><td>of nothing, or of zeros of either sign: +0</td><td>an intermediate sum beyond the largest float: infinite or NaN; squares overflow from 1.8e19 on</td></tr>
 *   <tr><td>columnSums</td><td>its column NaN</td><td>its column, as sum</td><td>as sum</td><td>as sum</td></tr>
 *   <tr><td>argmax</td><td>the first one wins</td><td>-infinity alone: the first</td><td>either sign equal: the first</td><td>never: nothing is computed</td></tr>
 *   <tr><td>firstNonFinite</td><td>found</td><td>found</td><td>passed over, as are subnormals</td><td>never: nothing is computed</td></tr>
 * </table>
 *
 * <p>Operands are native segments, aligned to 4 bytes. A call allocates nothing.
 */
public final class Reductions {
  private Reductions() {}

  /**
   * Sum of x[0, n).
   *
   * @throws IllegalArgumentException if n is negative or x is on the heap, too short or misaligned
   */
  public static float sum(long n, MemorySegment x) {
    Segments.require("sum", "x", x, n);
    return Family.REDUCTIONS_SUM.vectors() ? SumKernel.sum(n, x) : ReductionsReference.sum(n, x);
  }

  /**
   * Sum of x[i] y[i] over i in [0, n).
   *
   * @throws IllegalArgumentException as {@link #sum}
   */
  public static float dot(long n, MemorySegment x, MemorySegment y) {
    Segments.require("dot", "x", x, n);
    Segments.require("dot", "y", y, n);
    return Family.REDUCTIONS_DOT.vectors() ? SumKernel.dot(n, x, y) : ReductionsReference.dot(n, x, y);
  }

  /**
   * Sum of x[i]^2 over i in [0, n): the square of a gradient's norm. Infinite from norms of 1.8e19 on.
   *
   * @throws IllegalArgumentException as {@link #sum}
   */
  public static float sumOfSquares(long n, MemorySegment x) {
    Segments.require("sumOfSquares", "x", x, n);
    return Family.REDUCTIONS_DOT.vectors() ? SumKernel.dot(n, x, x) : ReductionsReference.dot(n, x, x);
  }

  /**
   * y[j] = sum over i of x[i, j], (+ y[j]).
   *
   * <p>Each column is one chain of adds over ascending rows that starts from +0, or from y when accumulating; so |error| &lt;= gamma_rows
   * sum |x| (|y| inside the sum when accumulating).
   *
   * @param x rows by cols, row-major
   * @param y cols floats, apart from x; not read unless accumulating
   * @param workers share the columns, so the bits do not depend on them
   * @throws IllegalArgumentException if a size is negative, a segment is on the heap, too short or misaligned, or y overlaps x
   */
  public static void columnSums(
      int rows, int cols, MemorySegment x, MemorySegment y, boolean accumulate, Workers workers) {
    long n = Shapes.elements("columnSums", rows, cols);
    Segments.require("columnSums", "x", x, n);
    Segments.require("columnSums", "y", y, cols);
    Segments.requireApart("columnSums", "y", y, cols, "x", x, n);
    if (Family.REDUCTIONS_COLUMN_SUMS.vectors()) {
      workers.state(ColumnSumsTask.KEY).sum(rows, cols, x, y, accumulate, workers);
    } else {
      ReductionsReference.columnSums(rows, cols, x, y, accumulate);
    }
  }

  /**
   * Of each row the index of its greatest element: of its first NaN if it has one, else of the first that nothing exceeds (zeros of
   * either sign are equal).
   *
   * @param x rows by cols, row-major, cols at least 1
   * @param indices rows ints, apart from x
   * @throws IllegalArgumentException if a row is empty, a segment is on the heap, too short or misaligned, or the indices overlap x
   */
  public static void argmax(int rows, int cols, MemorySegment x, MemorySegment indices) {
    long n = Shapes.elementsOfFilledRows("argmax", rows, cols);
    Segments.require("argmax", "x", x, n);
    Segments.require("argmax", "the index array", indices, rows);
    Segments.requireApart("argmax", "the index array", indices, rows, "x", x, n);
    if (Family.REDUCTIONS_ARGMAX.vectors()) {
      ReductionsVector.argmax(rows, cols, x, indices);
    } else {
      ReductionsReference.argmax(rows, cols, x, indices);
    }
  }

  /**
   * Index of the first NaN or infinity in x[0, n), or -1.
   *
   * @throws IllegalArgumentException as {@link #sum}
   */
  public static long firstNonFinite(long n, MemorySegment x) {
    Segments.require("firstNonFinite", "x", x, n);
    return Family.REDUCTIONS_FIRST_NON_FINITE.vectors() ? ReductionsVector.firstNonFinite(n, x) : ReductionsReference.firstNonFinite(n, x);
  }
}
