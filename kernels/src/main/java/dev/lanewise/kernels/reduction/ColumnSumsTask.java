package dev.lanewise.kernels.reduction;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.lane.BlockTask;
import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * Sums down the columns of a matrix: each column is one chain of adds over ascending rows, several vectors of columns side by side to
 * hide the adder's latency. Threads share the columns.
 */
public final class ColumnSumsTask extends BlockTask {
  public static final Workers.Key<ColumnSumsTask> KEY = new Workers.Key<>(ColumnSumsTask::new);

  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  /** Columns of a block begin on a cache line of their own. */
  private static final int ALIGN = 16;

  private int rows;
  private int cols;
  private MemorySegment x = MemorySegment.NULL;
  private MemorySegment y = MemorySegment.NULL;
  private boolean accumulate;

  private ColumnSumsTask() {}

  public void sum(
      int newRows, int newCols, MemorySegment newX, MemorySegment newY, boolean newAccumulate, Workers workers) {
    rows = newRows;
    cols = newCols;
    x = newX;
    y = newY;
    accumulate = newAccumulate;
    run(cols, Math.max(1, rows), ALIGN, workers);
  }

  @Override
  protected void range(long from, long to) {
    columns(rows, 4L * cols, 4 * from, 4 * to, x, y, accumulate);
  }

  @Override
  protected void clear() {
    x = MemorySegment.NULL;
    y = MemorySegment.NULL;
  }

  private static void columns(
      int rows, long rowBytes, long from, long to, MemorySegment x, MemorySegment y, boolean accumulate) {
    long j = from;
    for (; j <= to - 4 * STEP; j += 4 * STEP) {
      four(rows, rowBytes, j, x, y, accumulate);
    }
    for (; j <= to - 2 * STEP; j += 2 * STEP) {
      two(rows, rowBytes, j, x, y, accumulate);
    }
    for (; j <= to - STEP; j += STEP) {
      one(rows, rowBytes, j, x, y, accumulate);
    }
    for (; j < to; j += 4) {
      float sum = accumulate ? y.get(JAVA_FLOAT, j) : 0f;
      for (long i = 0, at = j; i < rows; i++, at += rowBytes) {
        sum += x.get(JAVA_FLOAT, at);
      }
      y.set(JAVA_FLOAT, j, sum);
    }
  }

  private static void four(int rows, long rowBytes, long j, MemorySegment x, MemorySegment y, boolean accumulate) {
    FloatVector a0 = start(y, j, accumulate);
    FloatVector a1 = start(y, j + STEP, accumulate);
    FloatVector a2 = start(y, j + 2 * STEP, accumulate);
    FloatVector a3 = start(y, j + 3 * STEP, accumulate);
    long at = j;
    for (int i = 0; i < rows; i++) {
      a0 = a0.add(load(x, at));
      a1 = a1.add(load(x, at + STEP));
      a2 = a2.add(load(x, at + 2 * STEP));
      a3 = a3.add(load(x, at + 3 * STEP));
      at += rowBytes;
    }
    a0.intoMemorySegment(y, j, NATIVE);
    a1.intoMemorySegment(y, j + STEP, NATIVE);
    a2.intoMemorySegment(y, j + 2 * STEP, NATIVE);
    a3.intoMemorySegment(y, j + 3 * STEP, NATIVE);
  }

  private static void two(int rows, long rowBytes, long j, MemorySegment x, MemorySegment y, boolean accumulate) {
    FloatVector a0 = start(y, j, accumulate);
    FloatVector a1 = start(y, j + STEP, accumulate);
    long at = j;
    for (int i = 0; i < rows; i++) {
      a0 = a0.add(load(x, at));
      a1 = a1.add(load(x, at + STEP));
      at += rowBytes;
    }
    a0.intoMemorySegment(y, j, NATIVE);
    a1.intoMemorySegment(y, j + STEP, NATIVE);
  }

  private static void one(int rows, long rowBytes, long j, MemorySegment x, MemorySegment y, boolean accumulate) {
    FloatVector a0 = start(y, j, accumulate);
    long at = j;
    for (int i = 0; i < rows; i++) {
      a0 = a0.add(load(x, at));
      at += rowBytes;
    }
    a0.intoMemorySegment(y, j, NATIVE);
  }

  private static FloatVector start(MemorySegment y, long j, boolean accumulate) {
    return accumulate ? load(y, j) : FloatVector.zero(Lanes.F);
  }

  private static FloatVector load(MemorySegment x, long offset) {
    return FloatVector.fromMemorySegment(Lanes.F, x, offset, NATIVE);
  }
}
