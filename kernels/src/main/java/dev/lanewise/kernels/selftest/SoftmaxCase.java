package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.reference.SoftmaxReference;
import dev.lanewise.kernels.softmax.SoftmaxTask;
import dev.lanewise.kernels.softmax.SoftmaxTask.Function;
import java.lang.foreign.MemorySegment;

/** Softmax and its logarithm along one row, and back. */
public final class SoftmaxCase implements SelfTest.Case {
  private static final int N = Sample.N;

  @Override
  public void run(Sample sample) {
    Workers workers = sample.workers();
    MemorySegment x = sample.values(N);
    MemorySegment dy = sample.values(N);
    MemorySegment got = sample.blank(N);
    MemorySegment want = sample.blank(N);
    workers.state(SoftmaxTask.KEY).forward(Function.FORWARD, 1, N, x, got, workers);
    SoftmaxReference.forward(0, 1, N, x, want);
    sample.same("forward", got, want);
    MemorySegment y = sample.copy(want);
    workers.state(SoftmaxTask.KEY).backward(Function.BACKWARD, 1, N, y, dy, got, workers);
    SoftmaxReference.backward(0, 1, N, y, dy, want);
    sample.same("backward", got, want);
    workers.state(SoftmaxTask.KEY).forward(Function.LOG_FORWARD, 1, N, x, got, workers);
    SoftmaxReference.logForward(0, 1, N, x, want);
    sample.same("logSoftmax", got, want);
    y = sample.copy(want);
    workers.state(SoftmaxTask.KEY).backward(Function.LOG_BACKWARD, 1, N, y, dy, got, workers);
    SoftmaxReference.logBackward(0, 1, N, y, dy, want);
    sample.same("logSoftmaxBackward", got, want);
  }
}
