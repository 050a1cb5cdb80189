package dev.lanewise.training.data;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.Objects;

/** The first {@code size} examples of another data set. */
record LimitedDataset(Dataset whole, int size) implements Dataset {

  LimitedDataset {
    if (size < 1) {
      throw new IllegalArgumentException("Dataset: limit is " + size + "; at least 1 example is needed");
    }
  }

  @Override
  public Shape inputShape() {
    return whole.inputShape();
  }

  @Override
  public int classes() {
    return whole.classes();
  }

  @Override
  public int labelsPerExample() {
    return whole.labelsPerExample();
  }

  @Override
  public void batch(int[] order, int from, int count, Tensor x, IntTensor y) {
    Objects.checkFromIndexSize(from, count, order.length);
    for (int i = from; i < from + count; i++) {
      Objects.checkIndex(order[i], size);
    }
    whole.batch(order, from, count, x, y);
  }
}
