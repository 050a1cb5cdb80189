package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.loss.LossRows;
import dev.lanewise.kernels.loss.LossRows.Loss;
import dev.lanewise.kernels.loss.LossesTask;
import java.lang.foreign.MemorySegment;

/** The losses of one row and their gradients. */
public final class LossesCase implements SelfTest.Case {
  private static final int N = Sample.N;

  @Override
  public void run(Sample sample) {
    MemorySegment x = sample.values(N);
    MemorySegment targets = sample.positive(N);
    for (Loss loss : Loss.values()) {
      MemorySegment wanted = loss == Loss.SPARSE_CROSS_ENTROPY ? sample.label(N) : targets;
      MemorySegment got = sample.blank(1);
      MemorySegment want = sample.blank(1);
      MemorySegment gradient = sample.blank(N);
      MemorySegment wantGradient = sample.blank(N);
      sample.workers().state(LossesTask.KEY).run(loss, 1, N, x, wanted, got, gradient, 0.3f, sample.workers());
      LossRows.twin(loss, 0, 1, N, x, wanted, want, wantGradient, 0.3f);
      sample.same(loss.name(), got, want);
      sample.same("the gradient of " + loss.name(), gradient, wantGradient);
    }
  }
}
