package dev.lanewise.kernels.pool;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/** One pixel over all its channels. Offsets are bytes. */
final class UpSampleKernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private UpSampleKernel() {}

  /** Writes the pixel at {@code in} of x {@code times} times side by side from {@code out} of y on. */
  static void repeat(int times, long in, long pixel, MemorySegment x, long out, MemorySegment y) {
    x = exact(x);
    y = exact(y);
    long c = 0;
    for (; c <= pixel - STEP; c += STEP) {
      FloatVector value = fromMemorySegment(F, x, in + c, NATIVE);
      for (long k = 0, at = out + c; k < times; k++, at += pixel) {
        value.intoMemorySegment(y, at, NATIVE);
      }
    }
    for (; c < pixel; c += 4) {
      // As whole numbers: moving a float may quieten a NaN.
      int bits = x.get(JAVA_INT, in + c);
      for (long k = 0, at = out + c; k < times; k++, at += pixel) {
        y.set(JAVA_INT, at, bits);
      }
    }
  }

  /** Adds up a block of pixels of {@code rows} rows, {@code row} bytes apart. */
  static void sum(int rows, int columns, long in, long row, long pixel, MemorySegment x, long out, MemorySegment y) {
    x = exact(x);
    y = exact(y);
    long c = 0;
    for (; c <= pixel - STEP; c += STEP) {
      FloatVector sum = FloatVector.zero(F);
      for (int kh = 0; kh < rows; kh++) {
        long at = in + c + kh * row;
        for (int kw = 0; kw < columns; kw++, at += pixel) {
          sum = sum.add(fromMemorySegment(F, x, at, NATIVE));
        }
      }
      sum.intoMemorySegment(y, out + c, NATIVE);
    }
    for (; c < pixel; c += 4) {
      float sum = 0f;
      for (int kh = 0; kh < rows; kh++) {
        long at = in + c + kh * row;
        for (int kw = 0; kw < columns; kw++, at += pixel) {
          sum += x.get(JAVA_FLOAT, at);
        }
      }
      y.set(JAVA_FLOAT, out + c, sum);
    }
  }
}
