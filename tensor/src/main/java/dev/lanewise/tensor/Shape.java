package dev.lanewise.tensor;

import java.util.Arrays;

/**
 * The sizes of a tensor's axes, outermost first: images are [n, height, width, channels]. Immutable.
 *
 * <p>An axis may have size 0, and a shape without axes is a single number. The number of elements is at most 2^48, so that
 * sizes in bytes never overflow a {@code long}.
 */
public final class Shape {
  private static final long MOST_ELEMENTS = 1L << 48;

  private final int[] dims;
  private final long size;

  private Shape(int[] dims) {
    this.dims = dims;
    this.size = product(dims);
  }

  /**
   * A shape of any rank.
   *
   * @param dims sizes of the axes, each at least 0; copied
   * @throws ShapeException if a size is negative or the elements are more than 2^48
   */
  public static Shape of(int... dims) {
    return new Shape(dims.clone());
  }

  /** A vector's shape. */
  public static Shape of(int d0) {
    return new Shape(new int[] {d0});
  }

  /** A matrix's shape. */
  public static Shape of(int d0, int d1) {
    return new Shape(new int[] {d0, d1});
  }

  /** A shape of three axes. */
  public static Shape of(int d0, int d1, int d2) {
    return new Shape(new int[] {d0, d1, d2});
  }

  /** A shape of four axes. */
  public static Shape of(int d0, int d1, int d2, int d3) {
    return new Shape(new int[] {d0, d1, d2, d3});
  }

  private static long product(int[] dims) {
    boolean empty = false;
    for (int dim : dims) {
      if (dim < 0) {
        throw new ShapeException("Shape: " + Arrays.toString(dims) + " has an axis of negative size; sizes are at least 0");
      }
      empty |= dim == 0;
    }
    long size = empty ? 0 : 1;
    for (int i = 0; i < dims.length && !empty; i++) {
      if (size > MOST_ELEMENTS / dims[i]) {
        throw new ShapeException("Shape: " + Arrays.toString(dims) + " has more than 2^48 elements");
      }
      size *= dims[i];
    }
    return size;
  }

  /** The number of axes. */
  public int rank() {
    return dims.length;
  }

  /**
   * The size of one axis.
   *
   * @param axis from 0 to rank - 1
   * @throws ShapeException if there is no such axis
   */
  public int dim(int axis) {
    if (axis < 0 || axis >= dims.length) {
      throw new ShapeException("Shape: no axis " + axis + " in " + this + ", which has rank " + dims.length);
    }
    return dims[axis];
  }

  /** The number of elements: the product of all sizes, 1 for rank 0. */
  public long size() {
    return size;
  }

  /** The shape of n such tensors in a row: n in front of these axes. */
  public Shape batch(int n) {
    int[] batch = new int[dims.length + 1];
    batch[0] = n;
    System.arraycopy(dims, 0, batch, 1, dims.length);
    return new Shape(batch);
  }

  /**
   * Whether this is the shape of a batch of examples: one more axis in front, the others equal.
   *
   * @param example an example's shape, without the batch axis
   */
  public boolean isBatchOf(Shape example) {
    return dims.length == example.dims.length + 1
        && Arrays.equals(dims, 1, dims.length, example.dims, 0, example.dims.length);
  }

  /** Whether this is {@code example.batch(n)}, without making that shape. */
  public boolean isBatchOf(int n, Shape example) {
    return isBatchOf(example) && dims[0] == n;
  }

  /** Whether these are the axes; sizes past the rank are not looked at. */
  boolean is(int rank, int d0, int d1, int d2, int d3) {
    return dims.length == rank
        && (rank < 1 || dims[0] == d0)
        && (rank < 2 || dims[1] == d1)
        && (rank < 3 || dims[2] == d2)
        && (rank < 4 || dims[3] == d3);
  }

  /** The sizes as a new array. */
  public int[] toArray() {
    return dims.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape that && Arrays.equals(dims, that.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /** As in {@code [32, 26, 26, 32]}. */
  @Override
  public String toString() {
    return Arrays.toString(dims);
  }
}
