package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.gemm.GemmPlan.NR;

import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;

/**
 * One tile of a micro-kernel by itself: what the self-test compares in full. One step of k, or three where a loop takes two at a time and what is left by itself. In the
 * interpreter the way of a tile's rows to memory takes longer than all of its products, so whole paths are tried with a single row.
 */
public enum TileTrial {
  TALL(GemmKernel12x2V.MR, NR, tall()),
  TALL_COLUMNS(GemmKernel12x2V.MR, NR, tall()),
  TALL_DIRECT(GemmKernel12x2V.MR, NR, tall()),
  TALL_DIRECT_COLUMNS(GemmKernel12x2V.MR, NR, tall()),
  MIDDLE(GemmKernel8x2V.MR, NR),
  MIDDLE_COLUMNS(GemmKernel8x2V.MR, NR),
  MIDDLE_DIRECT(GemmKernel8x2V.MR, NR),
  MIDDLE_DIRECT_COLUMNS(GemmKernel8x2V.MR, NR),
  BAND(GemmKernel6x2VBand.MR + GemmKernel4x2VBand.MR, NR, 3),
  BAND_COLUMNS(GemmKernel6x2VBand.MR + GemmKernel4x2VBand.MR, NR, 3),
  COLUMN(GemmKernel12x2V.MR, 1),
  IN_PLACE(GemmKernel8x2VInPlace.MR, NR),
  IN_PLACE_ONE(GemmKernel8x2VInPlace.MR, Lanes.COUNT),
  NARROW(GemmKernel8x2VInPlace.MR, Lanes.COUNT),
  SPREAD(GemmKernel8x2VSpread.MR, NR),
  SPREAD_ONE(GemmKernel8x2VSpread.MR, Lanes.COUNT),
  WIDE_ROW(1, GemvKernel8V.VECTORS * Lanes.COUNT),
  PANELS(1, GemvKernel4P.PANELS * NR);

  /** Where the rows of a band begin, in bytes. */
  private static final long[] BAND_ROWS = new long[BAND.rows];

  static {
    for (int i = 0; i < BAND_ROWS.length; i++) {
      BAND_ROWS[i] = 4L * NR * i;
    }
  }

  /** Rows of the tile. */
  public final int rows;

  /** Columns of the tile. */
  public final int columns;

  /** Steps of k. */
  public final int steps;

  TileTrial(int rows, int columns) {
    this(rows, columns, 1);
  }

  TileTrial(int rows, int columns, int steps) {
    this.rows = rows;
    this.columns = columns;
    this.steps = steps;
  }

  /** Steps of a tall tile: where there are 16 registers it is two of six rows, whose loops take two at a time. */
  private static int tall() {
    return Lanes.MANY_REGISTERS ? 1 : 3;
  }

  /** Whether chains start from +0, whatever the tile holds: its result goes straight to C. */
  public boolean overwrites() {
    return this == SPREAD || this == SPREAD_ONE;
  }

  /** Floats from one row of the tile to the next. */
  public int stride() {
    return this == COLUMN ? NR : columns;
  }

  /**
   * Computes {@code t[i][j] += sum over p of left[i][p] * right[p][j]}.
   *
   * @param left the tile's rows, and at least a vector behind them that is read and not used
   * @param right the tile's columns
   * @param out room for the tile
   */
  public void run(MemorySegment left, MemorySegment right, MemorySegment out, float[] t) {
    float[] a = read(left, new float[rows * steps]);
    float[] b = read(right, new float[columns * steps]);
    switch (this) {
      case TALL, MIDDLE -> Tiles.rows(rows, steps, apart(a), 0, b, 0, t, t);
      case TALL_COLUMNS, MIDDLE_COLUMNS -> Tiles.columns(rows, steps, turned(a), 0, b, 0, t, t);
      case TALL_DIRECT, MIDDLE_DIRECT -> Tiles.directRows(rows, steps, apart(a), 0, right, 0, 4L * NR, t, t);
      case TALL_DIRECT_COLUMNS, MIDDLE_DIRECT_COLUMNS -> Tiles.directColumns(rows, steps, turned(a), 0, right, 0, 4L * NR, t, t);
      case BAND, BAND_COLUMNS -> {
        out.copyFrom(MemorySegment.ofArray(t));
        boolean byColumns = this == BAND_COLUMNS;
        Bands.run(byColumns, rows, 1, steps, byColumns ? turned(a) : apart(a), b, 0, 0, true, out, BAND_ROWS, 0, true, new float[NR], 0,
            Float.NEGATIVE_INFINITY);
        read(out, t);
      }
      case COLUMN -> GemmKernel12x1.rows(1, apart(a), 0, b, 0, t, t);
      case IN_PLACE -> GemmKernel8x2VInPlace.two(1, left, 0, 4, 4, rows, right, 0, 4L * NR, t, t);
      case IN_PLACE_ONE -> GemmKernel8x2VInPlace.one(1, left, 0, 4, 4, rows, right, 0, 4L * columns, t, t);
      case NARROW -> GemmKernel8x2VInPlace.narrow(1, left, 0, 4, 4, rows, b, t, t);
      case SPREAD, SPREAD_ONE -> {
        SpreadProduct.run(0, rows, 0, columns, 1, left, 0, 4, right, 0, 4L * columns, out, 0, 4L * columns, Epilogue.NONE);
        read(out, t);
      }
      case WIDE_ROW -> GemvKernel8V.eight(1, left, 0, 4, right, 0, 4L * columns, t);
      case PANELS -> GemvKernel4P.four(1, left, 0, 4, right, 0, 4L * NR, 8L * NR, 12L * NR, t);
    }
  }

  /** As far as x reaches; not by {@code MemorySegment.copy}, which writes a class when it first sees an array: longer than a trial may take. */
  private static float[] read(MemorySegment from, float[] x) {
    MemorySegment.ofArray(x).copyFrom(from.asSlice(0, 4L * x.length));
    return x;
  }

  /** A's block where k runs along memory. */
  private float[] apart(float[] a) {
    float[] block = new float[rows * GemmPlan.ROW_STRIDE];
    for (int i = 0; i < a.length; i++) {
      block[i / steps * GemmPlan.ROW_STRIDE + i % steps] = a[i];
    }
    return block;
  }

  /** A's block where rows do. */
  private float[] turned(float[] a) {
    float[] block = new float[steps * GemmPlan.COLUMN_STRIDE];
    for (int i = 0; i < a.length; i++) {
      block[i % steps * GemmPlan.COLUMN_STRIDE + i / steps] = a[i];
    }
    return block;
  }
}
