package dev.lanewise.training.data;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Inputs and targets as two tensors with one row per example. */
final class TensorDataset implements ValueDataset {
  private final Tensor x;
  private final Tensor targets;
  private final Shape inputShape;
  private final Shape targetShape;

  TensorDataset(Tensor x, Tensor targets) {
    if (x.dim(0) != targets.dim(0) || x.dim(0) < 1) {
      throw new ShapeException("ValueDataset: x is " + x.shape() + " but targets are " + targets.shape()
          + "; both need one row per example, and at least one");
    }
    this.x = x;
    this.targets = targets;
    this.inputShape = rowOf(x.shape());
    this.targetShape = rowOf(targets.shape());
  }

  private static Shape rowOf(Shape shape) {
    int[] dims = new int[shape.rank() - 1];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = shape.dim(i + 1);
    }
    return Shape.of(dims);
  }

  @Override
  public int size() {
    return x.dim(0);
  }

  @Override
  public Shape inputShape() {
    return inputShape;
  }

  @Override
  public Shape targetShape() {
    return targetShape;
  }

  @Override
  public Dataset limit(int n) {
    if (n < 1) {
      throw new IllegalArgumentException("ValueDataset: limit is " + n + "; at least 1 example is needed");
    }
    return n >= size() ? this : new TensorDataset(x.slice(0, n), targets.slice(0, n));
  }

  @Override
  public void batch(int[] order, int from, int count, Tensor into, IntTensor y) {
    if (y.size() < count) {
      throw new ShapeException("ValueDataset: batch has " + count + " labels but y is " + y.shape());
    }
    copyRows(x, order, from, count, into, "x");
    for (int i = 0; i < count; i++) {
      y.set(i, 0);
    }
  }

  @Override
  public void targets(int[] order, int from, int count, Tensor into) {
    copyRows(targets, order, from, count, into, "targets");
  }

  private static void copyRows(Tensor all, int[] order, int from, int count, Tensor into, String name) {
    Objects.checkFromIndexSize(from, count, order.length);
    long row = all.size() / all.dim(0) * Float.BYTES;
    if (into.size() * Float.BYTES < row * count) {
      throw new ShapeException("ValueDataset: " + count + " rows of " + all.shape() + " do not fit into " + name + ", "
          + into.shape());
    }
    for (int i = 0; i < count; i++) {
      int example = Objects.checkIndex(order[from + i], all.dim(0));
      MemorySegment.copy(all.segment(), example * row, into.segment(), i * row, row);
    }
  }
}
