package dev.lanewise.kernels.reference;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/**
 * Scalar twins of {@code Elementwise}, same bits. There are no twins in double: each result is one correctly rounded operation, so
 * the truth is the same formula in double, rounded once.
 */
public final class ElementwiseReference {
  private ElementwiseReference() {}

  /** z = x + y. */
  public static void add(long n, MemorySegment x, MemorySegment y, MemorySegment z) {
    for (long i = 0; i < n; i++) {
      z.setAtIndex(JAVA_FLOAT, i, x.getAtIndex(JAVA_FLOAT, i) + y.getAtIndex(JAVA_FLOAT, i));
    }
  }

  /** z = x - y. */
  public static void subtract(long n, MemorySegment x, MemorySegment y, MemorySegment z) {
    for (long i = 0; i < n; i++) {
      z.setAtIndex(JAVA_FLOAT, i, x.getAtIndex(JAVA_FLOAT, i) - y.getAtIndex(JAVA_FLOAT, i));
    }
  }

  /** z = x y, element by element. */
  public static void multiply(long n, MemorySegment x, MemorySegment y, MemorySegment z) {
    for (long i = 0; i < n; i++) {
      z.setAtIndex(JAVA_FLOAT, i, x.getAtIndex(JAVA_FLOAT, i) * y.getAtIndex(JAVA_FLOAT, i));
    }
  }

  /** y = a x. */
  public static void scale(long n, float a, MemorySegment x, MemorySegment y) {
    for (long i = 0; i < n; i++) {
      y.setAtIndex(JAVA_FLOAT, i, a * x.getAtIndex(JAVA_FLOAT, i));
    }
  }

  /** y = a x + y, one fma. */
  public static void axpy(long n, float a, MemorySegment x, MemorySegment y) {
    for (long i = 0; i < n; i++) {
      y.setAtIndex(JAVA_FLOAT, i, Math.fma(a, x.getAtIndex(JAVA_FLOAT, i), y.getAtIndex(JAVA_FLOAT, i)));
    }
  }

  /** y = value. */
  public static void fill(long n, float value, MemorySegment y) {
    for (long i = 0; i < n; i++) {
      y.setAtIndex(JAVA_FLOAT, i, value);
    }
  }

  /** y[i, j] = x[i, j] + row[j]. */
  public static void addRow(int rows, int cols, MemorySegment x, MemorySegment row, MemorySegment y) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) {
        long at = (long) i * cols + j;
        y.setAtIndex(JAVA_FLOAT, at, x.getAtIndex(JAVA_FLOAT, at) + row.getAtIndex(JAVA_FLOAT, j));
      }
    }
  }

  /** y[j, i] = x[i, j]. */
  public static void transpose(int rows, int cols, MemorySegment x, MemorySegment y) {
    for (long i = 0; i < rows; i++) {
      for (long j = 0; j < cols; j++) {
        y.setAtIndex(JAVA_FLOAT, j * rows + i, x.getAtIndex(JAVA_FLOAT, i * cols + j));
      }
    }
  }

  /** y = factor x, x unsigned bytes. */
  public static void scaleBytes(long n, MemorySegment x, float factor, MemorySegment y) {
    for (long i = 0; i < n; i++) {
      y.setAtIndex(JAVA_FLOAT, i, (x.get(JAVA_BYTE, i) & 0xff) * factor);
    }
  }
}
