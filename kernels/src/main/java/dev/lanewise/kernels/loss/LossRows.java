package dev.lanewise.kernels.loss;

import dev.lanewise.kernels.reference.LossesReference;
import java.lang.foreign.MemorySegment;

/** Rows of a loss by its scalar twin: all of them where there are no vectors, and rows that are too short for one. */
public final class LossRows {
  /** Which loss. */
  public enum Loss {
    SPARSE_CROSS_ENTROPY,
    CROSS_ENTROPY,
    BINARY_CROSS_ENTROPY,
    SQUARED_ERROR
  }

  private LossRows() {}

  /** Rows [from, to); a gradient of {@link MemorySegment#NULL} is not written. */
  public static void twin(
      Loss loss, long from, long to, int cols, MemorySegment x, MemorySegment targets, MemorySegment losses,
      MemorySegment gradient, float scale) {
    switch (loss) {
      case SPARSE_CROSS_ENTROPY ->
        LossesReference.sparseCrossEntropy(from, to, cols, x, targets, losses, gradient, scale);
      case CROSS_ENTROPY -> LossesReference.crossEntropy(from, to, cols, x, targets, losses, gradient, scale);
      case BINARY_CROSS_ENTROPY ->
        LossesReference.binaryCrossEntropy(from, to, cols, x, targets, losses, gradient, scale);
      case SQUARED_ERROR -> LossesReference.squaredError(from, to, cols, x, targets, losses, gradient, scale);
    }
  }
}
