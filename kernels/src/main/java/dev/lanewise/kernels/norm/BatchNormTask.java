package dev.lanewise.kernels.norm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.lane.BlockTask;
import java.lang.foreign.MemorySegment;

/** Batch normalisation: sums cut into blocks of channels, what maps element to element into blocks of rows. */
public final class BatchNormTask extends BlockTask {
  public static final Workers.Key<BatchNormTask> KEY = new Workers.Key<>(BatchNormTask::new);

  /** Rows that a sum adds up before it adds the result to the column's total. */
  public static final int STRETCH = 256;

  /** Channels of a block begin on a cache line of their own. */
  private static final int ALIGN = 16;

  private enum Phase {
    STATISTICS,
    NORMALISE,
    GRADIENTS,
    BACKWARD
  }

  private Phase phase = Phase.STATISTICS;
  private int rows;
  private int channels;
  private MemorySegment x = MemorySegment.NULL;
  private MemorySegment mean = MemorySegment.NULL;
  private MemorySegment rstd = MemorySegment.NULL;
  private MemorySegment dgamma = MemorySegment.NULL;
  /** Beta forwards, its gradient backwards. */
  private MemorySegment beta = MemorySegment.NULL;
  private MemorySegment dy = MemorySegment.NULL;
  private MemorySegment out = MemorySegment.NULL;
  /** Per channel: gamma rstd; the means of dy and of dy times the normalised x; what accumulated gradients held before. */
  private float[] scale = {};
  private float[] c1 = {};
  private float[] c2 = {};
  private float[] oldGamma = {};
  private float[] oldBeta = {};

  private BatchNormTask() {}

  private void set(Phase next, int newRows, int newChannels, MemorySegment newX, MemorySegment newMean) {
    phase = next;
    rows = newRows;
    channels = newChannels;
    x = newX;
    mean = newMean;
    if (scale.length < newChannels) {
      scale = new float[newChannels];
      c1 = new float[newChannels];
      c2 = new float[newChannels];
      oldGamma = new float[newChannels];
      oldBeta = new float[newChannels];
    }
  }

  public void train(
      int newRows, int newChannels, MemorySegment newX, MemorySegment gamma, MemorySegment newBeta, float epsilon,
      float momentum, MemorySegment runningMean, MemorySegment runningVariance, MemorySegment y, MemorySegment newMean,
      MemorySegment newRstd, Workers workers) {
    set(Phase.STATISTICS, newRows, newChannels, newX, newMean);
    rstd = newRstd;
    run(channels, rows, ALIGN, workers);
    for (int c = 0; c < newChannels; c++) {
      float variance = newRstd.getAtIndex(JAVA_FLOAT, c) / newRows;
      update(c, newMean.getAtIndex(JAVA_FLOAT, c), momentum, runningMean);
      update(c, variance, momentum, runningVariance);
      float r = 1f / (float) Math.sqrt(variance + epsilon);
      newRstd.setAtIndex(JAVA_FLOAT, c, r);
      scale[c] = gamma.getAtIndex(JAVA_FLOAT, c) * r;
    }
    normalise(newRows, newChannels, newX, newMean, newBeta, y, workers);
  }

  private static void update(int c, float now, float momentum, MemorySegment running) {
    float before = running.getAtIndex(JAVA_FLOAT, c);
    running.setAtIndex(JAVA_FLOAT, c, Math.fma(1f - momentum, now - before, before));
  }

  public void infer(
      int newRows, int newChannels, MemorySegment newX, MemorySegment gamma, MemorySegment newBeta, float epsilon,
      MemorySegment runningMean, MemorySegment runningVariance, MemorySegment y, Workers workers) {
    set(Phase.NORMALISE, newRows, newChannels, newX, runningMean);
    for (int c = 0; c < newChannels; c++) {
      float r = 1f / (float) Math.sqrt(runningVariance.getAtIndex(JAVA_FLOAT, c) + epsilon);
      scale[c] = gamma.getAtIndex(JAVA_FLOAT, c) * r;
    }
    normalise(newRows, newChannels, newX, runningMean, newBeta, y, workers);
  }

  private void normalise(
      int newRows, int newChannels, MemorySegment newX, MemorySegment newMean, MemorySegment newBeta, MemorySegment y,
      Workers workers) {
    set(Phase.NORMALISE, newRows, newChannels, newX, newMean);
    beta = newBeta;
    out = y;
    run(rows, Math.max(1, channels), 1, workers);
  }

