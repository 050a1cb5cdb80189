package dev.lanewise.kernels;

import dev.lanewise.kernels.reference.SoftmaxReference;
import dev.lanewise.kernels.softmax.SoftmaxTask;
import dev.lanewise.kernels.softmax.SoftmaxTask.Function;
import java.lang.foreign.MemorySegment;

/**
 * Softmax and log-softmax along the rows of a matrix.
 *
 * <pre>
 * m = max_j x[j]    s = sum_j e^(x[j] - m)    y[j] = e^(x[j] - m) / s    log y[j] = (x[j] - m) - log s
 * </pre>
 *
 * <p>Order of operations: s is summed over 16 virtual lanes (see {@link Reductions}), the quotient is a product with 1 / s. Error, with
 * d as there for n = cols, u = 2^-24 and the spread D = max |x[j] - m|, subnormal exponentials apart:
 *
 * <ul>
 *   <li>softmax: {@code |y^ - y| <= gamma_(d + 2 D + 10) y}: the rounded argument x - m perturbs an exponential by a relative D u, twice
 *       (numerator and sum), each exp adds less than 1 ulp (0.91), that is 2 u, and the reciprocal, the product and second-order terms the rest;
 *   <li>log-softmax: {@code |y^ - y| <= gamma_(d + 2 D + 10) + gamma_4 (|x - m| + log s)}.
 * </ul>
 *
 * Exponentials below the least normal float are exact to half of the least float only.
 *
 * <table>
 *   <caption>IEEE edges</caption>
 *   <tr><th>kernel</th><th>NaN</th><th>infinity</th><th>zeros</th><th>overflow, underflow</th></tr>
 *   <tr><td>forward</td><td>the whole row NaN</td><td>+infinity, or nothing but -infinity: the whole row NaN; -infinity beside numbers: y = 0</td><td>a row of equal elements: 1 / cols each</td><td>never overflows, since x - m is at most 0; subnormal where x - m is below -87.3, 0 below -103.97</td></tr>
 *   <tr><td>logSoftmax</td><td>the whole row NaN</td><td>+infinity, or nothing but -infinity: the whole row NaN; -infinity beside numbers: y = -infinity</td><td>a row of equal elements: -log cols each</td><td>never</td></tr>
 *   <tr><td>backward</td><td>in y or dy: the whole row NaN</td><td>in dy: nothing finite in the row</td><td>a dy of zeros: zeros</td><td>as the sum and the products</td></tr>
 *   <tr><td>logSoftmaxBackward</td><td>in dy: the whole row NaN; in y: its own element</td><td>in dy: nothing finite in the row; y = -infinity: dx = dy</td><td>a dy of zeros: zeros</td><td>as the sum and the products</td></tr>
 * </table>
 *
 * <p>The rows are independent and the bits depend neither on width nor threads. Results may be the very memory of an operand
 * unless a method says otherwise; any other overlap is refused. Operands are native segments,
 * aligned to 4 bytes, row-major. A call allocates nothing. No rows or no columns: nothing happens.
 */
public final class Softmax {
  private Softmax() {}

  /**
   * y = softmax(x) along each row.
   *
   * @param x rows by cols
   * @param y rows by cols; may be x
   * @param workers share the rows of large matrices
   * @throws IllegalArgumentException if a size is negative, a segment is on the heap, too short or misaligned, or y overlaps x without
   *     being it
   */
  public static void forward(int rows, int cols, MemorySegment x, MemorySegment y, Workers workers) {
    require("softmax", rows, cols, x, y);
    if (Family.SOFTMAX_FORWARD.vectors()) {
      workers.state(SoftmaxTask.KEY).forward(Function.FORWARD, rows, cols, x, y, workers);
    } else {
      SoftmaxReference.forward(0, rows, cols, x, y);
    }
  }

  /**
   * dx[j] = y[j] (dy[j] - sum_k y[k] dy[k]); |error| &lt;= gamma_(d + 2) y[j] (|dy[j]| + sum_k y[k] |dy[k]|) for the y given.
   *
   * @param y what {@link #forward} gave
   * @param dx may be dy or y
   * @throws IllegalArgumentException as {@link #forward}
   */
  public static void backward(
      int rows, int cols, MemorySegment y, MemorySegment dy, MemorySegment dx, Workers workers) {
    require("softmaxBackward", rows, cols, y, dy, dx);
    if (Family.SOFTMAX_BACKWARD.vectors()) {
      workers.state(SoftmaxTask.KEY).backward(Function.BACKWARD, rows, cols, y, dy, dx, workers);
    } else {
      SoftmaxReference.backward(0, rows, cols, y, dy, dx);
    }
  }

  /**
   * y = log softmax(x) along each row.
   *
   * @param y may be x
   * @throws IllegalArgumentException as {@link #forward}
   */
  public static void logSoftmax(int rows, int cols, MemorySegment x, MemorySegment y, Workers workers) {
    require("logSoftmax", rows, cols, x, y);
    if (Family.SOFTMAX_LOG_SOFTMAX.vectors()) {
      workers.state(SoftmaxTask.KEY).forward(Function.LOG_FORWARD, rows, cols, x, y, workers);
    } else {
      SoftmaxReference.logForward(0, rows, cols, x, y);
    }
  }

  /**
   * dx[j] = dy[j] - e^y[j] sum_k dy[k]; |error| &lt;= gamma_(d + 3) (|dy[j]| + e^y[j] sum_k |dy[k]|) for the y given.
   *
   * @param y what {@link #logSoftmax} gave
   * @param dx may be y, not dy
   * @throws IllegalArgumentException as {@link #forward}
   */
  public static void logSoftmaxBackward(
      int rows, int cols, MemorySegment y, MemorySegment dy, MemorySegment dx, Workers workers) {
    require("logSoftmaxBackward", rows, cols, y, dy, dx);
    long n = (long) rows * cols;
    Segments.requireApart("logSoftmaxBackward", "dx", dx, n, "dy", dy, n);
    if (Family.SOFTMAX_LOG_SOFTMAX_BACKWARD.vectors()) {
      workers.state(SoftmaxTask.KEY).backward(Function.LOG_BACKWARD, rows, cols, y, dy, dx, workers);
    } else {
      SoftmaxReference.logBackward(0, rows, cols, y, dy, dx);
    }
  }

  private static void require(String door, int rows, int cols, MemorySegment x, MemorySegment y) {
    long n = Shapes.elements(door, rows, cols);
    Segments.require(door, "x", x, n);
    Segments.require(door, "y", y, n);
    Segments.requireSameOrApart(door, "y", y, "x", x, n);
  }

  private static void require(
      String door, int rows, int cols, MemorySegment y, MemorySegment dy, MemorySegment dx) {
    long n = Shapes.elements(door, rows, cols);
    Segments.require(door, "y", y, n);
    Segments.require(door, "dy", dy, n);
    Segments.require(door, "dx", dx, n);
    Segments.requireSameOrApart(door, "dx", dx, "y", y, n);
    Segments.requireSameOrApart(door, "dx", dx, "dy", dy, n);
  }
}
