package dev.lanewise.training.data;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/**
 * Examples whose targets are numbers instead of a class: for regression, or for several answers at once. It has one
 * class, and every label is 0.
 */
public interface ValueDataset extends Dataset {

  /** The shape of one target, without the batch dimension. */
  Shape targetShape();

  /**
   * Copies the targets of the examples {@code order[from] .. order[from + count - 1]} into the first {@code count} rows
   * of {@code targets}. Allocates nothing.
   *
   * @param targets [n, targetShape], n >= count
   */
  void targets(int[] order, int from, int count, Tensor targets);

  /** 1. */
  @Override
  default int classes() {
    return 1;
  }

  /**
   * Wraps inputs and targets without copying them.
   *
   * @param x [n, input shape]
   * @param targets [n, target shape]
   * @throws dev.lanewise.tensor.ShapeException when the numbers of rows differ or are 0
   */
  static ValueDataset of(Tensor x, Tensor targets) {
    return new TensorDataset(x, targets);
  }

  /** Copies the inputs of a batch to {@code x} and sets its labels to 0. */
  @Override
  void batch(int[] order, int from, int count, Tensor x, IntTensor y);
}
