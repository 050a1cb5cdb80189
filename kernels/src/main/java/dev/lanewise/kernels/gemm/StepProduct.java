package dev.lanewise.kernels.gemm;

import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Workers;
import java.lang.foreign.MemorySegment;

/**
 * C += A B with a B that is packed once and multiplied by one A after another, as a recurrent layer does at each step. Tiles, order of
 * operations and bits are those of {@link Product}; only packing B is taken out of the steps, and threads are the caller's matter.
 */
public final class StepProduct {
  /** Up to this many rows, reading B once per row beats a tile. */
  private static final int FEW_ROWS = 3;

  private final Matrix right = new Matrix();
  private int n;
  private int k;
  private int panels;
  private float[] packed = {};
  private float[][] turning = {};
  private final Workers.Task packing = this::packPanel;

  /** What one worker needs for itself. */
  public static final class Scratch {
    private final float[] a = new float[Tiles.reach(GemmPlan.MC) * GemmPlan.ROW_STRIDE + 16];
    private final float[] t = new float[Tiles.FLOATS];
    private final long[] rows = new long[GemmPlan.MC];
  }

  /**
   * Packs B [k, n]; its memory may change afterwards.
   *
   * @param transposed whether B is stored as [n, k]
   */
  public void pack(MemorySegment b, boolean transposed, int depth, int columns, Workers workers) {
    n = columns;
    k = depth;
    right.set(b, transposed ? k : n, transposed, k);
    panels = GemmPlan.roundUp(n, GemmPlan.NR) / GemmPlan.NR;
    if (packed.length < panels * k * GemmPlan.NR) {
      packed = new float[panels * k * GemmPlan.NR];
    }
    if (turning.length < workers.threads()) {
      turning = new float[workers.threads()][Copy.SCRATCH];
    }
    workers.run(packing, panels);
    right.clear();
  }

  private void packPanel(int panel, int worker) {
    int column = panel * GemmPlan.NR;
    right.pack(column, Math.min(GemmPlan.NR, n - column), packed, panel * k * GemmPlan.NR, turning[worker]);
  }

  /**
   * Adds A B to C, each element's chain starting from what C holds.
   *
   * @param rows of A and C
   * @param aAt byte at which A's first row begins
   * @param aRow bytes from one row of A to the next
   * @param cAt byte at which C's first row begins
   * @param cRow bytes from one row of C to the next
   */
  public void addTo(int rows, MemorySegment a, long aAt, long aRow, MemorySegment c, long cAt, long cRow, Scratch mine) {
    int kBlock = GemmPlan.kBlock(k, false);
    for (int row0 = 0; row0 < rows; row0 += GemmPlan.MC) {
      int block = Math.min(GemmPlan.MC, rows - row0);
      for (int i = 0; i < block; i++) {
        mine.rows[i] = cAt + (row0 + i) * cRow;
      }
      for (int k0 = 0; k0 < k; k0 += kBlock) {
        int kc = Math.min(kBlock, k - k0);
        Copy.rows(a, aAt + row0 * aRow + 4L * k0, aRow, block, kc, mine.a, 0, GemmPlan.ROW_STRIDE);
        if (block <= FEW_ROWS) {
          addRows(block, k0, kc, c, mine);
        } else {
          addBlock(block, k0, kc, c, mine);
        }
      }
    }
  }

  /** Row by row, four panels at a time; behind the last one it is read again, for columns that nobody looks at. */
  private void addRows(int rows, int k0, int kc, MemorySegment c, Scratch mine) {
    int last = (panels - 1) * k * GemmPlan.NR;
    int next = k * GemmPlan.NR;
    for (int panel = 0; panel < panels; panel += GemvKernel4P.PANELS) {
      int column = panel * GemmPlan.NR;
      int columns = Math.min(GemvKernel4P.PANELS * GemmPlan.NR, n - column);
      int b = panel * next;
      int at = k0 * GemmPlan.NR;
      for (int i = 0; i < rows; i++) {
        Copy.run(c, mine.rows[i] + 4L * column, mine.t, 0, columns);
        GemvKernel4P.four(
            kc, mine.a, i * GemmPlan.ROW_STRIDE, packed, at + b, at + Math.min(b + next, last), at + Math.min(b + 2 * next, last),
            at + Math.min(b + 3 * next, last), mine.t);
        Tile.finishRow(c, mine.rows[i] + 4L * column, columns, mine.t, Epilogue.NONE, 0);
      }
    }
  }

  /** What bands take, and all else tile by tile. */
  private void addBlock(int rows, int k0, int kc, MemorySegment c, Scratch mine) {
    int whole = Bands.panels(n);
    int banded = whole > 0 ? Bands.rows(rows) : 0;
    if (banded > 0) {
      Bands.run(
          false, banded, whole, kc, mine.a, packed, k0 * GemmPlan.NR, k * GemmPlan.NR, true, c, mine.rows, 0, false, packed, 0, 0f);
    }
    for (int panel = 0; panel < panels; panel++) {
      addPanel(panel < whole ? banded : 0, rows, k0, kc, panel, c, mine);
    }
  }

  private void addPanel(int row0, int rows, int k0, int kc, int panel, MemorySegment c, Scratch mine) {
    int column = panel * GemmPlan.NR;
    int columns = Math.min(GemmPlan.NR, n - column);
    int b = (panel * k + k0) * GemmPlan.NR;
    int height;
    for (int row = row0; row < rows; row += height) {
      height = Tiles.height(rows - row);
      int tileRows = Math.min(height, rows - row);
      Tile.load(c, mine.rows, row, tileRows, 4L * column, columns, mine.t);
      Tiles.rows(height, kc, mine.a, row * GemmPlan.ROW_STRIDE, packed, b, mine.t, mine.t);
      Tile.store(c, mine.rows, row, tileRows, 4L * column, columns, mine.t);
    }
  }
}
