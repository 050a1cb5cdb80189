package dev.lanewise.kernels.reduction;

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
    FloatVector a0 = load(y, sums);
    FloatVector a1 = load(y, sums + STEP);
    FloatVector a2 = load(y, sums + 2 * STEP);
    FloatVector a3 = load(y, sums + 3 * STEP);
    for (int i = 0; i < rows; i++) {
      long row = at + i * rowBytes;
      a0 = a0.add(load(x, row));
      a1 = a1.add(load(x, row + STEP));
      a2 = a2.add(load(x, row + 2 * STEP));
      a3 = a3.add(load(x, row + 3 * STEP));
    }
    a0.intoMemorySegment(y, sums, NATIVE);
    a1.intoMemorySegment(y, sums + STEP, NATIVE);
    a2.intoMemorySegment(y, sums + 2 * STEP, NATIVE);
    a3.intoMemorySegment(y, sums + 3 * STEP, NATIVE);
  }

  static void two(int rows, long rowBytes, long at, MemorySegment x, long sums, MemorySegment y) {
    FloatVector a0 = load(y, sums);
    FloatVector a1 = load(y, sums + STEP);
    for (int i = 0; i < rows; i++) {
      long row = at + i * rowBytes;
      a0 = a0.add(load(x, row));
      a1 = a1.add(load(x, row + STEP));
    }
    a0.intoMemorySegment(y, sums, NATIVE);
    a1.intoMemorySegment(y, sums + STEP, NATIVE);
  }

  static void one(int rows, long rowBytes, long at, MemorySegment x, long sums, MemorySegment y) {
    FloatVector a0 = load(y, sums);
    for (int i = 0; i < rows; i++) {
      a0 = a0.add(load(x, at + i * rowBytes));
    }
    a0.intoMemorySegment(y, sums, NATIVE);
  }

  private static FloatVector load(MemorySegment x, long offset) {
    return FloatVector.fromMemorySegment(Lanes.F, x, offset, NATIVE);
  }
}
