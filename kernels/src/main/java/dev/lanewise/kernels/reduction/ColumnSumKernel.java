package dev.lanewise.kernels.reduction;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * Adds rows of a matrix to a few vectors of column sums, nothing but the loop over rows. The sums come and go in memory: a method of
 * its own for each number of vectors, with no branch on where they start, is what C2 keeps free of boxes.
 *
 * <p>{@code at} is the byte of the first row's first column, {@code sums} the byte of its sum in y.
 */
final class ColumnSumKernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private ColumnSumKernel() {}

  static void four(int rows, long rowBytes, long at, MemorySegment x, long sums, MemorySegment y) {
    x = exact(x);
    y = exact(y);
    FloatVector a0 = fromMemorySegment(F, y, sums, NATIVE);
    FloatVector a1 = fromMemorySegment(F, y, sums + STEP, NATIVE);
    FloatVector a2 = fromMemorySegment(F, y, sums + 2 * STEP, NATIVE);
    FloatVector a3 = fromMemorySegment(F, y, sums + 3 * STEP, NATIVE);
    for (int i = 0; i < rows; i++) {
      long row = at + i * rowBytes;
      a0 = a0.add(fromMemorySegment(F, x, row, NATIVE));
      a1 = a1.add(fromMemorySegment(F, x, row + STEP, NATIVE));
      a2 = a2.add(fromMemorySegment(F, x, row + 2 * STEP, NATIVE));
      a3 = a3.add(fromMemorySegment(F, x, row + 3 * STEP, NATIVE));
    }
    a0.intoMemorySegment(y, sums, NATIVE);
    a1.intoMemorySegment(y, sums + STEP, NATIVE);
    a2.intoMemorySegment(y, sums + 2 * STEP, NATIVE);
    a3.intoMemorySegment(y, sums + 3 * STEP, NATIVE);
  }

  static void two(int rows, long rowBytes, long at, MemorySegment x, long sums, MemorySegment y) {
    x = exact(x);
    y = exact(y);
    FloatVector a0 = fromMemorySegment(F, y, sums, NATIVE);
    FloatVector a1 = fromMemorySegment(F, y, sums + STEP, NATIVE);
    for (int i = 0; i < rows; i++) {
      long row = at + i * rowBytes;
      a0 = a0.add(fromMemorySegment(F, x, row, NATIVE));
      a1 = a1.add(fromMemorySegment(F, x, row + STEP, NATIVE));
    }
    a0.intoMemorySegment(y, sums, NATIVE);
    a1.intoMemorySegment(y, sums + STEP, NATIVE);
  }

  static void one(int rows, long rowBytes, long at, MemorySegment x, long sums, MemorySegment y) {
    x = exact(x);
    y = exact(y);
    FloatVector a0 = fromMemorySegment(F, y, sums, NATIVE);
    for (int i = 0; i < rows; i++) {
      a0 = a0.add(fromMemorySegment(F, x, at + i * rowBytes, NATIVE));
    }
    a0.intoMemorySegment(y, sums, NATIVE);
  }
}
