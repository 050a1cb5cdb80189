package dev.lanewise.kernels.gemm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A product of matrices that fit the first-level caches, on the caller's thread, without packing: A and B are read where they lie.
 *
 * <p>Columns that do not fill a vector are read as whole vectors all the same, as long as B reaches that far: what lies behind the end of a
 * row lands in lanes that nobody looks at. The last rows of B, where that would leave the segment, are copied first.
 */
public final class SmallProduct {
  /** Kept with the workers for its scratch. */
  public static final Workers.Key<SmallProduct> KEY = new Workers.Key<>(SmallProduct::new);

  private static final int V = Lanes.COUNT;

  private final float[] t = new float[GemmKernel8x2VInPlace.MR * 2 * V];
  private final float[] rowOfB = new float[2 * V];

  private SmallProduct() {}

  /** Whether a product, nothing of it transposed, is small enough: measured, see reports/decisions/0001. */
  public static boolean suits(int m, int n, int k) {
    return k <= GemmPlan.SMALL && n <= GemmPlan.SMALL && m <= GemmPlan.SMALL;
  }

  /** Computes C = A B (+ C) with its epilogue; arguments as for the door. */
  public void run(
      int m, int n, int k, MemorySegment a, int lda, MemorySegment b, int ldb, MemorySegment c, int ldc,
      boolean accumulate, Epilogue epilogue) {
    for (int column = 0; column < n;) {
      int width = n - column > V ? 2 * V : V;
      int columns = Math.min(width, n - column);
      long bAt = 4L * column;
      int whole = wholeRows(k, b.byteSize() - bAt - 4L * width, 4L * ldb);
      for (int row = 0; row < m; row += GemmKernel8x2VInPlace.MR) {
        int rows = Math.min(GemmKernel8x2VInPlace.MR, m - row);
        long aAt = 4L * row * lda;
        long cAt = 4L * ((long) row * ldc + column);
        if (accumulate) {
          for (int i = 0; i < rows; i++) {
            Copy.run(c, cAt + 4L * i * ldc, t, i * width, columns);
          }
        } else {
          Arrays.fill(t, 0, rows * width, 0f);
        }
        if (width > V) {
          GemmKernel8x2VInPlace.two(whole, a, aAt, 4L * lda, rows, b, bAt, 4L * ldb, t);
        } else {
          GemmKernel8x2VInPlace.one(whole, a, aAt, 4L * lda, rows, b, bAt, 4L * ldb, t);
        }
        if (whole < k) {
          lastRows(whole, k, a, aAt, 4L * lda, rows, b, bAt, 4L * ldb, columns, width);
        }
        Tile.finishRows(c, cAt, 4L * ldc, rows, columns, t, width, epilogue, bAt);
      }
      column += columns;
    }
  }

  /** How many rows of B can be read a whole tile wide, when {@code room} bytes are left behind the first. */
  private static int wholeRows(int k, long room, long rowBytes) {
    if (room < 0) {
      return 0;
    }
    return rowBytes == 0 ? k : (int) Math.min(k, room / rowBytes + 1);
  }

  /** Rows of B that are copied first, because a whole vector would reach beyond the segment. */
  private void lastRows(
      int p0, int k, MemorySegment a, long aAt, long aRow, int rows, MemorySegment b, long bAt, long bRow, int columns,
      int width) {
    for (int p = p0; p < k; p++) {
      Copy.run(b, bAt + p * bRow, rowOfB, 0, columns);
      for (int i = 0; i < rows; i++) {
        Tile.addScaled(a.get(JAVA_FLOAT_UNALIGNED, aAt + i * aRow + 4L * p), rowOfB, t, i * width, width);
      }
    }
  }
}
