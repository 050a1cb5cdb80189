package dev.lanewise.kernels.gemm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A product of a few rows with a matrix that is read where it lies, transposed or not: prediction of one example, a step of text generation. Tiles would be
 * mostly empty and packing B would cost more than the product.
 */
public final class RowProduct {
  /** Kept with the workers: scratch and the job's fields live from call to call. */
  public static final Workers.Key<RowProduct> KEY = new Workers.Key<>(RowProduct::new);

  /** Up to this many rows, reading B once per row beats a tile of 12 rows that is two thirds empty. */
  private static final int MAX_ROWS = 4;

  /** Up to this many rows, turning B in registers once for each row beats panels that are turned once for all. */
  private static final int MAX_TURNED = 2;

  /** Whether there is a kernel that turns squares of B, and how many rows and columns it takes. */
  private static final boolean TURNS = GemvKernel16R.FITS || GemvKernel8R.FITS;
  private static final int TURNED_ROWS = GemvKernel16R.FITS ? GemvKernel16R.ROWS : GemvKernel8R.ROWS;
  private static final int TURNED_STEPS = GemvKernel16R.FITS ? GemvKernel16R.STEPS : GemvKernel8R.STEPS;

  /** Floats of A that are copied for it at most, 4 MB: longer rows take the scalar chains, or panels, rather than so much of the heap. */
  private static final int MAX_COPIED = 1 << 20;

  /** Columns of one piece of work: whole tiles of the kernels with vectors. */
  private static final int PIECE = GemvKernel8V.VECTORS * Lanes.COUNT;

  /** Columns of one that goes by scalar chains. */
  private static final int DOTS = 8 * GemvKernel12R.ROWS;

  /** Floats of a piece, and what a tile of chains may have more. */
  private static final int SCRATCH = Math.max(PIECE, DOTS) + GemvKernel12R.ROWS;

  /** Multiplications below which threads cost more than they bring. */
  private static final long SHARED_FROM = 1 << 18;

  private int n;
  private int k;
  private MemorySegment a = MemorySegment.NULL;
  private long aRow;
  private long aStep;
  private MemorySegment b = MemorySegment.NULL;
  private long bStep;
  private boolean transposed;
  private boolean turned;
  private int piece;
  private MemorySegment c = MemorySegment.NULL;
  private long cRow;
  private boolean accumulate;
  private Epilogue epilogue = Epilogue.NONE;
  private int m;
  private long aAt;
  private long bAt;
  private long cAt;

  private float[][] scratch = {};
  /** The rows of A, where squares of B are turned. */
  private final float[][] vectors = new float[MAX_TURNED][0];
  private final Workers.Task multiplying = this::multiplyPiece;

  private RowProduct() {}

  /**
   * Whether a product is better off here: few rows; of those by a transposed B only one or, where B is turned in registers, two, or so few columns that most of
   * a panel would stay empty, since B is read once for each row and a panel, once turned, serves all (measured, see reports/decisions/0005).
   */
  static boolean suits(boolean transposeB, int rows, int columns, int depth) {
    return rows <= MAX_ROWS && (!transposeB || rows == 1 || rows * columns < GemmPlan.NR || isTurned(rows, columns, depth));
  }

  /** Whether squares of a transposed B are turned in registers: not where one tile of chains takes all columns and some would be left for one anyway. */
  private static boolean isTurned(int rows, int columns, int depth) {
    boolean filled = columns == TURNED_ROWS || columns >= Math.max(TURNED_ROWS, GemvKernel12R.ROWS + 1);
    return TURNS && filled && rows <= MAX_TURNED && depth >= TURNED_STEPS && (long) rows * depth <= MAX_COPIED;
  }

  /** Whether there are columns enough for the kernel that takes many. */
  static boolean isWide(int columns) {
    return columns >= PIECE;
  }

  /** Where in their segments the operands of the next product begin, in bytes; at 0 unless called. */
  RowProduct at(long leftByte, long rightByte, long outByte) {
    aAt = leftByte;
    bAt = rightByte;
    cAt = outByte;
    return this;
  }

  /** Computes C[m, n] = op(A) op(B) (+ C) with its epilogue; arguments as for the door. */
  public void run(
      boolean transposeA, boolean transposeB, int rows, int columns, int depth, MemorySegment left, int lda, MemorySegment right, int ldb,
      MemorySegment out, int ldc, boolean fromC, Epilogue finish, Workers workers) {
    m = rows;
    n = columns;
    k = depth;
    a = left;
    aRow = transposeA ? 4 : 4L * lda;
    aStep = transposeA ? 4L * lda : 4;
    b = right;
    bStep = 4L * ldb;
    transposed = transposeB;
    c = out;
    cRow = 4L * ldc;
    accumulate = fromC;
    epilogue = finish;
    turned = transposed && isTurned(m, n, k);
    if (turned) {
      copyRows();
    }
    if (scratch.length < workers.threads()) {
      scratch = new float[workers.threads()][SCRATCH];
    }
    piece = transposed && !turned ? DOTS : PIECE;
    int pieces = (n + piece - 1) / piece;
    if ((long) m * n * k < SHARED_FROM) {
      for (int i = 0; i < pieces; i++) {
        multiplyPiece(i, 0);
      }
    } else {
      workers.run(multiplying, pieces);
    }
    a = MemorySegment.NULL;
    b = MemorySegment.NULL;
    c = MemorySegment.NULL;
    epilogue = Epilogue.NONE;
    at(0, 0, 0);
  }

