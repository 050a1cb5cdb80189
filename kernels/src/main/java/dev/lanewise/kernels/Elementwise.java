package dev.lanewise.kernels;

import dev.lanewise.kernels.elementwise.ElementwiseVector;
import dev.lanewise.kernels.elementwise.TransposeKernel;
import dev.lanewise.kernels.reference.ElementwiseReference;
import java.lang.foreign.MemorySegment;

/**
 * Sums, differences, products and copies, element by element, on the calling thread.
 *
 * <p>Each result is one IEEE 754 operation, correctly rounded: error at most half an ulp. The bits depend on nothing but the operands. A result may be the very memory of an operand of the same shape;
 * any other overlap is refused. Operands are native segments, aligned to 4 bytes. A call allocates nothing.
 *
 * <table>
 *   <caption>IEEE edges</caption>
 *   <tr><th>kernel</th><th>NaN</th><th>infinity</th><th>zeros</th><th>overflow, underflow</th></tr>
 *   <tr><td>add, subtract, addRow</td><td>its own element</td><td>infinite; their difference NaN</td><td>x - x is +0, -0 + -0 is -0</td><td>+-infinity; differences of subnormals exact</td></tr>
 *   <tr><td>multiply, scale</td><td>its own element</td><td>infinite; by 0 NaN</td><td>the sign of the product</td><td>+-infinity; subnormal results rounded once</td></tr>
 *   <tr><td>axpy</td><td>its own element</td><td>as a product, then a sum</td><td>as a sum</td><td>rounded once, the product not at all</td></tr>
 *   <tr><td>copy, fill, transpose</td><td>with its payload</td><td>as they are</td><td>with their sign</td><td>never: nothing is computed</td></tr>
 *   <tr><td>scaleBytes</td><td>only by a factor of NaN</td><td>by an infinite factor: infinite, of a byte of 0 NaN</td><td>a byte of 0: the sign of the factor</td><td>as multiply</td></tr>
 * </table>
 */
public final class Elementwise {
  private Elementwise() {}

  /**
   * z = x + y.
   *
   * @param n elements, at least 0
   * @param z may be x or y
   * @throws IllegalArgumentException if a segment is on the heap, too short or misaligned, or z overlaps an operand without being it
   */
  public static void add(long n, MemorySegment x, MemorySegment y, MemorySegment z) {
    require("add", n, x, y, z);
    if (Family.ELEMENTWISE_ADD.vectors()) {
      ElementwiseVector.add(n, x, y, z);
    } else {
      ElementwiseReference.add(n, x, y, z);
    }
  }

  /**
   * z = x - y.
   *
   * @param z may be x or y
   * @throws IllegalArgumentException as {@link #add}
   */
  public static void subtract(long n, MemorySegment x, MemorySegment y, MemorySegment z) {
    require("subtract", n, x, y, z);
    if (Family.ELEMENTWISE_SUBTRACT.vectors()) {
      ElementwiseVector.subtract(n, x, y, z);
    } else {
      ElementwiseReference.subtract(n, x, y, z);
    }
  }

  /**
   * z[i] = x[i] y[i].
   *
   * @param z may be x or y
   * @throws IllegalArgumentException as {@link #add}
   */
  public static void multiply(long n, MemorySegment x, MemorySegment y, MemorySegment z) {
    require("multiply", n, x, y, z);
    if (Family.ELEMENTWISE_MULTIPLY.vectors()) {
      ElementwiseVector.multiply(n, x, y, z);
    } else {
      ElementwiseReference.multiply(n, x, y, z);
    }
  }

  /**
   * y = a x.
   *
   * @param y may be x
   * @throws IllegalArgumentException as {@link #add}
   */
  public static void scale(long n, float a, MemorySegment x, MemorySegment y) {
    require("scale", n, x, x, y);
    if (Family.ELEMENTWISE_SCALE.vectors()) {
      ElementwiseVector.scale(n, a, x, y);
    } else {
      ElementwiseReference.scale(n, a, x, y);
    }
  }

