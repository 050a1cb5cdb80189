package dev.lanewise.kernels.embedding;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.lane.BlockTask;
import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * Gathers rows of a table, cut into blocks of positions; scatters gradients into it, cut into blocks of columns, so that an element of the table is
 * one worker's whatever the ids are.
 */
public final class EmbeddingTask extends BlockTask {
  public static final Workers.Key<EmbeddingTask> KEY = new Workers.Key<>(EmbeddingTask::new);

  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  /** Columns of a block begin on a cache line of their own. */
  private static final int ALIGN = 16;

  private boolean gathers;
  private long rowBytes;
  private int n;
  private MemorySegment ids = MemorySegment.NULL;
  private MemorySegment from = MemorySegment.NULL;
  private MemorySegment to = MemorySegment.NULL;

  private EmbeddingTask() {}

  private void set(boolean newGathers, int width, int newN, MemorySegment newIds, MemorySegment newFrom, MemorySegment newTo) {
    gathers = newGathers;
    rowBytes = 4L * width;
    n = newN;
    ids = newIds;
    from = newFrom;
    to = newTo;
  }

  public void gather(int width, MemorySegment table, int newN, MemorySegment newIds, MemorySegment y, Workers workers) {
    set(true, width, newN, newIds, table, y);
    run(newN, Math.max(1, width), 1, workers);
  }

  public void scatterAdd(int width, int newN, MemorySegment newIds, MemorySegment dy, MemorySegment dtable, Workers workers) {
    set(false, width, newN, newIds, dy, dtable);
    run(width, Math.max(1, newN), ALIGN, workers);
  }

  @Override
  protected void range(long first, long last) {
    if (gathers) {
      for (long i = first; i < last; i++) {
        MemorySegment.copy(from, ids.get(JAVA_INT, 4 * i) * rowBytes, to, i * rowBytes, rowBytes);
      }
    } else {
      for (long i = 0; i < n; i++) {
        long row = ids.get(JAVA_INT, 4 * i) * rowBytes;
        add(i * rowBytes + 4 * first, row + 4 * first, 4 * (last - first), from, to);
      }
    }
  }

  private static void add(long gradient, long row, long bytes, MemorySegment dy, MemorySegment dtable) {
    dy = exact(dy);
    dtable = exact(dtable);
    long j = 0;
    for (; j <= bytes - STEP; j += STEP) {
      fromMemorySegment(F, dtable, row + j, NATIVE)
          .add(fromMemorySegment(F, dy, gradient + j, NATIVE))
          .intoMemorySegment(dtable, row + j, NATIVE);
    }
    for (; j < bytes; j += 4) {
      dtable.set(JAVA_FLOAT, row + j, dtable.get(JAVA_FLOAT, row + j) + dy.get(JAVA_FLOAT, gradient + j));
    }
  }

  @Override
  protected void clear() {
    ids = MemorySegment.NULL;
    from = MemorySegment.NULL;
    to = MemorySegment.NULL;
  }
}
