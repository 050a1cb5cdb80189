package dev.lanewise.kernels.reduction;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.lane.BlockTask;
import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;

/**
 * Sums down the columns of a matrix: each column is one chain of adds over ascending rows, several vectors of columns side by side to
 * hide the adder's latency. Threads share the columns.
 */
public final class ColumnSumsTask extends BlockTask {
  public static final Workers.Key<ColumnSumsTask> KEY = new Workers.Key<>(ColumnSumsTask::new);

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
    if (!accumulate) {
      for (long j = from; j < to; j += 4) {
        y.set(JAVA_FLOAT, j, 0f);
      }
    }
    long j = from;
    for (; j <= to - 4 * STEP; j += 4 * STEP) {
      ColumnSumKernel.four(rows, rowBytes, j, x, j, y);
    }
    for (; j <= to - 2 * STEP; j += 2 * STEP) {
      ColumnSumKernel.two(rows, rowBytes, j, x, j, y);
    }
    for (; j <= to - STEP; j += STEP) {
      ColumnSumKernel.one(rows, rowBytes, j, x, j, y);
    }
    for (; j < to; j += 4) {
      float sum = y.get(JAVA_FLOAT, j);
      for (long i = 0, at = j; i < rows; i++, at += rowBytes) {
        sum += x.get(JAVA_FLOAT, at);
      }
      y.set(JAVA_FLOAT, j, sum);
    }
  }
}
