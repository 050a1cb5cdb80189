package dev.lanewise.kernels.attention;

import static dev.lanewise.kernels.gemm.GemmKernel12x2V.MR;
import static dev.lanewise.kernels.gemm.GemmPlan.NR;

/**
 * Attention of one head of one example: 12 queries at a time, whose scores never leave the cache; each row sees its own keys alone, so its bits
 * do not depend on the other rows.
 */
final class HeadForward {
  private final Scratch scratch;
  private float[] turnedKeys = {};
  private float[] values = {};
  private float[] queries = {};
  private float[] scores = {};

  HeadForward(Scratch scratch) {
    this.scratch = scratch;
  }

  void run(Heads heads, int example, int head) {
    int d = heads.width;
    int keys = heads.keysOf(example);
    int queryStride = Scratch.strideFor(d);
    int stride = Scratch.strideFor(keys);
    turnedKeys = Scratch.grown(turnedKeys, Scratch.panels(keys) * NR * d);
    values = Scratch.grown(values, Scratch.panels(d) * NR * keys);
    queries = Scratch.grown(queries, MR * queryStride);
    scores = Scratch.grown(scores, MR * stride + NR);
    scratch.packTurned(heads.keys, heads.keyAt(example, head), heads.keyStride, keys, d, turnedKeys);
    Scratch.pack(heads.keys, heads.valueAt(example, head), heads.keyStride, keys, d, values);
    for (int query = 0; query < heads.queryRows; query += MR) {
      int rows = Math.min(MR, heads.queryRows - query);
      int most = heads.visible(keys, query + rows - 1);
      long at = heads.queryAt(example, head) + 4L * query * heads.queryStride;
      for (int i = 0; i < rows; i++) {
        RowKernels.load(heads.queries, at + 4L * i * heads.queryStride, heads.scale(), queries, i * queryStride, d);
      }
      for (int key = 0; key < most; key += NR) {
        scratch.zeroTile();
        scratch.multiply(queries, queryStride, d, turnedKeys, key * d);
        scratch.storeTile(scores, key, stride);
      }
      for (int i = 0; i < rows; i++) {
        RowKernels.softmax(scores, i * stride, heads.visible(keys, query + i));
      }
      if (heads.probabilities.address() != 0) {
        storeProbabilities(heads, example, head, keys, query, rows, stride);
      }
      storeOutput(heads, example, head, keys, query, rows, stride);
    }
  }

  private void storeProbabilities(Heads heads, int example, int head, int keys, int query, int rows, int stride) {
    for (int i = 0; i < rows; i++) {
      long at = heads.probabilityAt(example, head, query + i);
      int visible = heads.visible(keys, query + i);
      RowKernels.store(scores, i * stride, visible, 1f, heads.probabilities, at);
      RowKernels.zero(heads.probabilities, at + 4L * visible, heads.keyRows - visible);
    }
  }

  private void storeOutput(Heads heads, int example, int head, int keys, int query, int rows, int stride) {
    long rowBytes = 4L * heads.outputStride();
    long at = heads.outputAt(example, head) + query * rowBytes;
    for (int column = 0; column < heads.width; column += NR) {
      int columns = Math.min(NR, heads.width - column);
      scratch.weigh(scores, stride, rows, heads, keys, query, values, column * keys);
      for (int i = 0; i < rows; i++) {
        RowKernels.store(scratch.tile, i * NR, columns, 1f, heads.output, at + i * rowBytes + 4L * column);
      }
    }
  }
}
