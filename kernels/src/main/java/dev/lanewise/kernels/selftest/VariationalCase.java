package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.reference.VariationalReference;
import dev.lanewise.kernels.variational.VariationalTask;
import java.lang.foreign.MemorySegment;

/** One row of latent variables drawn, or its divergence, or one of both gradients. */
public final class VariationalCase implements SelfTest.Case {
  private static final int N = Sample.N;

  /** What is tried at a time. */
  public enum Part {
    SAMPLE,
    BACKWARD,
    DIVERGENCE,
    ADD_DIVERGENCE_GRADIENT
  }

  private final Part part;

  public VariationalCase(Part part) {
    this.part = part;
  }

  @Override
  public void run(Sample sample) {
    VariationalTask task = sample.workers().state(VariationalTask.KEY);
    switch (part) {
      case SAMPLE -> {
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
      }
      case BACKWARD -> {
        MemorySegment eps = sample.values(N);
        MemorySegment sigma = sample.positive(N);
        MemorySegment dz = sample.values(N);
        MemorySegment got = sample.blank(2 * N);
        MemorySegment want = sample.blank(2 * N);
        task.backward(1, N, eps, sigma, dz, got, sample.workers());
        VariationalReference.backward(0, 1, N, eps, sigma, dz, want);
        sample.same("backward", got, want);
      }
      case DIVERGENCE -> {
        MemorySegment h = sample.values(2 * N);
        MemorySegment sigma = sample.positive(N);
        MemorySegment got = sample.blank(1);
        MemorySegment want = sample.blank(1);
        task.divergence(1, N, h, sigma, got, sample.workers());
        VariationalReference.divergence(0, 1, N, h, sigma, want);
        sample.same("divergence", got, want);
      }
      case ADD_DIVERGENCE_GRADIENT -> {
        MemorySegment h = sample.values(2 * N);
        MemorySegment sigma = sample.positive(N);
        MemorySegment got = sample.values(2 * N);
        MemorySegment want = sample.copy(got);
        task.addDivergenceGradient(1, N, h, sigma, 0.3f, got, sample.workers());
        VariationalReference.addDivergenceGradient(0, 1, N, h, sigma, 0.3f, want);
        sample.same("addDivergenceGradient", got, want);
      }
    }
  }
}
