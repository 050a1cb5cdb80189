package dev.lanewise.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The memory under a tensor of 4-byte elements: what its makers check once. */
final class Storage {
  /** A cache line and the widest vector: aligned so, no vector of a contiguous pass is split over two lines. */
  static final long ALIGNMENT = 64;

  static final long ELEMENT = 4;

  private Storage() {}

  static MemorySegment allocate(Arena arena, Shape shape) {
    return arena.allocate(shape.size() * ELEMENT, ALIGNMENT);
  }

  /** The part of a segment that a shape needs. */
  static MemorySegment require(String kind, MemorySegment segment, Shape shape) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException(
          kind + ": heap segment; copy it to a native one, e.g. with " + kind + ".allocate and copyFrom");
    }
    if (segment.address() % ELEMENT != 0) {
      throw new IllegalArgumentException(kind + ": the segment begins at address " + segment.address()
          + ", no multiple of 4; copy it to a tensor of its own");
    }
    long bytes = shape.size() * ELEMENT;
    if (segment.byteSize() < bytes) {
      throw new ShapeException(kind + ": " + shape + " needs " + bytes + " bytes but the segment has " + segment.byteSize());
    }
    return segment.byteSize() == bytes ? segment : segment.asSlice(0, bytes);
  }

  static MemorySegment rows(String kind, MemorySegment segment, Shape shape, int from, int to) {
    if (shape.rank() == 0 || from < 0 || to < from || to > shape.dim(0)) {
      throw new ShapeException(kind + ": no rows " + from + " to " + to + " in " + shape);
    }
    long row = shape.dim(0) == 0 ? 0 : segment.byteSize() / shape.dim(0);
    return segment.asSlice(from * row, (to - from) * row);
  }

  static Shape withRows(Shape shape, int rows) {
    int[] dims = shape.toArray();
    dims[0] = rows;
    return Shape.of(dims);
  }

  static void requireSameSize(String what, Shape shape, Shape other) {
    if (shape.size() != other.size()) {
      throw new ShapeException(
          what + ": " + other + " has " + other.size() + " elements but " + shape + " has " + shape.size());
    }
  }

  static void requireLength(String what, Shape shape, int length) {
    if (shape.size() != length) {
      throw new ShapeException(
          what + ": an array of " + length + " elements does not fit " + shape + " of " + shape.size());
    }
  }

  static int arrayLength(String kind, Shape shape) {
    if (shape.size() > Integer.MAX_VALUE - 8) {
      throw new ShapeException(kind + ": " + shape + " has more elements than an array can hold; slice it");
    }
    return (int) shape.size();
  }
}
