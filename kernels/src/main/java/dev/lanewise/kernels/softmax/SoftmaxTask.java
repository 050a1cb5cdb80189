package dev.lanewise.kernels.softmax;

import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.lane.BlockTask;
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
  private long rowBytes;
  private MemorySegment first = MemorySegment.NULL;
  private MemorySegment second = MemorySegment.NULL;
  private MemorySegment result = MemorySegment.NULL;

  private SoftmaxTask() {}

  public void forward(Function forward, int rows, int cols, MemorySegment x, MemorySegment y, Workers workers) {
    backward(forward, rows, cols, x, MemorySegment.NULL, y, workers);
  }

  public void backward(
      Function backward, int rows, int cols, MemorySegment y, MemorySegment dy, MemorySegment dx, Workers workers) {
    if (cols == 0) {
      return;
    }
    function = backward;
    rowBytes = 4L * cols;
    first = y;
    second = dy;
    result = dx;
    run(rows, cols, 1, workers);
  }

  @Override
  protected void range(long from, long to) {
    for (long row = from * rowBytes; row < to * rowBytes; row += rowBytes) {
      switch (function) {
        case FORWARD -> SoftmaxVector.forward(row, rowBytes, first, result);
        case LOG_FORWARD -> SoftmaxVector.logForward(row, rowBytes, first, result);
        case BACKWARD -> SoftmaxVector.backward(row, rowBytes, first, second, result);
        case LOG_BACKWARD -> SoftmaxVector.logBackward(row, rowBytes, first, second, result);
      }
    }
  }

  @Override
  protected void clear() {
    first = MemorySegment.NULL;
    second = MemorySegment.NULL;
    result = MemorySegment.NULL;
  }
}
