package dev.lanewise.kernels.gemm;

import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;

/**
 * A product in which nothing is packed, since no element of an operand is used often enough to pay for a copy: small matrices, and a few
 * steps of k between large ones.
 *
 * <p>Columns that do not fill a vector belong to a last tile that begins before them and computes some columns again, to the same bits. Of a B
 * narrower than a vector, the rows are copied a vector apart.
 */
public final class InPlaceProduct {
  /** Kept with the workers: scratch and the job's fields live from call to call. */
  public static final Workers.Key<InPlaceProduct> KEY = new Workers.Key<>(InPlaceProduct::new);

  private static final int MR = GemmKernel8x2VInPlace.MR;
  private static final int NR = GemmPlan.NR;
  private static final int V = Lanes.COUNT;

  /** Chains that start from nothing start here; never written. */
  private static final float[] ZEROS = new float[MR * NR];

  /** Multiplications below which threads cost more than they bring. */
  static final long SHARED_FROM = 1 << 19;

  /** Multiplications above which, with few registers, packed products are faster, whose tiles are narrow. */
  private static final long MOST_IN_PLACE = 1 << 12;

  /** Floats of A that all columns pass by at a time: a quarter of a second-level cache of 512 KB. */
  private static final int BLOCK_OF_A = 1 << 15;

  private int m;
  private int n;
  private int k;
  private MemorySegment a = MemorySegment.NULL;
  private long aRow;
  private long aStep;
  private MemorySegment b = MemorySegment.NULL;
  private long bRow;
  private MemorySegment c = MemorySegment.NULL;
  private long cRow;
  private long aAt;
  private long bAt;
  private long cAt;
  private boolean accumulate;
  private Epilogue epilogue = Epilogue.NONE;

  private int rowsPerBlock;
  private int panelsPerGroup;
  private int groups;

  /** A B narrower than a vector, its rows a vector apart. */
  private final float[] narrow = new float[GemmPlan.IN_PLACE * V];

  private float[][] tiles = {};
  private final Workers.Task multiplying = this::multiplyBlock;

  private InPlaceProduct() {}

  /**
   * Whether a product, B of it not transposed, is better off here: measured, see reports/decisions/0001. Columns computed again would be
   * added twice, so there are none when accumulating. A transposed A of some size is packed instead, by its columns, since taller tiles then read each
   * of them from one place; with few registers all but the smallest is.
   */
  public static boolean suits(boolean transposeA, int m, int n, int k, boolean accumulate) {
    if (k > GemmPlan.IN_PLACE || (accumulate && n >= V && n % V != 0)) {
      return false;
    }
    return Lanes.MANY_REGISTERS ? !transposeA || m < 48 || n < 512 || k < 64 : n <= V || (long) m * n * k <= MOST_IN_PLACE;
  }

  /** Whether some of the rows may be loaded by whole vectors, as {@link SpreadProduct} does; which ones depends on where A lies. */
  static boolean maySpread(boolean transposeA, boolean accumulate, int m, int k) {
    return !transposeA && !accumulate && m >= MR && k > 0;
  }

  /** Where in their segments the operands of the next product begin, in bytes; at 0 unless called. */
  InPlaceProduct at(long leftByte, long rightByte, long outByte) {
    aAt = leftByte;
    bAt = rightByte;
    cAt = outByte;
    return this;
  }

  /** Computes C = op(A) B (+ C) with its epilogue; arguments as for the door. */
  public void run(
      boolean transposeA, int rows, int columns, int depth, MemorySegment left, int lda, MemorySegment right, int ldb,
      MemorySegment out, int ldc, boolean fromC, Epilogue finish, Workers workers) {
    m = rows;
    n = columns;
    k = depth;
    a = left;
    aRow = transposeA ? 4 : 4L * lda;
    aStep = transposeA ? 4L * lda : 4;
    b = right;
    bRow = 4L * ldb;
    c = out;
    cRow = 4L * ldc;
    accumulate = fromC;
    epilogue = finish;
    if (n < V) {
      Copy.spread(b, bAt, bRow, k, n, narrow);
    }
    if (tiles.length < workers.threads()) {
      tiles = new float[workers.threads()][MR * NR];
    }
    if ((long) m * n * k < SHARED_FROM && (long) m * k <= BLOCK_OF_A) {
      multiply(0, m, 0, n, tiles[0]);
    } else {
      workers.run(multiplying, split(workers.threads()));
    }
    a = MemorySegment.NULL;
    b = MemorySegment.NULL;
    c = MemorySegment.NULL;
    epilogue = Epilogue.NONE;
    at(0, 0, 0);
  }

