package dev.lanewise.layers;

import dev.lanewise.kernels.Elementwise;
import dev.lanewise.kernels.Embedding;
import dev.lanewise.kernels.Workers;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * X W + b where each row of X is all 0 but for a 1 at a token's id: a copy of that row of W + b. The bits are those of the product. Backwards
 * dW gets each row of dY added to its token's row, in ascending order of rows.
 */
final class TokenProjection {
  private TokenProjection() {}

  /** @param table [tokens, width], scratch: W + b */
  static void forward(
      int rows, int tokens, int width, MemorySegment ids, Param weight, Param bias, Tensor table, Tensor y, Workers workers) {
    Elementwise.addRow(tokens, width, weight.value().segment(), bias.value().segment(), table.segment());
    Embedding.gather(tokens, width, table.segment(), rows, ids, y.segment(), workers);
  }

  static void backward(
      int rows, int tokens, int width, MemorySegment ids, Tensor dy, Param weight, boolean accumulate, Workers workers) {
    Embedding.scatterAdd(tokens, width, rows, ids, dy.segment(), weight.gradient().segment(), accumulate, workers);
  }
}
