package dev.lanewise.kernels.softmax;

import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.lane.BlockTask;
import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;

/** Softmax and its relatives, cut into blocks of rows. */
public final class SoftmaxTask extends BlockTask {
  public static final Workers.Key<SoftmaxTask> KEY = new Workers.Key<>(SoftmaxTask::new);

  /** Which row kernel to run. */
  public enum Function {
    FORWARD,
    LOG_FORWARD,
    BACKWARD,
    LOG_BACKWARD
  }

  private Function function = Function.FORWARD;
  private int cols;
  private MemorySegment first = MemorySegment.NULL;
  private MemorySegment second = MemorySegment.NULL;
  private MemorySegment result = MemorySegment.NULL;

  private SoftmaxTask() {}

  public void forward(Function forward, int rows, int newCols, MemorySegment x, MemorySegment y, Workers workers) {
    backward(forward, rows, newCols, x, MemorySegment.NULL, y, workers);
  }

  public void backward(
      Function backward, int rows, int newCols, MemorySegment y, MemorySegment dy, MemorySegment dx, Workers workers) {
    if (newCols == 0) {
      return;
    }
    function = backward;
    cols = newCols;
    first = y;
    second = dy;
    result = dx;
    run(rows, cols, 1, workers);
  }

  @Override
  protected void range(long from, long to) {
    if (cols < Lanes.VIRTUAL) {
      shortRows(from, to);
      return;
    }
    long rowBytes = 4L * cols;
    for (long row = from * rowBytes; row < to * rowBytes; row += rowBytes) {
      switch (function) {
        case FORWARD -> SoftmaxVector.forward(row, rowBytes, first, result);
        case LOG_FORWARD -> SoftmaxVector.logForward(row, rowBytes, first, result);
        case BACKWARD -> SoftmaxVector.backward(row, rowBytes, first, second, result);
        case LOG_BACKWARD -> SoftmaxVector.logBackward(row, rowBytes, first, second, result);
      }
    }
  }

  /** Rows too short for the widest vector. */
  private void shortRows(long from, long to) {
    switch (function) {
      case FORWARD -> ShortRows.forward(from, to, cols, first, result);
      case LOG_FORWARD -> ShortRows.logForward(from, to, cols, first, result);
      case BACKWARD -> ShortRows.backward(from, to, cols, first, second, result);
      case LOG_BACKWARD -> ShortRows.logBackward(from, to, cols, first, second, result);
    }
  }

  @Override
  protected void clear() {
    first = MemorySegment.NULL;
    second = MemorySegment.NULL;
    result = MemorySegment.NULL;
  }
}