  /**
   * y = a x + y, one fma.
   *
   * @param y read and written; may be x
   * @throws IllegalArgumentException as {@link #add}
   */
  public static void axpy(long n, float a, MemorySegment x, MemorySegment y) {
    require("axpy", n, x, x, y);
    if (Family.ELEMENTWISE_AXPY.vectors()) {
      ElementwiseVector.axpy(n, a, x, y);
    } else {
      ElementwiseReference.axpy(n, a, x, y);
    }
  }

  /**
   * y = value.
   *
   * @throws IllegalArgumentException as {@link #add}
   */
  public static void fill(long n, float value, MemorySegment y) {
    Segments.require("fill", "y", y, n);
    if (Family.ELEMENTWISE_FILL.vectors()) {
      ElementwiseVector.fill(n, value, y);
    } else {
      ElementwiseReference.fill(n, value, y);
    }
  }

  /**
   * y = x, bit by bit.
   *
   * @param y may overlap x in any way: it is as if x were read whole first
   * @throws IllegalArgumentException if a segment is on the heap, too short or misaligned
   */
  public static void copy(long n, MemorySegment x, MemorySegment y) {
    Segments.require("copy", "x", x, n);
    Segments.require("copy", "y", y, n);
    MemorySegment.copy(x, 0, y, 0, 4 * n);
  }

  /**
   * y[i, j] = x[i, j] + row[j].
   *
   * @param x rows by cols, row-major
   * @param row cols floats
   * @param y rows by cols; may be x, may not overlap the row
   * @throws IllegalArgumentException as {@link #add}
   */
  public static void addRow(int rows, int cols, MemorySegment x, MemorySegment row, MemorySegment y) {
    long n = Shapes.elements("addRow", rows, cols);
    Segments.require("addRow", "x", x, n);
    Segments.require("addRow", "the row", row, cols);
    Segments.require("addRow", "y", y, n);
    Segments.requireSameOrApart("addRow", "y", y, "x", x, n);
    Segments.requireApart("addRow", "y", y, n, "the row", row, cols);
    if (Family.ELEMENTWISE_ADD_ROW.vectors()) {
      ElementwiseVector.addRow(rows, cols, x, row, y);
    } else {
      ElementwiseReference.addRow(rows, cols, x, row, y);
    }
  }

  /**
   * y[j, i] = x[i, j], bit by bit.
   *
   * @param x rows by cols, row-major
   * @param y cols by rows; apart from x
   * @throws IllegalArgumentException as {@link #add}
   */
  public static void transpose(int rows, int cols, MemorySegment x, MemorySegment y) {
    long n = Shapes.elements("transpose", rows, cols);
    Segments.require("transpose", "x", x, n);
    Segments.require("transpose", "y", y, n);
    Segments.requireApart("transpose", "y", y, n, "x", x, n);
    if (Family.ELEMENTWISE_TRANSPOSE.vectors()) {
      TransposeKernel.run(rows, cols, x, y);
    } else {
      ElementwiseReference.transpose(rows, cols, x, y);
    }
  }

  /**
   * y = factor x, for pixels: {@code scaleBytes(n, pixels, 1 / 255f, y)}.
   *
   * @param x n unsigned bytes, at any address
   * @param y n floats, apart from x
   * @throws IllegalArgumentException as {@link #add}
   */
  public static void scaleBytes(long n, MemorySegment x, float factor, MemorySegment y) {
    Segments.require("scaleBytes", "y", y, n);
    Shapes.requireBytes("scaleBytes", "x", x, n);
    long words = (n + 3) / 4;
    Segments.requireApart("scaleBytes", "y", y, n, "x", x, words);
    if (Family.ELEMENTWISE_SCALE_BYTES.vectors()) {
      ElementwiseVector.scaleBytes(n, x, factor, y);
    } else {
      ElementwiseReference.scaleBytes(n, x, factor, y);
    }
  }

  private static void require(String door, long n, MemorySegment x, MemorySegment y, MemorySegment z) {
    Segments.require(door, "x", x, n);
    Segments.require(door, "y", y, n);
    Segments.require(door, "the result", z, n);
    Segments.requireSameOrApart(door, "the result", z, "x", x, n);
    Segments.requireSameOrApart(door, "the result", z, "y", y, n);
  }
}
