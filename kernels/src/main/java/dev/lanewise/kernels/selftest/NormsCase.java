package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.norm.BatchNormTask;
import dev.lanewise.kernels.norm.LayerNormTask;
import dev.lanewise.kernels.reference.BatchNormReference;
import dev.lanewise.kernels.reference.LayerNormReference;
import java.lang.foreign.MemorySegment;

/** Two rows normalised along or across, or back. */
public final class NormsCase implements SelfTest.Case {
  private static final int N = Sample.N;
  private static final int ROWS = 2;
  private static final float EPSILON = 0.25f;

  /** What is tried at a time. */
  public enum Part {
    LAYER,
    LAYER_BACKWARD,
    BATCH,
    BATCH_INFERENCE,
    BATCH_BACKWARD
  }

  private final Part part;

  public NormsCase(Part part) {
    this.part = part;
  }

  @Override
  public void run(Sample sample) {
    MemorySegment x = sample.values(ROWS * N);
    MemorySegment gamma = sample.values(N);
    MemorySegment got = sample.blank(ROWS * N);
    MemorySegment want = sample.blank(ROWS * N);
    switch (part) {
      case LAYER -> layer(sample, x, gamma, got, want);
      case LAYER_BACKWARD -> layerBackward(sample, x, gamma, got, want);
      case BATCH -> batch(sample, x, gamma, got, want);
      case BATCH_INFERENCE -> batchInference(sample, x, gamma, got, want);
      case BATCH_BACKWARD -> batchBackward(sample, x, gamma, got, want);
    }
  }

  private static void layer(Sample sample, MemorySegment x, MemorySegment gamma, MemorySegment got, MemorySegment want) {
    MemorySegment beta = sample.values(N);
    MemorySegment mean = sample.blank(ROWS);
    MemorySegment rstd = sample.blank(ROWS);
    sample.workers().state(LayerNormTask.KEY).forward(ROWS, N, x, gamma, beta, EPSILON, got, mean, rstd, sample.workers());
    LayerNormReference.forward(ROWS, N, x, gamma, beta, EPSILON, want, mean, rstd);
    sample.same("layerNorm", got, want);
  }

  private static void layerBackward(Sample sample, MemorySegment x, MemorySegment gamma, MemorySegment got, MemorySegment want) {
    MemorySegment mean = sample.values(ROWS);
    MemorySegment rstd = sample.positive(ROWS);
    MemorySegment dy = sample.values(ROWS * N);
    MemorySegment dgamma = sample.blank(N);
    MemorySegment dbeta = sample.blank(N);
    MemorySegment wantDgamma = sample.blank(N);
    MemorySegment wantDbeta = sample.blank(N);
    sample.workers().state(LayerNormTask.KEY).backward(ROWS, N, x, gamma, mean, rstd, dy, got, dgamma, dbeta, false, sample.workers());
    LayerNormReference.backward(ROWS, N, x, gamma, mean, rstd, dy, want, wantDgamma, wantDbeta, false);
    sample.same("layerNormBackward", got, want);
    sample.same("dgamma of layerNormBackward", dgamma, wantDgamma);
    sample.same("dbeta of layerNormBackward", dbeta, wantDbeta);
  }

  private static void batch(Sample sample, MemorySegment x, MemorySegment gamma, MemorySegment got, MemorySegment want) {
    MemorySegment beta = sample.values(N);
    MemorySegment mean = sample.blank(N);
    MemorySegment rstd = sample.blank(N);
    MemorySegment runningMean = sample.values(N);
    MemorySegment runningVariance = sample.positive(N);
    MemorySegment wantMean = sample.copy(runningMean);
    MemorySegment wantVariance = sample.copy(runningVariance);
    sample.workers().state(BatchNormTask.KEY)
        .train(ROWS, N, x, gamma, beta, EPSILON, 0.9f, runningMean, runningVariance, got, mean, rstd, sample.workers());
    BatchNormReference.train(ROWS, N, x, gamma, beta, EPSILON, 0.9f, wantMean, wantVariance, want, mean, rstd);
    sample.same("batchNorm", got, want);
    sample.same("the running mean of batchNorm", runningMean, wantMean);
    sample.same("the running variance of batchNorm", runningVariance, wantVariance);
  }

  private static void batchInference(Sample sample, MemorySegment x, MemorySegment gamma, MemorySegment got, MemorySegment want) {
    MemorySegment beta = sample.values(N);
    MemorySegment mean = sample.values(N);
    MemorySegment variance = sample.positive(N);
    sample.workers().state(BatchNormTask.KEY).infer(ROWS, N, x, gamma, beta, EPSILON, mean, variance, got, sample.workers());
    BatchNormReference.infer(ROWS, N, x, gamma, beta, EPSILON, mean, variance, want);
    sample.same("batchNormInference", got, want);
  }

  private static void batchBackward(Sample sample, MemorySegment x, MemorySegment gamma, MemorySegment got, MemorySegment want) {
    MemorySegment mean = sample.values(N);
    MemorySegment rstd = sample.positive(N);
    MemorySegment dy = sample.values(ROWS * N);
    sample.workers().state(BatchNormTask.KEY)
        .backward(ROWS, N, x, gamma, mean, rstd, dy, got, sample.blank(N), sample.blank(N), false, sample.workers());
    BatchNormReference.backward(ROWS, N, x, gamma, mean, rstd, dy, want, sample.blank(N), sample.blank(N), false);
    sample.same("batchNormBackward", got, want);
  }
}
