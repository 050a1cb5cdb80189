package dev.lanewise.kernels.gemm;

import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * C = op(A) B' as the transpose of B op(A)': B stays as it is stored, and of the two factors the smaller one is turned. For products of a transposed B with
 * many more rows than A has, of many steps of k, such as a convolution's gradient for its weights.
 *
 * <p>A product of two floats does not depend on their order, so every chain has the bits that {@link Product} would give it. Tiles of C' wait in scratch until
 * all of k has passed; each is turned once, when it is written.
 */
final class SwappedProduct {
  /** Kept with the workers: packed panels and scratch live from call to call. */
  static final Workers.Key<SwappedProduct> KEY = new Workers.Key<>(SwappedProduct::new);

  /** Rows of A above which turning B is no slower. */
  private static final int MOST_ROWS = 128;

  /** Steps of k packed at a time, so that threads share the packing of a few panels. */
  private static final int PACKED_STEPS = 1024;

  private final Matrix left = new Matrix();
  private final Matrix right = new Matrix();
  private int m;
  private int n;
  private int k;
  private MemorySegment c = MemorySegment.NULL;
  private long cAt;
  private long cRow;
  private boolean accumulate;
  private Epilogue epilogue = Epilogue.NONE;

  private int panels;
  private int rowsPerBlock;
  private float[] packed = {};
  private Scratch[] scratch = {};

  private final Workers.Task packing = this::pack;
  private final Workers.Task multiplying = this::multiplyBlock;

  /** What one worker needs for itself. */
  private static final class Scratch {
    final float[] block = new float[GemmPlan.MC * GemmPlan.ROW_STRIDE + GemmPlan.NR];
    final float[] turning = new float[Copy.SCRATCH];
    float[][] tiles = {};

    void reserve(int count) {
      if (tiles.length < count) {
        tiles = new float[count][Tiles.FLOATS];
      }
    }
  }

  private SwappedProduct() {}

  /** Whether a product by a transposed B is better off here: much of B to turn, and panels of A' that are full or nearly so. */
  static boolean suits(int m, int n, int k) {
    int lanes = GemmPlan.roundUp(m, GemmPlan.NR);
    return k >= GemmPlan.KC && n >= 2 * m && m <= MOST_ROWS && 8 * lanes <= 9 * m
        && (long) lanes * k <= GemmPlan.PACKED_B;
  }

  /** Computes C = op(A) B' (+ C) with its epilogue; arguments as for {@link StoredProduct#run}. */
  void run(
      boolean transposeA, int rows, int columns, int depth, MemorySegment a, long aAt, int lda, MemorySegment b, long bAt, int ldb,
      MemorySegment to, long toAt, int ldc, boolean fromC, Epilogue finish, Workers workers) {
    m = rows;
    n = columns;
    k = depth;
    left.set(b, ldb, false, k).at(bAt);
    right.set(a, lda, !transposeA, k).at(aAt);
    c = to;
    cAt = toAt;
    cRow = 4L * ldc;
    accumulate = fromC;
    epilogue = finish;
    panels = GemmPlan.roundUp(m, GemmPlan.NR) / GemmPlan.NR;
    int threads = workers.threads();
    rowsPerBlock = Tiles.block(n, threads, false);
    if (packed.length < panels * k * GemmPlan.NR) {
      packed = new float[panels * k * GemmPlan.NR];
    }
    if (scratch.length < threads) {
      scratch = new Scratch[threads];
      Arrays.setAll(scratch, i -> new Scratch());
    }
    for (Scratch each : scratch) {
      each.reserve(panels * (rowsPerBlock / GemmKernel8x2V.MR + 1));
    }
    workers.run(packing, panels * ((k + PACKED_STEPS - 1) / PACKED_STEPS));
    workers.run(multiplying, (n + rowsPerBlock - 1) / rowsPerBlock);
    left.clear();
    right.clear();
    c = MemorySegment.NULL;
    epilogue = Epilogue.NONE;
  }

  private void pack(int index, int worker) {
    int column = index % panels * GemmPlan.NR;
    int k0 = index / panels * PACKED_STEPS;
    int steps = Math.min(PACKED_STEPS, k - k0);
    right.pack(column, Math.min(GemmPlan.NR, m - column), k0, steps, packed, (column * k) + k0 * GemmPlan.NR, scratch[worker].turning);
  }

  private void multiplyBlock(int index, int worker) {
    Scratch mine = scratch[worker];
    int row0 = index * rowsPerBlock;
    int rows = Math.min(rowsPerBlock, n - row0);
    int kBlock = GemmPlan.kBlock(k, false);
    for (int k0 = 0; k0 < k; k0 += kBlock) {
      int kc = Math.min(kBlock, k - k0);
      left.pack(row0, rows, k0, kc, mine.block);
      int count = 0;
      int height;
      for (int panel = 0; panel < panels; panel++) {
        int b = (panel * k + k0) * GemmPlan.NR;
        for (int row = 0; row < rows; row += height) {
          height = Tiles.height(rows - row);
          multiplyTile(mine, row0, row, height, Math.min(height, rows - row), k0, kc, panel, b, mine.tiles[count++]);
        }
      }
    }
  }

  private void multiplyTile(Scratch mine, int row0, int row, int height, int rows, int k0, int kc, int panel, int b, float[] t) {
    long at = cAt + panel * GemmPlan.NR * cRow + 4L * (row0 + row);
    int columns = Math.min(GemmPlan.NR, m - panel * GemmPlan.NR);
    float[] s = k0 > 0 || accumulate ? t : Tiles.ZEROS;
    if (k0 == 0 && accumulate) {
      Tile.loadTurned(c, at, cRow, rows, columns, t);
    }
    Tiles.rows(height, kc, mine.block, row * GemmPlan.ROW_STRIDE, packed, b, s, t);
    if (k0 + kc == k) {
      Tile.finishTurned(c, at, cRow, rows, columns, t, epilogue, 4L * (row0 + row));
    }
  }
}
