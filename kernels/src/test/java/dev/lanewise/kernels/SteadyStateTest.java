package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.testkit.Allocation;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Every door beside products in one loop, with shapes that alternate, as in a training step: nothing is allocated once C2 is done. */
class SteadyStateTest {
  private static final int N = 3 * 203;

  private final MemorySegment x = Data.segment(Data.seeded(1).uniform(N, -5f, 5f));
  private final MemorySegment p = Data.segment(Data.seeded(2).uniform(N, 0.01f, 1f));
  private final MemorySegment y = Data.segment(new float[N]);
  private final MemorySegment z = Data.segment(new float[N]);
  private final MemorySegment v = Data.segment(new float[N]);
  private final MemorySegment labels = Guarded.ofInts(new int[N]).segment();

  private void rows(int rows, int cols, Workers w) {
    Softmax.forward(rows, cols, x, y, w);
    Softmax.backward(rows, cols, y, p, z, w);
    Softmax.logSoftmax(rows, cols, x, y, w);
    Softmax.logSoftmaxBackward(rows, cols, y, p, z, w);
    Losses.sparseCrossEntropy(rows, cols, x, labels, v, w);
    Losses.sparseCrossEntropy(rows, cols, x, labels, v, y, 1f, w);
    Losses.crossEntropy(rows, cols, x, p, v, w);
    Losses.crossEntropy(rows, cols, x, p, v, y, 1f, w);
    Losses.binaryCrossEntropy(rows, cols, x, p, v, w);
    Losses.binaryCrossEntropy(rows, cols, x, p, v, y, 1f, w);
    Losses.squaredError(rows, cols, x, p, v, w);
    Losses.squaredError(rows, cols, x, p, v, y, 1f, w);
    Reductions.columnSums(rows, cols, x, y, false, w);
    Reductions.columnSums(rows, cols, x, y, true, w);
    Reductions.argmax(rows, cols, x, y);
    Elementwise.addRow(rows, cols, x, p, y);
  }

  private float elements(int n, Workers w) {
    Activations.relu(n, x, y, w);
    Activations.reluBackward(n, y, x, z, w);
    Activations.sigmoid(n, x, y, w);
    Activations.sigmoidBackward(n, y, x, z, w);
    Activations.tanh(n, x, y, w);
    Activations.tanhBackward(n, y, x, z, w);
    Activations.exp(n, x, y, w);
    Activations.log(n, p, y, w);
    Elementwise.add(n, x, p, y);
    Elementwise.subtract(n, x, p, y);
    Elementwise.multiply(n, x, p, y);
    Elementwise.scale(n, 2f, x, y);
    Elementwise.axpy(n, 0.5f, x, y);
    Elementwise.scaleBytes(n, labels, 0.5f, y);
    Elementwise.fill(n, 0f, y);
    Elementwise.copy(n, x, y);
    Optimizers.sgd(n, y, x, 1e-3f, 0.1f, w);
    Optimizers.momentum(n, y, x, z, 1e-3f, 0.9f, true, 0f, w);
    Optimizers.rmsprop(n, y, x, v, 1e-3f, 0.9f, 1e-7f, 0f, w);
    Optimizers.adam(n, y, x, z, v, 1e-3f, 0.9f, 0.999f, 1e-7f, 3, w);
    Rng.uniform(1, 2, 3, n, y, -1f, 1f, w);
    Rng.normal(1, 2, 3, n, y, 0f, 1f, w);
    Rng.dropoutMask(1, 2, 3, n, y, 0.5f, w);
    Elementwise.fill(n, 1f, v);
    return Reductions.sum(n, x) + Reductions.dot(n, x, p) + Reductions.sumOfSquares(n, x) + Reductions.firstNonFinite(n, x);
  }

  private void pools(Pool2d pool, int images, Workers w) {
    pool.maxForward(images, x, y, w);
    pool.maxForward(images, x, y, labels, w);
    pool.maxBackward(images, y, labels, z, w);
    labels.fill((byte) 0);
  }

  private void allocatesNothing(Workers w) {
    Pool2d usual = Pool2d.of(4, 5, 20, 2, 2, 2, 2);
    Pool2d overlapping = Pool2d.of(5, 5, 20, 3, 3, 2, 2);
    float[] sink = new float[1];
    long bytes =
        Allocation.steady(
            () -> {
              rows(3, 203, w);
              rows(20, 10, w);
              rows(4, 100, w);
              rows(9, 16, w);
              sink[0] += elements(N, w);
              sink[0] += elements(5, w);
              sink[0] += elements(130, w);
              pools(usual, 1, w);
              pools(overlapping, 1, w);
            });
    assertThat(bytes).isZero();
    assertThat(sink[0]).isNotZero();
  }

  @Test
  void noDoorAllocatesOnTheCaller() {
    try (Workers one = Workers.single()) {
      allocatesNothing(one);
    }
  }

  @Test
  void noDoorAllocatesWithThreads() {
    try (Workers two = Workers.threads(2)) {
      allocatesNothing(two);
    }
  }
}
