package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.reference.SoftmaxReference;
import dev.lanewise.kernels.softmax.SoftmaxTask;
import dev.lanewise.kernels.softmax.SoftmaxTask.Function;
import java.lang.foreign.MemorySegment;

/** Softmax or its logarithm along one row, or back. */
public final class SoftmaxCase implements SelfTest.Case {
  private static final int N = Sample.N;

  private final Function function;

  public SoftmaxCase(Function function) {
    this.function = function;
  }

  @Override
  public void run(Sample sample) {
    Workers workers = sample.workers();
    SoftmaxTask task = workers.state(SoftmaxTask.KEY);
    MemorySegment x = sample.values(N);
    MemorySegment got = sample.blank(N);
    MemorySegment want = sample.blank(N);
    switch (function) {
      case FORWARD -> {
        task.forward(function, 1, N, x, got, workers);
        SoftmaxReference.forward(0, 1, N, x, want);
      }
      case LOG_FORWARD -> {
        task.forward(function, 1, N, x, got, workers);
        SoftmaxReference.logForward(0, 1, N, x, want);
      }
      case BACKWARD -> {
        MemorySegment dy = sample.values(N);
        task.backward(function, 1, N, x, dy, got, workers);
        SoftmaxReference.backward(0, 1, N, x, dy, want);
      }
      case LOG_BACKWARD -> {
        MemorySegment dy = sample.values(N);
        task.backward(function, 1, N, x, dy, got, workers);
        SoftmaxReference.logBackward(0, 1, N, x, dy, want);
      }
    }
    sample.same(function.name(), got, want);
  }
}
