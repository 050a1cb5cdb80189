package dev.lanewise.tensor;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An int32 array of any rank, for labels and indices: row-major, contiguous, on native memory.
 *
 * <p>The memory belongs to whoever opened its arena: once that is closed, each use throws {@link IllegalStateException}. Views
 * share memory with the tensor they come from. Reading from many threads is safe; writing needs the caller's own order.
 */
public final class IntTensor {
  private final MemorySegment segment;
  private final Shape shape;

  private IntTensor(MemorySegment segment, Shape shape) {
    this.segment = segment;
    this.shape = shape;
  }

  /** A tensor of zeros, aligned to 64 bytes, that lives as long as the arena. */
  public static IntTensor allocate(Arena arena, Shape shape) {
    return new IntTensor(Storage.allocate(arena, shape), shape);
  }

  /**
   * A tensor with given elements, last axis fastest.
   *
   * @throws ShapeException if the elements are not as many as the shape has
   */
  public static IntTensor of(Arena arena, Shape shape, int... elements) {
    Storage.requireLength("IntTensor.of", shape, elements.length);
    return allocate(arena, shape).copyFrom(elements);
  }

  /**
   * A tensor on memory that exists: its first elements.
   *
   * @param segment native, its address a multiple of 4, at least as large as the shape
   * @throws IllegalArgumentException if the segment is on the heap or misaligned
   * @throws ShapeException if it is too small
   */
  public static IntTensor wrap(MemorySegment segment, Shape shape) {
    return new IntTensor(Storage.require("IntTensor", segment, shape), shape);
  }

  /** The sizes of the axes. */
  public Shape shape() {
    return shape;
  }

  /** The size of one axis. */
  public int dim(int axis) {
    return shape.dim(axis);
  }

  /** The number of axes. */
  public int rank() {
    return shape.rank();
  }

  /** The number of elements. */
  public long size() {
    return shape.size();
  }

  /** The memory, exactly {@code 4 * size()} bytes in the machine's byte order. */
  public MemorySegment segment() {
    return segment;
  }

  /**
   * The same elements under another shape; shares memory.
   *
   * @throws ShapeException if the number of elements differs
   */
  public IntTensor reshape(Shape other) {
    Storage.requireSameSize("IntTensor.reshape", shape, other);
    return new IntTensor(segment, other);
  }

  /**
   * Some rows, that is indices of the first axis; shares memory. A row's address is a multiple of 4, not always of 64.
   *
   * @param from first row
   * @param to row after the last
   * @throws ShapeException if there are no such rows
   */
  public IntTensor slice(int from, int to) {
    return new IntTensor(Storage.rows("IntTensor.slice", segment, shape, from, to), Storage.withRows(shape, to - from));
  }

  /** One element by its row-major position, from 0 to size - 1. */
  public int get(long i) {
    return segment.getAtIndex(JAVA_INT, i);
  }

  /** Sets one element by its row-major position. */
  public void set(long i, int element) {
    segment.setAtIndex(JAVA_INT, i, element);
  }

  /**
   * Copies all elements from an array.
   *
   * @return this
   * @throws ShapeException if the number of elements differs
   */
  public IntTensor copyFrom(int[] elements) {
    Storage.requireLength("IntTensor.copyFrom", shape, elements.length);
    MemorySegment.copy(elements, 0, segment, JAVA_INT, 0, elements.length);
    return this;
  }

  /**
   * Copies all elements from a tensor of as many elements; shapes may differ, memory may overlap.
   *
   * @return this
   * @throws ShapeException if the number of elements differs
   */
  public IntTensor copyFrom(IntTensor other) {
    Storage.requireSameSize("IntTensor.copyFrom", shape, other.shape);
    MemorySegment.copy(other.segment, 0, segment, 0, segment.byteSize());
    return this;
  }

  /**
   * Copies all elements into an array.
   *
   * @throws ShapeException if the number of elements differs
   */
  public void copyTo(int[] elements) {
    Storage.requireLength("IntTensor.copyTo", shape, elements.length);
    MemorySegment.copy(segment, JAVA_INT, 0, elements, 0, elements.length);
  }

  /**
   * The elements as a new array.
   *
   * @throws ShapeException if they are more than an array can hold
   */
  public int[] toArray() {
    int[] elements = new int[Storage.arrayLength("IntTensor.toArray", shape)];
    copyTo(elements);
    return elements;
  }

  /**
   * Sets all elements.
   *
   * @return this
   */
  public IntTensor fill(int element) {
    for (long i = 0; i < size(); i++) {
      segment.setAtIndex(JAVA_INT, i, element);
    }
    return this;
  }

  /** As in {@code IntTensor[32, 10]}. */
  @Override
  public String toString() {
    return "IntTensor" + shape;
  }
}
