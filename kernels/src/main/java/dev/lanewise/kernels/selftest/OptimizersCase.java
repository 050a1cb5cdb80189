package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.optim.OptimizersTask;
import dev.lanewise.kernels.reference.OptimizersReference;
import java.lang.foreign.MemorySegment;

/** One step of an optimizer. */
public final class OptimizersCase implements SelfTest.Case {
  private static final int N = Sample.N;

  /** What is tried at a time. */
  public enum Part {
    SGD,
    MOMENTUM,
    RMSPROP,
    ADAM_W,
    EMA
  }

  private final Part part;

  public OptimizersCase(Part part) {
    this.part = part;
  }

  @Override
  public void run(Sample sample) {
    OptimizersTask task = sample.workers().state(OptimizersTask.KEY);
    MemorySegment g = sample.values(N);
    MemorySegment got = sample.values(N);
    MemorySegment want = sample.copy(got);
    MemorySegment m = sample.values(N);
    MemorySegment wantM = sample.copy(m);
    MemorySegment v = sample.positive(N);
    MemorySegment wantV = sample.copy(v);
    switch (part) {
      case SGD -> {
        task.sgd(N, got, g, 0.1f, 0.01f, sample.workers());
        OptimizersReference.sgd(0, N, want, g, 0.1f, 0.01f);
      }
      case MOMENTUM -> {
        task.momentum(N, got, g, m, 0.1f, 0.9f, true, 0.01f, sample.workers());
        OptimizersReference.momentum(0, N, want, g, wantM, 0.1f, 0.9f, true, 0.01f);
      }
      case RMSPROP -> {
        task.rmsprop(N, got, g, v, 0.1f, 0.9f, 1e-7f, 0.01f, sample.workers());
        OptimizersReference.rmsprop(0, N, want, g, wantV, 0.1f, 0.9f, 1e-7f, 0.01f);
      }
      case ADAM_W -> {
        task.adamW(N, got, g, m, v, 0.1f, 0.9f, 0.999f, 1e-7f, 0.01f, 2, sample.workers());
        OptimizersReference.adamW(0, N, want, g, wantM, wantV, 0.1f, 0.9f, 0.999f, 1e-7f, 0.01f, 2);
      }
      case EMA -> {
        task.ema(N, g, got, 0.9f, sample.workers());
        OptimizersReference.ema(0, N, g, want, 0.9f);
      }
    }
    sample.same(part.name(), got, want);
    sample.same("the state", m, wantM);
    sample.same("the second state", v, wantV);
  }
}
