package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.reference.RngReference;
import dev.lanewise.kernels.rng.RngTask;
import java.lang.foreign.MemorySegment;

/** A group of random numbers of one kind; what fills no group comes from the twin anyway. */
public final class RngCase implements SelfTest.Case {
  /** Which fill. */
  public enum Kind {
    UNIFORM,
    NORMAL,
    DROPOUT_MASK
  }

  private static final int N = RngReference.GROUP;

  private final Kind kind;

  public RngCase(Kind kind) {
    this.kind = kind;
  }

  @Override
  public void run(Sample sample) {
    RngTask task = sample.workers().state(RngTask.KEY);
    MemorySegment got = sample.blank(N);
    MemorySegment want = sample.blank(N);
    switch (kind) {
      case UNIFORM -> {
        task.uniform(7, 11, 0, N, got, -2, 3, sample.workers());
        RngReference.uniform(7, 11, 0, 0, N, want, -2, 3);
      }
      case NORMAL -> {
        task.normal(7, 11, 0, N, got, -2, 3, sample.workers());
        RngReference.normal(7, 11, 0, 0, N, want, -2, 3);
      }
      case DROPOUT_MASK -> {
        task.mask(7, 11, 0, N, got, 0.7f, sample.workers());
        RngReference.dropoutMask(7, 11, 0, 0, N, want, 0.7f);
      }
    }
    sample.same(kind.name(), got, want);
  }
}
