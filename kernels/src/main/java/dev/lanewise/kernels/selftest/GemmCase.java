package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.gemm.Copy;
import dev.lanewise.kernels.gemm.GemmPath;
import dev.lanewise.kernels.gemm.GemmPlan;
import dev.lanewise.kernels.gemm.TileTrial;
import dev.lanewise.kernels.gemm.StoredProduct;
import dev.lanewise.kernels.gemm.Turn;
import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A path of products: its tile by itself in full, and one row on its way from memory to memory.
 *
 * <p>The twin here works on arrays with the chains of {@code GemmReference}, which the interpreter takes a microsecond to read each element of.
 */
public final class GemmCase implements SelfTest.Case {
  private static final int V = Lanes.COUNT;
  private static final int NR = GemmPlan.NR;

  /** What is tried at a time. */
  public enum Part {
    FEW_ROWS,
    WIDE_ROWS,
    DOTS,
    PAIRS,
    SPREAD,
    SPREAD_ONE,
    IN_PLACE,
    IN_PLACE_ONE,
    NARROW,
    DIRECT,
    DIRECT_TRANSPOSED,
    PACKED,
    PACKED_TRANSPOSED,
    COLUMN,
    TURN,
    PANELS
  }

  private final Part part;

  public GemmCase(Part part) {
    this.part = part;
  }

  @Override
  public void run(Sample sample) {
    switch (part) {
      case FEW_ROWS -> row(sample, GemmPath.FEW_ROWS, V + 1, 2);
      case WIDE_ROWS -> tile(sample, TileTrial.WIDE_ROW);
      case DOTS -> row(sample, GemmPath.DOTS, 17, 9);
      case PAIRS -> pairs(sample);
      case SPREAD -> tile(sample, TileTrial.SPREAD);
      case SPREAD_ONE -> tile(sample, TileTrial.SPREAD_ONE);
      case IN_PLACE -> {
        tile(sample, TileTrial.IN_PLACE);
        row(sample, GemmPath.IN_PLACE, NR, 1);
      }
      case IN_PLACE_ONE -> {
        tile(sample, TileTrial.IN_PLACE_ONE);
        row(sample, GemmPath.IN_PLACE, V, 1);
      }
      case NARROW -> {
        tile(sample, TileTrial.NARROW);
        row(sample, GemmPath.NARROW, 3, 1);
      }
      case DIRECT -> {
        tile(sample, TileTrial.TALL_DIRECT);
        tile(sample, TileTrial.MIDDLE_DIRECT);
        row(sample, GemmPath.DIRECT, NR, 3);
      }
      case DIRECT_TRANSPOSED -> {
        tile(sample, TileTrial.TALL_DIRECT_COLUMNS);
        tile(sample, TileTrial.MIDDLE_DIRECT_COLUMNS);
        row(sample, GemmPath.DIRECT_TRANSPOSED, NR, 3);
      }
      case PACKED -> {
        tile(sample, TileTrial.TALL);
        tile(sample, Lanes.MANY_REGISTERS ? TileTrial.MIDDLE : TileTrial.BAND);
        row(sample, GemmPath.PACKED, 3, 3);
      }
      case PACKED_TRANSPOSED -> {
        tile(sample, TileTrial.TALL_COLUMNS);
        tile(sample, Lanes.MANY_REGISTERS ? TileTrial.MIDDLE_COLUMNS : TileTrial.BAND_COLUMNS);
        row(sample, GemmPath.PACKED_TRANSPOSED, 3, 3);
      }
      case COLUMN -> {
        tile(sample, TileTrial.COLUMN);
        row(sample, GemmPath.COLUMN, 1, 2);
      }
      case TURN -> turn(sample);
      case PANELS -> tile(sample, TileTrial.PANELS);
    }
  }

  private static void tile(Sample sample, TileTrial tile) {
    float[] a = sample.numbers(tile.rows * tile.steps + V);
    float[] b = sample.numbers(tile.columns * tile.steps);
    float[] t = sample.numbers(tile.rows * tile.stride());
    float[] want = t.clone();
    for (int i = 0; i < tile.rows; i++) {
      for (int j = 0; j < tile.columns; j++) {
        int at = i * tile.stride() + j;
        float sum = tile.overwrites() ? 0f : want[at];
        for (int p = 0; p < tile.steps; p++) {
          sum = Math.fma(a[i * tile.steps + p], b[p * tile.columns + j], sum);
        }
        want[at] = sum;
      }
    }
    tile.run(sample.segment(a), sample.segment(b), sample.blank(t.length), t);
    sample.same("the tile", t, want);
  }

  /** One row of C, to which a path adds the product before a bias and ReLU. Three steps where loops may take two at a time. */
  private static void row(Sample sample, GemmPath path, int n, int k) {
    boolean transposeA = path == GemmPath.DIRECT_TRANSPOSED || path == GemmPath.PACKED_TRANSPOSED;
    boolean transposeB = path == GemmPath.DOTS;
    float[] a = sample.numbers(k);
    float[] b = sample.numbers(k * n);
    float[] c = sample.numbers(n);
    float[] bias = sample.numbers(n);
    MemorySegment got = sample.segment(c);
    for (int j = 0; j < n; j++) {
      for (int p = 0; p < k; p++) {
        c[j] = Math.fma(a[p], b[transposeB ? j * k + p : p * n + j], c[j]);
      }
      c[j] = Math.max(c[j] + bias[j], 0f);
    }
    sample.workers().state(StoredProduct.KEY)
        .run(
            path, transposeA, transposeB, 1, n, k, sample.segment(a), 0, transposeA ? 1 : k, sample.segment(b), 0, transposeB ? k : n, got,
            0, n, true, Epilogue.bias(sample.segment(bias)).withRelu(), sample.workers());
    sample.same("a row", got, c);
  }

  /** Where a vector holds two rows, the only width at which products take that path. */
  private static void pairs(Sample sample) {
    int side = 8;
    if (V < 2 * side) {
      return;
    }
    float[] a = sample.numbers(side * side);
    float[] b = sample.numbers(side * side);
    float[] want = new float[side * side];
    for (int i = 0; i < side; i++) {
      for (int p = 0; p < side; p++) {
        for (int j = 0; j < side; j++) {
          want[i * side + j] = Math.fma(a[i * side + p], b[p * side + j], want[i * side + j]);
        }
      }
    }
    MemorySegment got = sample.blank(side * side);
    sample.workers().state(StoredProduct.KEY)
        .run(
            GemmPath.PAIRS, false, false, side, side, side, sample.segment(a), 0, side, sample.segment(b), 0, side, got, 0, side, false,
            Epilogue.NONE, sample.workers());
    sample.same("a product of pairs of rows", got, want);
  }

  /** A square by itself, and packing rows too short for one. */
  private static void turn(Sample sample) {
    float[] square = sample.numbers(V * V);
    float[] got = new float[V * V];
    float[] want = new float[V * V];
    for (int i = 0; i < V; i++) {
      for (int j = 0; j < V; j++) {
        want[j * V + i] = square[i * V + j];
      }
    }
    Turn.square(square, 0, V, got, 0, V);
    sample.same("turning a square", got, want);
    float[] rows = sample.numbers(2);
    float[] panel = new float[NR];
    Copy.transposed(sample.segment(rows), 0, 1, 2, 1, panel, 0, new float[Copy.SCRATCH]);
    sample.same("packing a transpose", panel, Arrays.copyOf(rows, NR));
  }
}
