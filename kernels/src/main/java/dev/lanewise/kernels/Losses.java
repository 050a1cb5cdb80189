package dev.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.kernels.loss.LossRows;
import dev.lanewise.kernels.loss.LossRows.Loss;
import dev.lanewise.kernels.loss.LossesTask;
import java.lang.foreign.MemorySegment;

/**
 * Losses of n predictions, one number per row, with or without their gradients.
 *
 * <p>With m and s of a row as in {@link Softmax} and t the targets:
 *
 * <pre>
 * sparse cross-entropy   log s - (x[label] - m)                                     gradient  (softmax(x) - onehot(label)) scale
 * cross-entropy          sum_j t[j] (log s - (x[j] - m))                            gradient  (softmax(x) sum_j t[j] - t) scale
 * binary cross-entropy   mean_j max(x[j], 0) - x[j] t[j] + log(1 + e^-|x[j]|)       gradient  (sigmoid(x) - t) (scale / cols)
 * squared error          mean_j (x[j] - t[j])^2                                     gradient  (x - t) (2 scale / cols)
 * </pre>
 *
 * The gradient is that of {@code scale} times the row's loss: a scale of 1 / rows gives the gradient of the mean over rows. Cross-entropies
 * take logits, from which they are exact where probabilities would have vanished or become 1; squared error takes predictions.
 *
 * <p>Order of operations: sums over 16 virtual lanes (see {@link Reductions}), those of binary cross-entropy's linear and logarithmic
 * parts apart, so the bits depend neither on width nor threads. Errors,
 * with d as there for n = cols, u = 2^-24 and D the spread max |x[j] - m|:
 *
 * <ul>
 *   <li>sparse cross-entropy {@code gamma_(d + 2 D + 10) + gamma_4 (|x[label] - m| + log s)};
 *   <li>cross-entropy the same, its second term with |x[j] - m|, times {@code t[j]}, summed over j, plus {@code gamma_d} times the sum of absolute terms;
 *   <li>binary cross-entropy {@code gamma_(d + 8)} times the mean of {@code |x| (1 + |t|) + log(1 + e^-|x|)};
 *   <li>squared error {@code gamma_(d + 3)} times itself.
 * </ul>
 *
 * <table>
 *   <caption>IEEE edges</caption>
 *   <tr><th>kernel</th><th>NaN</th><th>infinity</th><th>zeros</th><th>overflow, underflow</th></tr>
 *   <tr><td>sparseCrossEntropy</td><td>loss and gradient of the row NaN</td><td>+infinity, or nothing but -infinity: NaN; the label -infinity beside numbers: +infinity; another: as if it were not there</td><td>equal logits: log cols</td><td>never overflows</td></tr>
 *   <tr><td>crossEntropy</td><td>in a logit or a target: loss and gradient of the row NaN</td><td>as above; a target of 0 beside a logit of -infinity: NaN</td><td>targets of zeros: loss and gradient 0</td><td>as the products with the targets</td></tr>
 *   <tr><td>binaryCrossEntropy</td><td>in a logit or a target: the loss of the row NaN</td><td>in a logit: the loss NaN</td><td>a logit of 0: log 2</td><td>never overflows</td></tr>
 *   <tr><td>squaredError</td><td>the loss of the row NaN, and its own element of the gradient</td><td>the loss +infinity, its own element of the gradient infinite</td><td>y = t: loss and gradient 0</td><td>+infinity where (y - t)^2 exceeds the largest float, from 1.8e19 on</td></tr>
 * </table>
 *
 * <p>The gradient may be the very memory of the logits; any other overlap of a result with an operand is refused. Operands are native
 * segments, aligned to 4 bytes, row-major. A call allocates nothing.
 */
public final class Losses {
  private static final MemorySegment NO_GRADIENT = MemorySegment.NULL;

  private Losses() {}

  /**
   * Cross-entropy of a softmax against class labels, and its gradient.
   *
   * @param logits rows by cols, cols at least 1
   * @param labels rows ints in [0, cols)
   * @param losses receives rows floats
   * @param gradient receives rows by cols floats; may be the logits
   * @param gradientScale what the gradient is multiplied by
   * @param workers share the rows of large matrices
   * @throws IllegalArgumentException if a row is empty, a label is out of range (the message says where), a segment is on the heap, too
   *     short or misaligned, or a result overlaps what it may not; nothing has been written then
   */
  public static void sparseCrossEntropy(
      int rows, int cols, MemorySegment logits, MemorySegment labels, MemorySegment losses, MemorySegment gradient,
      float gradientScale, Workers workers) {
    requireSparse(rows, cols, logits, labels, losses);
    requireGradient("sparseCrossEntropy", rows, cols, logits, labels, rows, losses, gradient);
    run(Loss.SPARSE_CROSS_ENTROPY, rows, cols, logits, labels, losses, gradient, gradientScale, workers);
  }

  /**
   * Cross-entropy of a softmax against class labels.
   *
   * @throws IllegalArgumentException as the one with a gradient
   */
  public static void sparseCrossEntropy(
      int rows, int cols, MemorySegment logits, MemorySegment labels, MemorySegment losses, Workers workers) {
    requireSparse(rows, cols, logits, labels, losses);
    run(Loss.SPARSE_CROSS_ENTROPY, rows, cols, logits, labels, losses, NO_GRADIENT, 0f, workers);
  }

  /**
   * Cross-entropy of a softmax against target probabilities, and its gradient.
   *
   * @param targets rows by cols floats; rows that do not add up to 1 are legal
   * @throws IllegalArgumentException as {@link #sparseCrossEntropy}
   */
  public static void crossEntropy(
      int rows, int cols, MemorySegment logits, MemorySegment targets, MemorySegment losses, MemorySegment gradient,
      float gradientScale, Workers workers) {
    requireDense("crossEntropy", rows, cols, logits, targets, losses);
    requireGradient("crossEntropy", rows, cols, logits, targets, (long) rows * cols, losses, gradient);
    run(Loss.CROSS_ENTROPY, rows, cols, logits, targets, losses, gradient, gradientScale, workers);
  }