  public void backward(
      int newRows, int newChannels, MemorySegment newX, MemorySegment gamma, MemorySegment newMean,
      MemorySegment newRstd, MemorySegment newDy, MemorySegment dx, MemorySegment newDgamma, MemorySegment dbeta,
      boolean accumulate, Workers workers) {
    set(Phase.GRADIENTS, newRows, newChannels, newX, newMean);
    for (int c = 0; c < newChannels; c++) {
      oldGamma[c] = newDgamma.getAtIndex(JAVA_FLOAT, c);
      oldBeta[c] = dbeta.getAtIndex(JAVA_FLOAT, c);
      newDgamma.setAtIndex(JAVA_FLOAT, c, 0f);
      dbeta.setAtIndex(JAVA_FLOAT, c, 0f);
    }
    rstd = newRstd;
    dy = newDy;
    dgamma = newDgamma;
    beta = dbeta;
    run(channels, rows, ALIGN, workers);
    for (int c = 0; c < newChannels; c++) {
      float g = newDgamma.getAtIndex(JAVA_FLOAT, c);
      float b = dbeta.getAtIndex(JAVA_FLOAT, c);
      c1[c] = b / newRows;
      c2[c] = g / newRows;
      scale[c] = gamma.getAtIndex(JAVA_FLOAT, c) * newRstd.getAtIndex(JAVA_FLOAT, c);
      if (accumulate) {
        newDgamma.setAtIndex(JAVA_FLOAT, c, oldGamma[c] + g);
        dbeta.setAtIndex(JAVA_FLOAT, c, oldBeta[c] + b);
      }
    }
    set(Phase.BACKWARD, newRows, newChannels, newX, newMean);
    rstd = newRstd;
    dy = newDy;
    out = dx;
    run(rows, Math.max(1, channels), 1, workers);
  }

  @Override
  protected void range(long from, long to) {
    switch (phase) {
      case STATISTICS -> statistics(4 * from, 4 * to);
      case GRADIENTS -> gradients(4 * from, 4 * to);
      case NORMALISE -> {
        for (long row = from; row < to; row++) {
          BatchNormKernel.normalise(4 * row * channels, channels, x, mean, scale, beta, out);
        }
      }
      case BACKWARD -> {
        for (long row = from; row < to; row++) {
          BatchNormKernel.backward(4 * row * channels, channels, x, mean, rstd, dy, scale, c1, c2, out);
        }
      }
    }
  }

  /** Leaves the mean in mean and the sum of squared deviations in rstd. */
  private void statistics(long from, long to) {
    zero(from, to, mean);
    zero(from, to, rstd);
    for (int first = 0; first < rows; first += STRETCH) {
      sums(from, to, first, Math.min(STRETCH, rows - first));
    }
    for (long at = from; at < to; at += 4) {
      mean.set(JAVA_FLOAT, at, mean.get(JAVA_FLOAT, at) / rows);
    }
    for (int first = 0; first < rows; first += STRETCH) {
      squares(from, to, first, Math.min(STRETCH, rows - first));
    }
  }

  private static void zero(long from, long to, MemorySegment sums) {
    for (long at = from; at < to; at += 4) {
      sums.set(JAVA_FLOAT, at, 0f);
    }
  }

  private void sums(long from, long to, long first, int count) {
    long rowBytes = 4L * channels;
    long at = from;
    for (; at <= to - 2 * BatchNormColumns.STEP; at += 2 * BatchNormColumns.STEP) {
      BatchNormColumns.sumsTwo(count, rowBytes, first * rowBytes + at, x, at, mean);
    }
    for (; at <= to - BatchNormColumns.STEP; at += BatchNormColumns.STEP) {
      BatchNormColumns.sumsOne(count, rowBytes, first * rowBytes + at, x, at, mean);
    }
    for (; at < to; at += 4) {
      BatchNormColumns.sumsScalar(count, rowBytes, first * rowBytes + at, x, at, mean);
    }
  }

  private void squares(long from, long to, long first, int count) {
    long rowBytes = 4L * channels;
    long at = from;
    for (; at <= to - 2 * BatchNormColumns.STEP; at += 2 * BatchNormColumns.STEP) {
      BatchNormColumns.squaresTwo(count, rowBytes, first * rowBytes + at, x, at, mean, rstd);
    }
    for (; at <= to - BatchNormColumns.STEP; at += BatchNormColumns.STEP) {
      BatchNormColumns.squaresOne(count, rowBytes, first * rowBytes + at, x, at, mean, rstd);
    }
    for (; at < to; at += 4) {
      BatchNormColumns.squaresScalar(count, rowBytes, first * rowBytes + at, x, at, mean, rstd);
    }
  }

  private void gradients(long from, long to) {
    long rowBytes = 4L * channels;
    for (int first = 0; first < rows; first += STRETCH) {
      int count = Math.min(STRETCH, rows - first);
      long begin = first * rowBytes;
      long at = from;
      for (; at <= to - 2 * BatchNormColumns.STEP; at += 2 * BatchNormColumns.STEP) {
        BatchNormColumns.gradientsTwo(count, rowBytes, begin + at, x, dy, at, mean, rstd, dgamma, beta);
      }
      for (; at <= to - BatchNormColumns.STEP; at += BatchNormColumns.STEP) {
        BatchNormColumns.gradientsOne(count, rowBytes, begin + at, x, dy, at, mean, rstd, dgamma, beta);
      }
      for (; at < to; at += 4) {
        BatchNormColumns.gradientsScalar(count, rowBytes, begin + at, x, dy, at, mean, rstd, dgamma, beta);
      }
    }
  }

  @Override
  protected void clear() {
    x = MemorySegment.NULL;
    mean = MemorySegment.NULL;
    rstd = MemorySegment.NULL;
    dgamma = MemorySegment.NULL;
    beta = MemorySegment.NULL;
    dy = MemorySegment.NULL;
    out = MemorySegment.NULL;
  }
}
