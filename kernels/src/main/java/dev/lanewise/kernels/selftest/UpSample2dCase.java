package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.UpSample2d;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.reference.UpSample2dReference;
import dev.lanewise.kernels.pool.UpSampleTask;
import java.lang.foreign.MemorySegment;

/** An image enlarged, or its gradient. */
public final class UpSample2dCase implements SelfTest.Case {
  private static final int CHANNELS = Lanes.COUNT + 1;

  private final boolean back;

  public UpSample2dCase(boolean back) {
    this.back = back;
  }

  @Override
  public void run(Sample sample) {
    Workers workers = sample.workers();
    UpSample2d up = new UpSample2d(1, 2, CHANNELS, 2, 2);
    if (back) {
      backward(sample, up);
      return;
    }
    MemorySegment x = sample.values(2 * CHANNELS);
    MemorySegment got = sample.blank(8 * CHANNELS);
    MemorySegment want = sample.blank(8 * CHANNELS);
    workers.state(UpSampleTask.KEY).forward(up, 1, x, got, workers);
    UpSample2dReference.forward(up, 1, x, want);
    sample.same("forward", got, want);
  }

  private static void backward(Sample sample, UpSample2d up) {
    Workers workers = sample.workers();
    MemorySegment dy = sample.values(8 * CHANNELS);
    MemorySegment got = sample.blank(2 * CHANNELS);
    MemorySegment want = sample.blank(2 * CHANNELS);
    workers.state(UpSampleTask.KEY).backward(up, 1, dy, got, workers);
    UpSample2dReference.backward(up, 1, dy, want);
    sample.same("backward", got, want);
  }
}
