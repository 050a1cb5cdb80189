package dev.lanewise.kernels;

import java.lang.foreign.MemorySegment;

/** What the doors of this package check of shapes, beside {@link Segments}. */
final class Shapes {
  private Shapes() {}

  /**
   * rows times cols.
   *
   * @throws IllegalArgumentException naming both if one is negative
   */
  static long elements(String door, int rows, int cols) {
    if (rows < 0 || cols < 0) {
      throw new IllegalArgumentException(door + ": " + rows + " rows of " + cols + " columns; neither may be negative");
    }
    return (long) rows * cols;
  }

  /**
   * The same where each row must hold something.
   *
   * @throws IllegalArgumentException naming both if a row is empty
   */
  static long elementsOfFilledRows(String door, int rows, int cols) {
    if (rows > 0 && cols == 0) {
      throw new IllegalArgumentException(door + ": " + rows + " rows of 0 columns; a row needs at least 1");
    }
    return elements(door, rows, cols);
  }

  /** Requires native memory for a number of bytes, at any address. */
  static void requireBytes(String door, String name, MemorySegment segment, long bytes) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException(
          door + ": " + name + " is a heap segment; copy it to a native one, e.g. of arena.allocate(bytes, 64)");
    }
    if (segment.byteSize() < bytes) {
      throw new IllegalArgumentException(
          door + ": " + name + " holds " + segment.byteSize() + " bytes but " + bytes + " are needed");
    }
  }
}
