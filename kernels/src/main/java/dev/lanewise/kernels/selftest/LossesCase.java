package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.loss.LossRows;
import dev.lanewise.kernels.loss.LossRows.Loss;
import dev.lanewise.kernels.loss.LossesTask;
import java.lang.foreign.MemorySegment;

/** A loss of one row and its gradient. */
public final class LossesCase implements SelfTest.Case {
  private static final int N = Sample.N;

  private final Loss loss;

  public LossesCase(Loss loss) {
    this.loss = loss;
  }

  @Override
  public void run(Sample sample) {
    MemorySegment x = sample.values(N);
    MemorySegment targets = loss == Loss.SPARSE_CROSS_ENTROPY ? sample.label(N) : sample.positive(N);
    MemorySegment got = sample.blank(1);
    MemorySegment want = sample.blank(1);
    MemorySegment gradient = sample.blank(N);
    MemorySegment wantGradient = sample.blank(N);
    sample.workers().state(LossesTask.KEY).run(loss, 1, N, x, targets, got, gradient, 0.3f, sample.workers());
    LossRows.twin(loss, 0, 1, N, x, targets, want, wantGradient, 0.3f);
    sample.same(loss.name(), got, want);
    sample.same("the gradient", gradient, wantGradient);
  }
}
