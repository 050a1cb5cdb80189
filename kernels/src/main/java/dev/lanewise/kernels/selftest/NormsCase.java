package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.norm.BatchNormTask;
import dev.lanewise.kernels.norm.LayerNormTask;
import dev.lanewise.kernels.reference.BatchNormReference;
import dev.lanewise.kernels.reference.LayerNormReference;
import java.lang.foreign.MemorySegment;

/** Two rows normalised along and across, and back. */
public final class NormsCase implements SelfTest.Case {
  private static final int N = Sample.N;
  private static final int ROWS = 2;
  private static final float EPSILON = 0.25f;

  @Override
  public void run(Sample sample) {
    MemorySegment x = sample.values(ROWS * N);
    MemorySegment dy = sample.values(ROWS * N);
    MemorySegment gamma = sample.values(N);
    MemorySegment beta = sample.values(N);
    alongRows(sample, x, dy, gamma, beta);
    acrossRows(sample, x, dy, gamma, beta);
  }

  private static void alongRows(Sample sample, MemorySegment x, MemorySegment dy, MemorySegment gamma, MemorySegment beta) {
    Workers workers = sample.workers();
    LayerNormTask task = workers.state(LayerNormTask.KEY);
    MemorySegment got = sample.blank(ROWS * N);
    MemorySegment want = sample.blank(ROWS * N);
    MemorySegment mean = sample.blank(ROWS);
    MemorySegment rstd = sample.blank(ROWS);
    task.forward(ROWS, N, x, gamma, beta, EPSILON, got, mean, rstd, workers);
    LayerNormReference.forward(ROWS, N, x, gamma, beta, EPSILON, want, mean, rstd);
    sample.same("layerNorm", got, want);
    MemorySegment dgamma = sample.blank(N);
    MemorySegment dbeta = sample.blank(N);
    MemorySegment wantDgamma = sample.blank(N);
    MemorySegment wantDbeta = sample.blank(N);
    task.backward(ROWS, N, x, gamma, mean, rstd, dy, got, dgamma, dbeta, false, workers);
    LayerNormReference.backward(ROWS, N, x, gamma, mean, rstd, dy, want, wantDgamma, wantDbeta, false);
    sample.same("layerNormBackward", got, want);
    sample.same("dgamma of layerNormBackward", dgamma, wantDgamma);
    sample.same("dbeta of layerNormBackward", dbeta, wantDbeta);
  }

  private static void acrossRows(Sample sample, MemorySegment x, MemorySegment dy, MemorySegment gamma, MemorySegment beta) {
    Workers workers = sample.workers();
    BatchNormTask task = workers.state(BatchNormTask.KEY);
    MemorySegment got = sample.blank(ROWS * N);
    MemorySegment want = sample.blank(ROWS * N);
    MemorySegment mean = sample.blank(N);
    MemorySegment rstd = sample.blank(N);
    MemorySegment runningMean = sample.values(N);
    MemorySegment runningVariance = sample.positive(N);
    task.infer(ROWS, N, x, gamma, beta, EPSILON, runningMean, runningVariance, got, workers);
    BatchNormReference.infer(ROWS, N, x, gamma, beta, EPSILON, runningMean, runningVariance, want);
    sample.same("batchNormInference", got, want);
    MemorySegment wantMean = sample.copy(runningMean);
    MemorySegment wantVariance = sample.copy(runningVariance);
    task.train(ROWS, N, x, gamma, beta, EPSILON, 0.9f, runningMean, runningVariance, got, mean, rstd, workers);
    BatchNormReference.train(ROWS, N, x, gamma, beta, EPSILON, 0.9f, wantMean, wantVariance, want, mean, rstd);
    sample.same("batchNorm", got, want);
    sample.same("the running mean of batchNorm", runningMean, wantMean);
    sample.same("the running variance of batchNorm", runningVariance, wantVariance);
    MemorySegment dgamma = sample.blank(N);
    MemorySegment dbeta = sample.blank(N);
    task.backward(ROWS, N, x, gamma, mean, rstd, dy, got, dgamma, dbeta, false, workers);
    BatchNormReference.backward(ROWS, N, x, gamma, mean, rstd, dy, want, sample.blank(N), sample.blank(N), false);
    sample.same("batchNormBackward", got, want);
  }
}