  /**
   * Cross-entropy of a softmax against target probabilities.
   *
   * @throws IllegalArgumentException as {@link #sparseCrossEntropy}
   */
  public static void crossEntropy(
      int rows, int cols, MemorySegment logits, MemorySegment targets, MemorySegment losses, Workers workers) {
    requireDense("crossEntropy", rows, cols, logits, targets, losses);
    run(Loss.CROSS_ENTROPY, rows, cols, logits, targets, losses, NO_GRADIENT, 0f, workers);
  }

  /**
   * Cross-entropy of sigmoids against target probabilities, mean over the columns, and its gradient.
   *
   * @param targets rows by cols floats, in [0, 1] by their meaning, which is not checked
   * @throws IllegalArgumentException as {@link #sparseCrossEntropy}
   */
  public static void binaryCrossEntropy(
      int rows, int cols, MemorySegment logits, MemorySegment targets, MemorySegment losses, MemorySegment gradient,
      float gradientScale, Workers workers) {
    requireDense("binaryCrossEntropy", rows, cols, logits, targets, losses);
    requireGradient("binaryCrossEntropy", rows, cols, logits, targets, (long) rows * cols, losses, gradient);
    run(Loss.BINARY_CROSS_ENTROPY, rows, cols, logits, targets, losses, gradient, gradientScale, workers);
  }

  /**
   * Cross-entropy of sigmoids against target probabilities, mean over the columns.
   *
   * @throws IllegalArgumentException as {@link #sparseCrossEntropy}
   */
  public static void binaryCrossEntropy(
      int rows, int cols, MemorySegment logits, MemorySegment targets, MemorySegment losses, Workers workers) {
    requireDense("binaryCrossEntropy", rows, cols, logits, targets, losses);
    run(Loss.BINARY_CROSS_ENTROPY, rows, cols, logits, targets, losses, NO_GRADIENT, 0f, workers);
  }

  /**
   * Mean of squared differences over the columns, and its gradient.
   *
   * @param y rows by cols predictions
   * @param gradient receives rows by cols floats; may be y
   * @throws IllegalArgumentException as {@link #sparseCrossEntropy}
   */
  public static void squaredError(
      int rows, int cols, MemorySegment y, MemorySegment targets, MemorySegment losses, MemorySegment gradient,
      float gradientScale, Workers workers) {
    requireDense("squaredError", rows, cols, y, targets, losses);
    requireGradient("squaredError", rows, cols, y, targets, (long) rows * cols, losses, gradient);
    run(Loss.SQUARED_ERROR, rows, cols, y, targets, losses, gradient, gradientScale, workers);
  }

  /**
   * Mean of squared differences over the columns.
   *
   * @throws IllegalArgumentException as {@link #sparseCrossEntropy}
   */
  public static void squaredError(
      int rows, int cols, MemorySegment y, MemorySegment targets, MemorySegment losses, Workers workers) {
    requireDense("squaredError", rows, cols, y, targets, losses);
    run(Loss.SQUARED_ERROR, rows, cols, y, targets, losses, NO_GRADIENT, 0f, workers);
  }

  private static void run(
      Loss loss, int rows, int cols, MemorySegment x, MemorySegment targets, MemorySegment losses,
      MemorySegment gradient, float scale, Workers workers) {
    if (Family.of(loss).vectors()) {
      workers.state(LossesTask.KEY).run(loss, rows, cols, x, targets, losses, gradient, scale, workers);
    } else {
      LossRows.twin(loss, 0, rows, cols, x, targets, losses, gradient, scale);
    }
  }

  private static void requireSparse(
      int rows, int cols, MemorySegment logits, MemorySegment labels, MemorySegment losses) {
    String door = "sparseCrossEntropy";
    requireCommon(door, rows, cols, logits, labels, rows, losses);
    for (int i = 0; i < rows; i++) {
      int label = labels.getAtIndex(JAVA_INT, i);
      if (label < 0 || label >= cols) {
        throw new IllegalArgumentException(
            door + ": the label of row " + i + " is " + label + " but there are " + cols + " classes");
      }
    }
  }

  private static void requireDense(
      String door, int rows, int cols, MemorySegment x, MemorySegment targets, MemorySegment losses) {
    requireCommon(door, rows, cols, x, targets, (long) rows * cols, losses);
  }

  private static void requireCommon(
      String door, int rows, int cols, MemorySegment x, MemorySegment targets, long targetElements,
      MemorySegment losses) {
    long n = Shapes.elementsOfFilledRows(door, rows, cols);
    Segments.require(door, "x", x, n);
    Segments.require(door, "the target array", targets, targetElements);
    Segments.require(door, "the loss array", losses, rows);
    Segments.requireApart(door, "the loss array", losses, rows, "x", x, n);
    Segments.requireApart(door, "the loss array", losses, rows, "the target array", targets, targetElements);
  }

  private static void requireGradient(
      String door, int rows, int cols, MemorySegment x, MemorySegment targets, long targetElements,
      MemorySegment losses, MemorySegment gradient) {
    long n = (long) rows * cols;
    Segments.require(door, "the gradient", gradient, n);
    Segments.requireSameOrApart(door, "the gradient", gradient, "x", x, n);
    Segments.requireApart(door, "the gradient", gradient, n, "the target array", targets, targetElements);
    Segments.requireApart(door, "the gradient", gradient, n, "the loss array", losses, rows);
  }
}