  private void copyRows() {
    for (int row = 0; row < m; row++) {
      if (vectors[row].length < k) {
        vectors[row] = new float[k];
      }
      long from = aAt + row * aRow;
      if (aStep == 4) {
        Copy.run(a, from, vectors[row], 0, k);
      } else {
        for (int p = 0; p < k; p++) {
          vectors[row][p] = a.get(JAVA_FLOAT_UNALIGNED, from + p * aStep);
        }
      }
    }
  }

  private void multiplyPiece(int index, int worker) {
    int column = index * piece;
    int columns = Math.min(piece, n - column);
    float[] t = scratch[worker];
    for (int row = 0; row < m; row++) {
      int done = 0;
      if (turned) {
        done = columns / TURNED_ROWS * TURNED_ROWS;
        multiplyTurned(row, column, done, t);
      }
      for (; transposed && done < columns; done += GemvKernel12R.ROWS) {
        multiplyDots(row, column + done, Math.min(GemvKernel12R.ROWS, columns - done), t);
      }
      if (!transposed && columns == PIECE) {
        begin(row, column, PIECE, t);
        GemvKernel8V.eight(k, a, aAt + row * aRow, aStep, b, bAt + 4L * column, bStep, t);
        finish(row, column, PIECE, t);
        done = PIECE;
      }
      for (; done <= columns - Lanes.COUNT; done += Lanes.COUNT) {
        begin(row, column + done, Lanes.COUNT, t);
        GemvKernel8V.one(k, a, aAt + row * aRow, aStep, b, bAt + 4L * (column + done), bStep, t);
        finish(row, column + done, Lanes.COUNT, t);
      }
      if (done < columns) {
        multiplyRest(row, column + done, columns - done, t);
      }
    }
  }

  private void multiplyTurned(int row, int column, int columns, float[] t) {
    begin(row, column, columns, t);
    int groups = columns / TURNED_ROWS;
    int whole = k / TURNED_STEPS * TURNED_STEPS;
    long right = bAt + column * bStep;
    if (GemvKernel16R.FITS) {
      GemvKernel16R.groups(groups, whole, vectors[row], b, right, bStep, t);
    } else {
      GemvKernel8R.groups(groups, whole, vectors[row], b, right, bStep, t);
    }
    if (whole < k) {
      for (int i = 0; i < columns; i += GemvKernel12R.ROWS) {
        GemvKernel12R.twelve(
            k - whole, a, aAt + row * aRow + whole * aStep, aStep, b, right + i * bStep + 4L * whole, bStep,
            Math.min(GemvKernel12R.ROWS, columns - i), t, i);
      }
    }
    finish(row, column, columns, t);
  }

  private void multiplyDots(int row, int column, int columns, float[] t) {
    begin(row, column, columns, t);
    GemvKernel12R.twelve(k, a, aAt + row * aRow, aStep, b, bAt + column * bStep, bStep, columns, t, 0);
    finish(row, column, columns, t);
  }

  /**
   * Columns that do not fill a vector: whole vectors are read all the same, as long as the matrix reaches that far (what lies behind the row's end
   * lands in lanes that nobody looks at), and the last rows go one element at a time.
   */
  private void multiplyRest(int row, int column, int columns, float[] t) {
    begin(row, column, columns, t);
    long at = bAt + 4L * column;
    long room = b.byteSize() - 4L * Lanes.COUNT - at;
    int whole = room < 0 ? 0 : (int) Math.min(k, bStep == 0 ? k : room / bStep + 1);
    GemvKernel8V.one(whole, a, aAt + row * aRow, aStep, b, at, bStep, t);
    GemvKernel8V.tail(whole, k, columns, a, aAt + row * aRow, aStep, b, at, bStep, t);
    finish(row, column, columns, t);
  }

  private void begin(int row, int column, int columns, float[] t) {
    if (accumulate) {
      Copy.run(c, cAt + row * cRow + 4L * column, t, 0, columns);
    } else {
      Arrays.fill(t, 0f);
    }
  }

  private void finish(int row, int column, int columns, float[] t) {
    Tile.finishRow(c, cAt + row * cRow + 4L * column, columns, t, epilogue, 4L * column);
  }
}
