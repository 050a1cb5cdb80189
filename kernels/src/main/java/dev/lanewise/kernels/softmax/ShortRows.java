package dev.lanewise.kernels.softmax;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.kernels.math.ExpKernel;
import dev.lanewise.kernels.reference.SoftmaxReference;
import java.lang.foreign.MemorySegment;

/**
 * Rows of fewer than 16 elements: maxima and sums, chains of a few operations, are scalar, but the exponentials of many rows are taken at once, since
 * the rows lie one behind the other. The result's memory holds them in between.
 */
final class ShortRows {
  /** Bytes of rows that are taken at once: they stay in the first-level cache from step to step. */
  private static final long STRETCH = 8192;

  private ShortRows() {}

  static void forward(long from, long to, int cols, MemorySegment x, MemorySegment y) {
    long rows = STRETCH / (4L * cols);
    for (long row = from; row < to; row += rows) {
      long end = Math.min(to, row + rows);
      lessTheMaximum(row, end, cols, x, y);
      ExpKernel.run(4 * row * cols, 4 * end * cols, y, 0f, y);
      overTheSum(row, end, cols, y);
    }
  }

  private static void lessTheMaximum(long from, long to, int cols, MemorySegment x, MemorySegment y) {
    for (long row = from * cols; row < to * cols; row += cols) {
      float max = x.getAtIndex(JAVA_FLOAT, row);
      for (long j = row + 1; j < row + cols; j++) {
        max = Math.max(max, x.getAtIndex(JAVA_FLOAT, j));
      }
      for (long j = row; j < row + cols; j++) {
        y.setAtIndex(JAVA_FLOAT, j, x.getAtIndex(JAVA_FLOAT, j) - max);
      }
    }
  }

  private static void overTheSum(long from, long to, int cols, MemorySegment y) {
    for (long row = from * cols; row < to * cols; row += cols) {
      float sum = 0f;
      for (long j = row; j < row + cols; j++) {
        sum += y.getAtIndex(JAVA_FLOAT, j);
      }
      float inverse = 1f / sum;
      for (long j = row; j < row + cols; j++) {
        y.setAtIndex(JAVA_FLOAT, j, y.getAtIndex(JAVA_FLOAT, j) * inverse);
      }
    }
  }

  static void logBackward(long from, long to, int cols, MemorySegment y, MemorySegment dy, MemorySegment dx) {
    long rows = STRETCH / (4L * cols);
    for (long row = from; row < to; row += rows) {
      long end = Math.min(to, row + rows);
      ExpKernel.run(4 * row * cols, 4 * end * cols, y, 0f, dx);
      lessTheSum(row, end, cols, dy, dx);
    }
  }

  private static void lessTheSum(long from, long to, int cols, MemorySegment dy, MemorySegment dx) {
    for (long row = from * cols; row < to * cols; row += cols) {
      float sum = 0f;
      for (long j = row; j < row + cols; j++) {
        sum += dy.getAtIndex(JAVA_FLOAT, j);
      }
      for (long j = row; j < row + cols; j++) {
        float p = dx.getAtIndex(JAVA_FLOAT, j);
        dx.setAtIndex(JAVA_FLOAT, j, Math.fma(p, -sum, dy.getAtIndex(JAVA_FLOAT, j)));
      }
    }
  }

  /** Needs the arguments after their exponentials, which the result's memory cannot both hold. */
  static void logForward(long from, long to, int cols, MemorySegment x, MemorySegment y) {
    SoftmaxReference.logForward(from, to, cols, x, y);
  }

  /** No exponentials. */
  static void backward(long from, long to, int cols, MemorySegment y, MemorySegment dy, MemorySegment dx) {
    SoftmaxReference.backward(from, to, cols, y, dy, dx);
  }
}
