package dev.lanewise.tensor;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The last few tensors made for one slot of a workspace, found by shape without allocating. */
final class Recent<T> {
  /** Enough for a full batch, a last smaller one and some more; a service with any batch size forgets the oldest. */
  private static final int MOST = 8;

  private @Nullable Shape[] shapes = new @Nullable Shape[2];
  private @Nullable Object[] tensors = new @Nullable Object[2];
  private int count;
  private int oldest;

  @Nullable
  T find(Shape shape) {
    for (int i = 0; i < count; i++) {
      if (shape.equals(shapes[i])) {
        return get(i);
      }
    }
    return null;
  }

  @Nullable
  T find(int rank, int d0, int d1, int d2, int d3) {
    for (int i = 0; i < count; i++) {
      Shape shape = shapes[i];
      if (shape != null && shape.is(rank, d0, d1, d2, d3)) {
        return get(i);
      }
    }
    return null;
  }

  @Nullable
  T findBatch(int n, Shape example) {
    for (int i = 0; i < count; i++) {
      Shape shape = shapes[i];
      if (shape != null && shape.isBatchOf(n, example)) {
        return get(i);
      }
    }
    return null;
  }

  int count() {
    return count;
  }

  @SuppressWarnings("unchecked") // only add() writes there
  @Nullable
  T get(int i) {
    return (T) tensors[i];
  }

  void add(Shape shape, T tensor) {
    int at;
    if (count < MOST) {
      if (count == shapes.length) {
        shapes = Arrays.copyOf(shapes, 2 * count);
        tensors = Arrays.copyOf(tensors, 2 * count);
      }
      at = count++;
    } else {
      at = oldest;
      oldest = (oldest + 1) % MOST;
    }
    shapes[at] = shape;
    tensors[at] = tensor;
  }

  void clear() {
    Arrays.fill(shapes, null);
    Arrays.fill(tensors, null);
    count = 0;
    oldest = 0;
  }
}
