package dev.lanewise.training.data;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/**
 * A fixed number of examples with one class label each, or one at each position, read in any order.
 *
 * <p>An implementation does not change after it is made and may be read by many threads at once, each with tensors of
 * its own.
 */
public interface Dataset {

  /** The label of a position that does not count: neither in the loss, nor in a gradient, nor in a metric. */
  int IGNORED = -1;

  /** How many examples there are; at least 1. */
  int size();

  /** The shape of one example, without the batch dimension: [28, 28, 1] for MNIST. */
  Shape inputShape();

  /** How many classes there are; every label lies in [0, classes), or is {@link #IGNORED}. */
  int classes();

  /**
   * How many labels an example has: 1, or one for each position where a model answers at each, as in text. A data set
   * that has more than one may leave some out by {@link #IGNORED}.
   */
  default int labelsPerExample() {
    return 1;
  }

  /**
   * Copies the examples {@code order[from] .. order[from + count - 1]} into the first {@code count} rows of {@code x}
   * and their labels into {@code y}. Rows after them are left as they are. Allocates nothing.
   *
   * @param order indices of examples, each in [0, size())
   * @param from first element of {@code order} to use
   * @param count how many examples
   * @param x [n, inputShape], n >= count
   * @param y [n * labelsPerExample], the labels of one example after those of another, n >= count
   * @throws dev.lanewise.tensor.ShapeException when x or y has another shape or fewer than {@code count} rows
   * @throws IndexOutOfBoundsException when the range leaves {@code order} or an index leaves the data set
   */
  void batch(int[] order, int from, int count, Tensor x, IntTensor y);

  /**
   * The first {@code n} examples, or this data set itself when it has no more than that. A view: nothing is copied.
   *
   * @throws IllegalArgumentException when n is less than 1
   */
  default Dataset limit(int n) {
    return n >= size() ? this : new LimitedDataset(this, n);
  }
}
