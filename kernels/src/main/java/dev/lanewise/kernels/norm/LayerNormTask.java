package dev.lanewise.kernels.norm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.lane.BlockTask;
import dev.lanewise.kernels.reduction.ReductionsVector;
import java.lang.foreign.MemorySegment;

/** Layer normalisation: forwards and for dx cut into blocks of rows, for the gradients of gamma and beta into blocks of columns. */
public final class LayerNormTask extends BlockTask {
  public static final Workers.Key<LayerNormTask> KEY = new Workers.Key<>(LayerNormTask::new);

  /** Columns of a block begin on a cache line of their own. */
  private static final int ALIGN = 16;

  /** Elements of the rows that go through the steps together: they stay in the first-level cache. */
  private static final int AT_ONCE = 4096;

  private enum Phase {
    FORWARD,
    COLUMNS,
    BACKWARD
  }

  private Phase phase = Phase.FORWARD;
  private int rows;
  private int cols;
  private float epsilon;
  private MemorySegment x = MemorySegment.NULL;
  private MemorySegment gamma = MemorySegment.NULL;
  private MemorySegment beta = MemorySegment.NULL;
  private MemorySegment y = MemorySegment.NULL;
  private MemorySegment mean = MemorySegment.NULL;
  private MemorySegment rstd = MemorySegment.NULL;
  private MemorySegment dgamma = MemorySegment.NULL;

  private LayerNormTask() {}

  private void set(
      int newRows, int newCols, MemorySegment newX, MemorySegment newGamma, MemorySegment newBeta, MemorySegment newY,
      MemorySegment newMean, MemorySegment newRstd) {
    rows = newRows;
    cols = newCols;
    x = newX;
    gamma = newGamma;
    beta = newBeta;
    y = newY;
    mean = newMean;
    rstd = newRstd;
  }

  public void forward(
      int newRows, int newCols, MemorySegment newX, MemorySegment newGamma, MemorySegment newBeta, float newEpsilon,
      MemorySegment newY, MemorySegment newMean, MemorySegment newRstd, Workers workers) {
    set(newRows, newCols, newX, newGamma, newBeta, newY, newMean, newRstd);
    phase = Phase.FORWARD;
    epsilon = newEpsilon;
    run(rows, Math.max(1, cols), 1, workers);
  }

  public void backward(
      int newRows, int newCols, MemorySegment newX, MemorySegment newGamma, MemorySegment newMean,
      MemorySegment newRstd, MemorySegment dy, MemorySegment dx, MemorySegment newDgamma, MemorySegment dbeta,
      boolean accumulate, Workers workers) {
    if (!accumulate) {
      for (long j = 0; j < newCols; j++) {
        newDgamma.setAtIndex(JAVA_FLOAT, j, 0f);
        dbeta.setAtIndex(JAVA_FLOAT, j, 0f);
      }
    }
    // The columns come first: dx may then be dy or x.
    set(newRows, newCols, newX, newGamma, dbeta, dy, newMean, newRstd);
    phase = Phase.COLUMNS;
    dgamma = newDgamma;
    run(cols, Math.max(1, rows), ALIGN, workers);
    set(newRows, newCols, newX, newGamma, dx, dy, newMean, newRstd);
    phase = Phase.BACKWARD;
    run(rows, Math.max(1, cols), 1, workers);
  }

  @Override
  protected void range(long from, long to) {
    switch (phase) {
      case FORWARD -> {
        long rowsAtOnce = Math.max(1, AT_ONCE / Math.max(1, cols));
        for (long i = from; i < to; i += rowsAtOnce) {
          forward(i, Math.min(to, i + rowsAtOnce), 4L * cols);
        }
      }
      case COLUMNS -> columns(4 * from, 4 * to);
      case BACKWARD -> {
        for (long i = from; i < to; i++) {
          backward(i, 4L * cols);
        }
      }
    }
  }

  /** One step after another for several rows: a row's steps wait for each other, those of different rows do not. */
  private void forward(long from, long to, long bytes) {
    for (long i = from; i < to; i++) {
      mean.set(JAVA_FLOAT, 4 * i, ReductionsVector.sum(x, i * bytes, bytes) / cols);
    }
    for (long i = from; i < to; i++) {
      float variance = LayerNormKernel.squares(i * bytes, bytes, x, mean.get(JAVA_FLOAT, 4 * i)) / cols;
      rstd.set(JAVA_FLOAT, 4 * i, 1f / (float) Math.sqrt(variance + epsilon));
    }
    for (long i = from; i < to; i++) {
      float m = mean.get(JAVA_FLOAT, 4 * i);
      LayerNormKernel.normalise(i * bytes, bytes, x, m, rstd.get(JAVA_FLOAT, 4 * i), gamma, beta, y);
    }
  }

  /** y holds dy, beta holds dbeta. */
  private void columns(long from, long to) {
    long rowBytes = 4L * cols;
    long j = from;
    for (; j <= to - 2 * LayerNormColumns.STEP; j += 2 * LayerNormColumns.STEP) {
      LayerNormColumns.two(rows, rowBytes, j, x, mean, rstd, y, dgamma, beta);
    }
    for (; j <= to - LayerNormColumns.STEP; j += LayerNormColumns.STEP) {
      LayerNormColumns.one(rows, rowBytes, j, x, mean, rstd, y, dgamma, beta);
    }
    for (; j < to; j += 4) {
      LayerNormColumns.scalar(rows, rowBytes, j, x, mean, rstd, y, dgamma, beta);
    }
  }

  /** y holds dy, beta holds dx. */
  private void backward(long i, long bytes) {
    float m = mean.get(JAVA_FLOAT, 4 * i);
    float r = rstd.get(JAVA_FLOAT, 4 * i);
    long sums = LayerNormKernel.sums(i * bytes, bytes, y, gamma, x, m, r);
    float c1 = Float.intBitsToFloat((int) (sums >>> 32)) / cols;
    float c2 = Float.intBitsToFloat((int) sums) / cols;
    LayerNormKernel.backward(i * bytes, bytes, y, gamma, x, m, r, c1, c2, beta);
  }

  @Override
  protected void clear() {
    x = MemorySegment.NULL;
    gamma = MemorySegment.NULL;
    beta = MemorySegment.NULL;
    y = MemorySegment.NULL;
    mean = MemorySegment.NULL;
    rstd = MemorySegment.NULL;
    dgamma = MemorySegment.NULL;
  }
}
