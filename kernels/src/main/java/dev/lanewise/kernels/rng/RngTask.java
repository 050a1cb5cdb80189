package dev.lanewise.kernels.rng;

import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.lane.BlockTask;
import dev.lanewise.kernels.reference.RngReference;
import java.lang.foreign.MemorySegment;

/** Random fills, cut into blocks; the ends that are no whole group of 64 words go to the scalar twin. */
public final class RngTask extends BlockTask {
  public static final Workers.Key<RngTask> KEY = new Workers.Key<>(RngTask::new);

  private static final int GROUP = RngReference.GROUP;

  /** Bytes from a block's word to its next: 16 words. */
  private static final int APART = 64;

  private enum Kind {
    UNIFORM,
    NORMAL,
    MASK
  }

  private Kind kind = Kind.UNIFORM;
  private long seed;
  private long stream;
  private long offset;
  private MemorySegment y = MemorySegment.NULL;
  private float a;
  private float b;

  private RngTask() {}

  public void uniform(
      long newSeed, long newStream, long newOffset, long n, MemorySegment newY, float low, float high, Workers workers) {
    run(Kind.UNIFORM, newSeed, newStream, newOffset, n, newY, low, high, workers);
  }

  public void normal(
      long newSeed, long newStream, long newOffset, long n, MemorySegment newY, float mean, float stddev,
      Workers workers) {
    run(Kind.NORMAL, newSeed, newStream, newOffset, n, newY, mean, stddev, workers);
  }

  public void mask(
      long newSeed, long newStream, long newOffset, long n, MemorySegment newY, float keep, Workers workers) {
    run(Kind.MASK, newSeed, newStream, newOffset, n, newY, keep, 1f / keep, workers);
  }

  private void run(
      Kind newKind, long newSeed, long newStream, long newOffset, long n, MemorySegment newY, float newA, float newB,
      Workers workers) {
    kind = newKind;
    seed = newSeed;
    stream = newStream;
    offset = newOffset;
    y = newY;
    a = newA;
    b = newB;
    run(n, 1, GROUP, workers);
  }

  @Override
  protected void range(long from, long to) {
    long i = Math.min(to, from + Math.floorMod(-(offset + from), (long) GROUP));
    scalar(from, i);
    for (; i <= to - GROUP; i += GROUP) {
      PhiloxVector.group(seed, stream, Math.floorDiv(offset + i, GROUP), y, 4 * i);
      switch (kind) {
        case UNIFORM -> PhiloxVector.uniform(y, 4 * i, 4L * GROUP, a, b - a, Math.nextDown(b));
        case NORMAL -> {
          BoxMuller.run(y, 4 * i, 4 * i + APART, APART, a, b);
          BoxMuller.run(y, 4 * i + 2 * APART, 4 * i + 3 * APART, APART, a, b);
        }
        case MASK -> PhiloxVector.mask(y, 4 * i, 4L * GROUP, a, b);
      }
    }
    scalar(i, to);
  }

  private void scalar(long from, long to) {
    switch (kind) {
      case UNIFORM -> RngReference.uniform(seed, stream, offset, from, to, y, a, b);
      case NORMAL -> RngReference.normal(seed, stream, offset, from, to, y, a, b);
      case MASK -> RngReference.dropoutMask(seed, stream, offset, from, to, y, a);
    }
  }

  @Override
  protected void clear() {
    y = MemorySegment.NULL;
  }
}
