package dev.lanewise.kernels.attention;

import static dev.lanewise.kernels.gemm.GemmKernel12x2V.MR;
import static dev.lanewise.kernels.gemm.GemmPlan.COLUMN_MC;
import static dev.lanewise.kernels.gemm.GemmPlan.COLUMN_STRIDE;
import static dev.lanewise.kernels.gemm.GemmPlan.NR;

import dev.lanewise.kernels.gemm.GemmPlan;
import dev.lanewise.kernels.gemm.Tiles;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Gradients of one head of one example. Queries come in strips; within a strip 12 rows at a time give the gradients for scores and queries, and
 * once the strip is through, its share of the gradients for keys and values is added, tiles of 12 keys by a panel.
 *
 * <p>Rows of probabilities and of score gradients are kept twice: as they are, for the queries, and in blocks of {@code COLUMN_MC} keys with the keys
 * along memory, which is the transposed operand that the micro-kernel takes without turning anything.
 */
final class HeadBackward {
  /** Queries of a strip: a multiple of 12 for which both kinds of rows stay in a second-level cache. */
  private static final int STRIP = 144;

  private final Scratch scratch;
  private float[] turnedValues = {};
  private float[] keyPanels = {};
  private float[] queryPanels = {};
  private float[] outputPanels = {};
  private float[] outputRows = {};
  private float[] p = {};
  private float[] ds = {};
  private float[] pColumns = {};
  private float[] dsColumns = {};
  private float[] keySums = {};
  private float[] valueSums = {};

  HeadBackward(Scratch scratch) {
    this.scratch = scratch;
  }

  void run(Heads heads, int example, int head) {
    int d = heads.width;
    int keys = heads.keysOf(example);
    prepare(heads, keys);
    scratch.packTurned(heads.keys, heads.valueAt(example, head), heads.keyStride, keys, d, turnedValues);
    Scratch.pack(heads.keys, heads.keyAt(example, head), heads.keyStride, keys, d, keyPanels);
    for (int strip = 0; strip < heads.queryRows; strip += STRIP) {
      int count = Math.min(STRIP, heads.queryRows - strip);
      long queryAt = heads.queryAt(example, head) + 4L * strip * heads.queryStride;
      long outputAt = heads.outputAt(example, head) + 4L * strip * heads.outputStride();
      Scratch.pack(heads.queries, queryAt, heads.queryStride, count, d, queryPanels);
      Scratch.pack(heads.output, outputAt, heads.outputStride(), count, d, outputPanels);
      for (int row = 0; row < count; row += MR) {
        rows(heads, example, head, keys, strip, row, Math.min(MR, count - row));
      }
      addStrip(heads, keys, strip, count);
    }
    storeSums(heads, keySums, keys, heads.scale(), heads.keyAt(example, head));
    storeSums(heads, valueSums, keys, 1f, heads.valueAt(example, head));
  }

  private void prepare(Heads heads, int keys) {
    int d = heads.width;
    int strip = Math.min(STRIP, heads.queryRows);
    int stride = Scratch.strideFor(keys);
    int columns = (keys + COLUMN_MC - 1) / COLUMN_MC * strip * COLUMN_STRIDE;
    int sums = (keys + MR - 1) / MR * Scratch.panels(d) * MR * NR;
    turnedValues = Scratch.grown(turnedValues, Scratch.panels(keys) * NR * d);
    keyPanels = Scratch.grown(keyPanels, Scratch.panels(d) * NR * keys);
    queryPanels = Scratch.grown(queryPanels, Scratch.panels(d) * NR * strip);
    outputPanels = Scratch.grown(outputPanels, Scratch.panels(d) * NR * strip);
    outputRows = Scratch.grown(outputRows, MR * Scratch.strideFor(d));
    p = Scratch.grown(p, MR * stride + NR);
    ds = Scratch.grown(ds, MR * stride + NR);
    pColumns = Scratch.grown(pColumns, columns);
    dsColumns = Scratch.grown(dsColumns, columns);
    keySums = Scratch.grown(keySums, sums);
    valueSums = Scratch.grown(valueSums, sums);
    Arrays.fill(keySums, 0, sums, 0f);
    Arrays.fill(valueSums, 0, sums, 0f);
  }

