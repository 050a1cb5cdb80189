package dev.lanewise.kernels.variational;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.lane.BlockTask;
import dev.lanewise.kernels.math.ExpKernel;
import java.lang.foreign.MemorySegment;

/** The four passes, cut into blocks of rows. */
public final class VariationalTask extends BlockTask {
  public static final Workers.Key<VariationalTask> KEY = new Workers.Key<>(VariationalTask::new);

  private enum Pass {
    SAMPLE,
    BACKWARD,
    DIVERGENCE,
    DIVERGENCE_GRADIENT
  }

  private Pass pass = Pass.SAMPLE;
  private int d;
  private MemorySegment h = MemorySegment.NULL;
  private MemorySegment eps = MemorySegment.NULL;
  private MemorySegment sigma = MemorySegment.NULL;
  private MemorySegment in = MemorySegment.NULL;
  private MemorySegment out = MemorySegment.NULL;
  private float scale;

  private VariationalTask() {}

  public void sample(
      int rows, int newD, MemorySegment newH, MemorySegment newEps, MemorySegment newSigma, MemorySegment z, Workers workers) {
    pass = Pass.SAMPLE;
    h = newH;
    eps = newEps;
    run(rows, newD, newSigma, z, workers);
  }

  public void backward(
      int rows, int newD, MemorySegment newEps, MemorySegment newSigma, MemorySegment dz, MemorySegment dh, Workers workers) {
    pass = Pass.BACKWARD;
    eps = newEps;
    in = dz;
    run(rows, newD, newSigma, dh, workers);
  }

  public void divergence(
      int rows, int newD, MemorySegment newH, MemorySegment newSigma, MemorySegment losses, Workers workers) {
    pass = Pass.DIVERGENCE;
    h = newH;
    run(rows, newD, newSigma, losses, workers);
  }

  public void addDivergenceGradient(
      int rows, int newD, MemorySegment newH, MemorySegment newSigma, float newScale, MemorySegment dh, Workers workers) {
    pass = Pass.DIVERGENCE_GRADIENT;
    h = newH;
    scale = newScale;
    run(rows, newD, newSigma, dh, workers);
  }

  private void run(int rows, int newD, MemorySegment newSigma, MemorySegment newOut, Workers workers) {
    d = newD;
    sigma = newSigma;
    out = newOut;
    run(rows, 2L * newD, 1, workers);
  }

  @Override
  protected void range(long from, long to) {
    long bytes = 4L * d;
    if (pass == Pass.SAMPLE) {
      for (long row = from; row < to; row++) {
        GaussianKernel.halve(2 * row * bytes + bytes, row * bytes, bytes, h, sigma);
      }
      // One run over all rows: a row alone may be shorter than a vector.
      ExpKernel.run(from * bytes, to * bytes, sigma, 0f, sigma);
    }
    for (long row = from; row < to; row++) {
      long mu = 2 * row * bytes;
      long at = row * bytes;
      switch (pass) {
        case SAMPLE -> GaussianKernel.shift(mu, at, bytes, h, eps, sigma, out);
        case BACKWARD -> GaussianKernel.backward(mu, at, bytes, eps, sigma, in, out);
        case DIVERGENCE -> out.setAtIndex(JAVA_FLOAT, row, 0.5f * GaussianKernel.divergence(mu, at, bytes, h, sigma));
        case DIVERGENCE_GRADIENT -> GaussianKernel.divergenceGradient(mu, at, bytes, h, sigma, scale, out);
      }
    }
  }

  @Override
  protected void clear() {
    h = MemorySegment.NULL;
    eps = MemorySegment.NULL;
    sigma = MemorySegment.NULL;
    in = MemorySegment.NULL;
    out = MemorySegment.NULL;
  }
}
