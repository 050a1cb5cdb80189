package dev.lanewise.kernels.loss;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.lane.BlockTask;
import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.loss.LossRows.Loss;
import java.lang.foreign.MemorySegment;

/** A loss with or without its gradient, cut into blocks of rows. */
public final class LossesTask extends BlockTask {
  public static final Workers.Key<LossesTask> KEY = new Workers.Key<>(LossesTask::new);

  private Loss loss = Loss.SQUARED_ERROR;
  private int cols;
  private MemorySegment x = MemorySegment.NULL;
  private MemorySegment targets = MemorySegment.NULL;
  private MemorySegment losses = MemorySegment.NULL;
  private MemorySegment gradient = MemorySegment.NULL;
  private boolean wantsGradient;
  private float scale;

  private LossesTask() {}

  /** A gradient of {@link MemorySegment#NULL} is not wanted. */
  public void run(
      Loss newLoss, int rows, int newCols, MemorySegment newX, MemorySegment newTargets, MemorySegment newLosses,
      MemorySegment newGradient, float gradientScale, Workers workers) {
    loss = newLoss;
    cols = newCols;
    x = newX;
    targets = newTargets;
    losses = newLosses;
    gradient = newGradient;
    wantsGradient = newGradient.address() != 0;
    scale = gradientScale;
    run(rows, Math.max(1, cols), 1, workers);
  }

  @Override
  protected void range(long from, long to) {
    if (cols < Lanes.VIRTUAL) {
      LossRows.twin(loss, from, to, cols, x, targets, losses, gradient, scale);
      return;
    }
    for (long row = from; row < to; row++) {
      losses.setAtIndex(JAVA_FLOAT, row, row(row, 4L * cols * row, 4L * cols));
    }
  }

  private float row(long index, long row, long bytes) {
    return switch (loss) {
      case SPARSE_CROSS_ENTROPY -> {
        long label = row + 4L * targets.getAtIndex(JAVA_INT, index);
        yield wantsGradient
            ? CrossEntropyVector.sparse(row, bytes, x, label, gradient, scale)
            : CrossEntropyVector.sparse(row, bytes, x, label);
      }
      case CROSS_ENTROPY ->
        wantsGradient
            ? CrossEntropyVector.dense(row, bytes, x, targets, gradient, scale)
            : CrossEntropyVector.dense(row, bytes, x, targets);
      case BINARY_CROSS_ENTROPY -> {
        float sum = PointwiseVector.binary(row, bytes, x, targets);
        if (wantsGradient) {
          PointwiseVector.binaryGradient(row, bytes, x, targets, gradient, scale / cols);
        }
        yield sum / cols;
      }
      case SQUARED_ERROR -> {
        float sum = PointwiseVector.squared(row, bytes, x, targets);
        if (wantsGradient) {
          PointwiseVector.difference(row, bytes, x, targets, gradient, 2f * scale / cols);
        }
        yield sum / cols;
      }
    };
  }

  @Override
  protected void clear() {
    x = MemorySegment.NULL;
    targets = MemorySegment.NULL;
    losses = MemorySegment.NULL;
    gradient = MemorySegment.NULL;
  }
}
