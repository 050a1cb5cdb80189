package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.Pool2d;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.pool.PoolTask;
import dev.lanewise.kernels.reference.Pool2dReference;
import java.lang.foreign.MemorySegment;

/** Maxima or averages, or back: a window of 2x2, one of another size, and two that overlap, which matters backwards alone. */
public final class Pool2dCase implements SelfTest.Case {
  private static final int CHANNELS = Lanes.COUNT + 1;
  private static final Pool2d SQUARE = Pool2d.of(2, 2, CHANNELS, 2, 2, 2, 2);
  private static final Pool2d PAIR = Pool2d.of(1, 2, CHANNELS, 1, 2, 1, 2);
  private static final Pool2d OVERLAPPING = Pool2d.of(1, 3, CHANNELS, 1, 2, 1, 1);

  /** What is tried at a time. */
  public enum Part {
    MAX,
    MAX_BACKWARD,
    AVERAGE,
    AVERAGE_BACKWARD
  }

  private final Part part;

  public Pool2dCase(Part part) {
    this.part = part;
  }

  @Override
  public void run(Sample sample) {
    PoolTask task = sample.workers().state(PoolTask.KEY);
    switch (part) {
      case MAX -> {
        maximum(sample, task, SQUARE);
        maximum(sample, task, PAIR);
      }
      case MAX_BACKWARD -> {
        spread(sample, task, SQUARE, sample.taps(CHANNELS, 4));
        spread(sample, task, PAIR, sample.taps(CHANNELS, 2));
        spread(sample, task, OVERLAPPING, sample.taps(2 * CHANNELS, 2));
      }
      case AVERAGE -> average(sample, task, PAIR);
      case AVERAGE_BACKWARD -> {
        spreadAverage(sample, task, PAIR);
        spreadAverage(sample, task, OVERLAPPING);
      }
    }
  }

  private static void average(Sample sample, PoolTask task, Pool2d pool) {
    Workers workers = sample.workers();
    int inputs = pool.width() * CHANNELS;
    int outputs = pool.outWidth() * CHANNELS;
    MemorySegment x = sample.values(inputs);
    MemorySegment got = sample.blank(outputs);
    MemorySegment want = sample.blank(outputs);
    task.averageForward(pool, 1, x, got, workers);
    Pool2dReference.averageForward(pool, 1, x, want);
    sample.same("averageForward", got, want);
  }

  private static void spreadAverage(Sample sample, PoolTask task, Pool2d pool) {
    int inputs = pool.width() * CHANNELS;
    MemorySegment dy = sample.values(pool.outWidth() * CHANNELS);
    MemorySegment got = sample.blank(inputs);
    MemorySegment want = sample.blank(inputs);
    task.averageBackward(pool, 1, dy, got, sample.workers());
    Pool2dReference.averageBackward(pool, 1, dy, want);
    sample.same("averageBackward", got, want);
  }

  private static void maximum(Sample sample, PoolTask task, Pool2d pool) {
    Workers workers = sample.workers();
    MemorySegment x = sample.values(pool.height() * pool.width() * CHANNELS);
    MemorySegment got = sample.blank(CHANNELS);
    MemorySegment want = sample.blank(CHANNELS);
    MemorySegment taps = sample.blank(CHANNELS);
    MemorySegment wantTaps = sample.blank(CHANNELS);
    task.forward(pool, 1, x, got, taps, workers);
    Pool2dReference.maxForward(pool, 1, x, want, wantTaps);
    sample.same("maxForward", got, want);
    sample.same("the taps of maxForward", taps, wantTaps);
    got = sample.blank(CHANNELS);
    task.forward(pool, 1, x, got, MemorySegment.NULL, workers);
    sample.same("maxForward without taps", got, want);
  }

  private static void spread(Sample sample, PoolTask task, Pool2d pool, MemorySegment taps) {
    int inputs = pool.height() * pool.width() * CHANNELS;
    MemorySegment dy = sample.values(pool.outWidth() * CHANNELS);
    MemorySegment got = sample.blank(inputs);
    MemorySegment want = sample.blank(inputs);
    task.backward(pool, 1, dy, taps, got, sample.workers());
    Pool2dReference.maxBackward(pool, 1, dy, taps, want);
    sample.same("maxBackward", got, want);
  }
}
