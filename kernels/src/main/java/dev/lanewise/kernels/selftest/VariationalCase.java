package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.reference.VariationalReference;
import dev.lanewise.kernels.variational.VariationalTask;
import java.lang.foreign.MemorySegment;

/** One row of latent variables drawn, its divergence, and both gradients. */
public final class VariationalCase implements SelfTest.Case {
  private static final int N = Sample.N;

  @Override
  public void run(Sample sample) {
    VariationalTask task = sample.workers().state(VariationalTask.KEY);
    MemorySegment h = sample.values(2 * N);
    MemorySegment eps = sample.values(N);
    MemorySegment sigma = sample.blank(N);
    MemorySegment wantSigma = sample.blank(N);
    MemorySegment z = sample.blank(N);
    MemorySegment wantZ = sample.blank(N);
    task.sample(1, N, h, eps, sigma, z, sample.workers());
    VariationalReference.sample(0, 1, N, h, eps, wantSigma, wantZ);
    sample.same("sample", z, wantZ);
    sample.same("sigma of sample", sigma, wantSigma);
    MemorySegment got = sample.blank(2 * N);
    MemorySegment want = sample.blank(2 * N);
    task.backward(1, N, eps, wantSigma, wantZ, got, sample.workers());
    VariationalReference.backward(0, 1, N, eps, wantSigma, wantZ, want);
    sample.same("backward", got, want);
    task.addDivergenceGradient(1, N, h, wantSigma, 0.3f, got, sample.workers());
    VariationalReference.addDivergenceGradient(0, 1, N, h, wantSigma, 0.3f, want);
    sample.same("addDivergenceGradient", got, want);
    got = sample.blank(1);
    want = sample.blank(1);
    task.divergence(1, N, h, wantSigma, got, sample.workers());
    VariationalReference.divergence(0, 1, N, h, wantSigma, want);
    sample.same("divergence", got, want);
  }
}
