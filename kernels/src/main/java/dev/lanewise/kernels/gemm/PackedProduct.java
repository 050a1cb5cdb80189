package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.gemm.GemmPlan.NR;

import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** A product by {@link Panels} that were packed beforehand: by tiles, or row by row where tiles would be mostly empty. */
public final class PackedProduct implements Workers.Task {
  /** Kept with the workers: scratch and the job's fields live from call to call. */
  public static final Workers.Key<PackedProduct> KEY = new Workers.Key<>(PackedProduct::new);

  /** Up to this many rows, reading B once per row beats a tile of 6 rows (measured: equal at 3). */
  private static final int FEW_ROWS = 2;

  /** Columns of one piece of work. */
  private static final int PIECE = GemvKernel4P.PANELS * NR;

  /** Multiplications below which threads cost more than they bring. */
  private static final long SHARED_FROM = 1 << 18;

  private final Matrix left = new Matrix();
  private final Matrix out = new Matrix();

  private int m;
  private int n;
  private int k;
  private MemorySegment a = MemorySegment.NULL;
  private long aRow;
  private long aStep;
  private MemorySegment b = MemorySegment.NULL;
  private MemorySegment c = MemorySegment.NULL;
  private long cRow;
  private boolean accumulate;
  private Epilogue epilogue = Epilogue.NONE;
  private float[][] scratch = {};

  private PackedProduct() {}

  /** Computes C = op(A) B (+ C) with its epilogue, m and n at least 1. */
  public void run(
      boolean transposeA, int rows, int columns, int depth, MemorySegment from, int lda, Panels panels, MemorySegment to, int ldc,
      boolean fromC, Epilogue finish, Workers workers) {
    if (rows > FEW_ROWS) {
      left.set(from, lda, transposeA, depth);
      out.set(to, ldc, false, depth);
      workers.state(Product.KEY).begin().add(rows, columns, depth, left, panels, out).run(to, fromC, finish, workers);
      left.clear();
      out.clear();
      return;
    }
    m = rows;
    n = columns;
    k = depth;
    a = from;
    aRow = transposeA ? 4 : 4L * lda;
    aStep = transposeA ? 4L * lda : 4;
    b = panels.panels();
    c = to;
    cRow = 4L * ldc;
    accumulate = fromC;
    epilogue = finish;
    if (scratch.length < workers.threads()) {
      scratch = new float[workers.threads()][PIECE];
    }
    int pieces = (n + PIECE - 1) / PIECE;
    if ((long) m * n * k < SHARED_FROM) {
      for (int i = 0; i < pieces; i++) {
        run(i, 0);
      }
    } else {
      workers.run(this, pieces);
    }
    a = MemorySegment.NULL;
    b = MemorySegment.NULL;
    c = MemorySegment.NULL;
    epilogue = Epilogue.NONE;
  }

  @Override
  public void run(int index, int worker) {
    int column = index * PIECE;
    int columns = Math.min(PIECE, n - column);
    float[] t = scratch[worker];
    for (int row = 0; row < m; row++) {
      long at = row * cRow + 4L * column;
      if (accumulate) {
        Copy.run(c, at, t, 0, columns);
      } else {
        Arrays.fill(t, 0f);
      }
      GemvKernel4P.four(k, a, row * aRow, aStep, b, panel(column), panel(column + NR), panel(column + 2 * NR), panel(column + 3 * NR), t);
      Tile.finishRow(c, at, columns, t, epilogue, 4L * column);
    }
  }

  /** Where a column's panel begins; behind the last, that of the last, for columns that nobody looks at. */
  private long panel(int column) {
    int panel = Math.min(column, n - 1) / NR;
    return 4L * NR * k * panel;
  }
}