  /** Cuts C into blocks of rows by groups of panels; returns their number. A panel that is not full stays with the one before it. */
  private int split(int threads) {
    int most = Math.max(MR, BLOCK_OF_A / Math.max(1, k) / MR * MR);
    int wanted = Math.max((m + most - 1) / most, threads == 1 ? 1 : Math.min(3 * threads, m / (2 * MR)));
    int rows = (m + wanted - 1) / Math.max(1, wanted);
    rowsPerBlock = GemmPlan.roundUp(rows, MR);
    int blocks = (m + rowsPerBlock - 1) / rowsPerBlock;
    int panels = Math.max(1, n / NR);
    int wantedGroups = threads == 1 || blocks >= threads ? 1 : Math.min(panels, 3 * threads);
    panelsPerGroup = (panels + wantedGroups - 1) / wantedGroups;
    groups = (panels + panelsPerGroup - 1) / panelsPerGroup;
    return blocks * groups;
  }

  private void multiplyBlock(int index, int worker) {
    int row0 = index / groups * rowsPerBlock;
    int row1 = Math.min(m, row0 + rowsPerBlock);
    int group = index % groups;
    int column = group * panelsPerGroup * NR;
    int end = group == groups - 1 ? n : column + panelsPerGroup * NR;
    multiply(row0, row1, column, end, tiles[worker]);
  }

  /** The rows row0 .. row1 by the columns from .. end. */
  private void multiply(int row0, int row1, int from, int end, float[] t) {
    int row = row0;
    int spread = end - from < V ? 0 : rowsToSpread(row0, row1);
    if (spread >= MR) {
      row += spread;
      SpreadProduct.run(row0, row, from, end, k, a, aAt, aRow, b, bAt, bRow, c, cAt, cRow, epilogue);
      if (row == row1) {
        return;
      }
    }
    int column = from;
    for (; end - column >= NR; column += NR) {
      multiplyTwo(row, row1, column, t);
    }
    if (end - column >= V) {
      multiplyOne(row, row1, column, t);
      column += V;
    }
    if (column < end && n > V) {
      multiplyOne(row, row1, end - V, t);
    } else if (column < end) {
      multiplyNarrow(row0, row1, t);
    }
  }

  /** How many rows from row0 on can be loaded by whole vectors, as {@link SpreadProduct} does; none if A is transposed or C is added to. */
  private int rowsToSpread(int row0, int row1) {
    if (aStep != 4 || accumulate || k == 0) {
      return 0;
    }
    if (k >= V) {
      return row1 - row0;
    }
    long reach = a.byteSize() - 4L * V - aAt;
    return reach < 0 ? 0 : Math.clamp(reach / aRow + 1 - row0, 0, row1 - row0);
  }

  /** All rows of a block by two vectors of columns, whose piece of B stays in the first-level cache meanwhile. */
  private void multiplyTwo(int row0, int row1, int column, float[] t) {
    long columnAt = 4L * column;
    for (int row = row0; row < row1; row += MR) {
      int rows = Math.min(MR, row1 - row);
      long tileAt = cAt + row * cRow + columnAt;
      if (accumulate) {
        Tile.loadTwo(c, tileAt, cRow, rows, t);
      }
      GemmKernel8x2VInPlace.two(k, a, aAt + row * aRow, aRow, aStep, rows, b, bAt + columnAt, bRow, accumulate ? t : ZEROS, t);
      Tile.finishTwo(c, tileAt, cRow, rows, t, epilogue, columnAt);
    }
  }

  /** The same by one vector of columns. */
  private void multiplyOne(int row0, int row1, int column, float[] t) {
    long columnAt = 4L * column;
    for (int row = row0; row < row1; row += MR) {
      int rows = Math.min(MR, row1 - row);
      long tileAt = cAt + row * cRow + columnAt;
      if (accumulate) {
        Tile.loadOne(c, tileAt, cRow, rows, t);
      }
      GemmKernel8x2VInPlace.one(k, a, aAt + row * aRow, aRow, aStep, rows, b, bAt + columnAt, bRow, accumulate ? t : ZEROS, t);
      Tile.finishOne(c, tileAt, cRow, rows, t, epilogue, columnAt);
    }
  }

  /** The same by all columns, less than a vector. */
  private void multiplyNarrow(int row0, int row1, float[] t) {
    for (int row = row0; row < row1; row += MR) {
      int rows = Math.min(MR, row1 - row);
      if (accumulate) {
        Tile.loadNarrow(c, cAt + row * cRow, cRow, rows, n, t);
      }
      GemmKernel8x2VInPlace.narrow(k, a, aAt + row * aRow, aRow, aStep, rows, narrow, accumulate ? t : ZEROS, t);
      if (epilogue == Epilogue.NONE) {
        Tile.storeNarrow(c, cAt + row * cRow, cRow, rows, n, t);
      } else {
        Tile.finishRows(c, cAt + row * cRow, cRow, rows, n, t, V, epilogue, 0);
      }
    }
  }
}