  /** Up to 12 queries: the gradients for their scores, and from those for themselves. */
  private void rows(Heads heads, int example, int head, int keys, int strip, int row, int rows) {
    int d = heads.width;
    int query = strip + row;
    int stride = Scratch.strideFor(keys);
    int outputStride = Scratch.strideFor(d);
    long outputAt = heads.outputAt(example, head) + 4L * query * heads.outputStride();
    for (int i = 0; i < rows; i++) {
      RowKernels.load(heads.output, outputAt + 4L * i * heads.outputStride(), 1f, outputRows, i * outputStride, d);
    }
    int most = heads.visible(keys, query + rows - 1);
    for (int key = 0; key < most; key += NR) {
      scratch.zeroTile();
      scratch.multiply(outputRows, outputStride, d, turnedValues, key * d);
      scratch.storeTile(ds, key, stride);
    }
    for (int i = 0; i < rows; i++) {
      int visible = heads.visible(keys, query + i);
      RowKernels.load(heads.probabilities, heads.probabilityAt(example, head, query + i), 1f, p, i * stride, visible);
      RowKernels.softmaxBackward(p, ds, i * stride, visible);
      turn(p, i * stride, visible, pColumns, row + i, Math.min(STRIP, heads.queryRows));
      turn(ds, i * stride, visible, dsColumns, row + i, Math.min(STRIP, heads.queryRows));
    }
    long at = heads.queryAt(example, head) + 4L * query * heads.queryStride;
    for (int column = 0; column < d; column += NR) {
      scratch.weigh(ds, stride, rows, heads, keys, query, keyPanels, column * keys);
      for (int i = 0; i < rows; i++) {
        RowKernels.store(scratch.tile, i * NR, Math.min(NR, d - column), heads.scale(), heads.queryGradient,
            at + 4L * i * heads.queryStride + 4L * column);
      }
    }
  }

  /** Files a row under its keys, with zeros for keys of the last tile of 12 that it does not see. */
  private static void turn(float[] row, int at, int visible, float[] columns, int query, int strip) {
    int end = GemmPlan.roundUp(visible, MR);
    Arrays.fill(row, at + visible, at + end, 0f);
    for (int key = 0; key < end; key += COLUMN_MC) {
      System.arraycopy(row, at + key, columns, (key / COLUMN_MC * strip + query) * COLUMN_STRIDE, Math.min(COLUMN_MC, end - key));
    }
  }

  /** Adds a strip's queries to the sums of every tile of keys that one of them sees. */
  private void addStrip(Heads heads, int keys, int strip, int count) {
    int most = heads.visible(keys, strip + count - 1);
    int panels = Scratch.panels(heads.width);
    for (int key = 0; key < most; key += MR) {
      int first = heads.causal ? Math.max(0, key - strip) : 0;
      int columnAt = (key / COLUMN_MC * Math.min(STRIP, heads.queryRows) + first) * COLUMN_STRIDE + key % COLUMN_MC;
      for (int panel = 0; panel < panels; panel++) {
        int sumAt = (key / MR * panels + panel) * MR * NR;
        int rowAt = (panel * count + first) * NR;
        add(count - first, pColumns, columnAt, outputPanels, rowAt, valueSums, sumAt);
        add(count - first, dsColumns, columnAt, queryPanels, rowAt, keySums, sumAt);
      }
    }
  }

  private void add(int k, float[] left, int leftAt, float[] right, int rightAt, float[] sums, int sumAt) {
    System.arraycopy(sums, sumAt, scratch.tile, 0, MR * NR);
    Tiles.columns(MR, k, left, leftAt, right, rightAt, scratch.tile, scratch.tile);
    System.arraycopy(scratch.tile, 0, sums, sumAt, MR * NR);
  }

  private static void storeSums(Heads heads, float[] sums, int keys, float factor, long byteOffset) {
    int panels = Scratch.panels(heads.width);
    MemorySegment gradient = heads.keyGradient;
    for (int key = 0; key < heads.keyRows; key++) {
      long at = byteOffset + 4L * key * heads.keyStride;
      if (key >= keys) {
        RowKernels.zero(gradient, at, heads.width);
        continue;
      }
      for (int panel = 0; panel < panels; panel++) {
        int from = ((key / MR * panels + panel) * MR + key % MR) * NR;
        RowKernels.store(sums, from, Math.min(NR, heads.width - panel * NR), factor, gradient, at + 4L * panel * NR);
      }
    }
  }
}
