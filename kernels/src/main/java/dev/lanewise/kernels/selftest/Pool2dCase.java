package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.Pool2d;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.pool.PoolTask;
import dev.lanewise.kernels.reference.Pool2dReference;
import java.lang.foreign.MemorySegment;

/** Maxima of 2x2 windows and of overlapping ones, with their taps, and back. */
public final class Pool2dCase implements SelfTest.Case {
  private static final int CHANNELS = Lanes.COUNT + 1;

  @Override
  public void run(Sample sample) {
    compare(sample, Pool2d.of(2, 4, CHANNELS, 2, 2, 2, 2));
    compare(sample, Pool2d.of(2, 3, CHANNELS, 2, 2, 1, 1));
  }

  private static void compare(Sample sample, Pool2d pool) {
    Workers workers = sample.workers();
    int inputs = pool.height() * pool.width() * CHANNELS;
    int outputs = pool.outHeight() * pool.outWidth() * CHANNELS;
    MemorySegment x = sample.values(inputs);
    MemorySegment got = sample.blank(outputs);
    MemorySegment want = sample.blank(outputs);
    MemorySegment taps = sample.blank(outputs);
    MemorySegment wantTaps = sample.blank(outputs);
    workers.state(PoolTask.KEY).forward(pool, 1, x, got, taps, workers);
    Pool2dReference.maxForward(pool, 1, x, want, wantTaps);
    sample.same("maxForward", got, want);
    sample.same("the taps of maxForward", taps, wantTaps);
    workers.state(PoolTask.KEY).forward(pool, 1, x, got, MemorySegment.NULL, workers);
    sample.same("maxForward without taps", got, want);
    MemorySegment dy = sample.values(outputs);
    got = sample.blank(inputs);
    want = sample.blank(inputs);
    workers.state(PoolTask.KEY).backward(pool, 1, dy, wantTaps, got, workers);
    Pool2dReference.maxBackward(pool, 1, dy, wantTaps, want);
    sample.same("maxBackward", got, want);
  }
}
