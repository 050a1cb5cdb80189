package dev.lanewise.kernels.gemm;

import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;

/** A product of matrices as they lie in memory: which path its shape takes. */
public final class StoredProduct {
  /** Kept with the workers: the operands' objects live from call to call. */
  public static final Workers.Key<StoredProduct> KEY = new Workers.Key<>(StoredProduct::new);

  private final Matrix left = new Matrix();
  private final Matrix right = new Matrix();
  private final Matrix out = new Matrix();

  private StoredProduct() {}

  /** Which path a product takes, m and n at least 1. */
  public static GemmPath path(
      boolean transposeA, boolean transposeB, int m, int n, int k, int lda, int ldb, int ldc, boolean accumulate, Epilogue epilogue) {
    if (RowProduct.suits(transposeB, m, n, k)) {
      return transposeB ? GemmPath.DOTS : RowProduct.isWide(n) ? GemmPath.WIDE_ROWS : GemmPath.FEW_ROWS;
    }
    if (GemmKernel8x8Pairs.FITS && isEight(m, n, k, lda, ldb, ldc) && !transposeA && !transposeB && !accumulate
        && epilogue == Epilogue.NONE) {
      return GemmPath.PAIRS;
    }
    if (!transposeB && InPlaceProduct.suits(transposeA, m, n, k, accumulate) && (long) m * n * k < InPlaceProduct.SHARED_FROM
        && SpreadProduct.suits(transposeA, accumulate, m, n, k)) {
      return GemmPath.SPREAD;
    }
    if (!transposeB && InPlaceProduct.suits(transposeA, m, n, k, accumulate)) {
      return n < Lanes.COUNT ? GemmPath.NARROW
          : InPlaceProduct.maySpread(transposeA, accumulate, m, k) ? GemmPath.IN_PLACE_OR_SPREAD : GemmPath.IN_PLACE;
    }
    if (n == 1 && !transposeA) {
      return transposeB ? GemmPath.TURNED_COLUMN : GemmPath.COLUMN;
    }
    if (transposeB && SwappedProduct.suits(m, n, k)) {
      return GemmPath.SWAPPED;
    }
    if (transposeB) {
      return transposeA ? GemmPath.TURNED_TRANSPOSED : GemmPath.TURNED;
    }
    if (ProductPart.mayBeDirect(m, n)) {
      return transposeA ? GemmPath.DIRECT_TRANSPOSED : GemmPath.DIRECT;
    }
    return transposeA ? GemmPath.PACKED_TRANSPOSED : GemmPath.PACKED;
  }

  /**
   * Computes C = op(A) op(B) (+ C) with its epilogue, m and n at least 1.
   *
   * @param path what {@link #path} says
   * @param aAt byte of its segment at which A begins; likewise bAt and cAt
   */
  public void run(
      GemmPath path, boolean transposeA, boolean transposeB, int m, int n, int k, MemorySegment a, long aAt, int lda, MemorySegment b,
      long bAt, int ldb, MemorySegment c, long cAt, int ldc, boolean accumulate, Epilogue epilogue, Workers workers) {
    switch (path) {
      case FEW_ROWS, WIDE_ROWS, DOTS ->
        workers.state(RowProduct.KEY)
            .at(aAt, bAt, cAt)
            .run(transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc, accumulate, epilogue, workers);
      case PAIRS -> GemmKernel8x8Pairs.run(a, aAt, b, bAt, c, cAt);
      case SPREAD -> SpreadProduct.run(0, m, 0, n, k, a, aAt, 4L * lda, b, bAt, 4L * ldb, c, cAt, 4L * ldc, epilogue);
      case IN_PLACE, IN_PLACE_OR_SPREAD, NARROW ->
        workers.state(InPlaceProduct.KEY)
            .at(aAt, bAt, cAt)
            .run(transposeA, m, n, k, a, lda, b, ldb, c, ldc, accumulate, epilogue, workers);
      case SWAPPED ->
        workers.state(SwappedProduct.KEY)
            .run(transposeA, m, n, k, a, aAt, lda, b, bAt, ldb, c, cAt, ldc, accumulate, epilogue, workers);
      case DIRECT, DIRECT_TRANSPOSED, PACKED, PACKED_TRANSPOSED, TURNED, TURNED_TRANSPOSED, COLUMN, TURNED_COLUMN ->
        inBlocks(transposeA, transposeB, m, n, k, a, aAt, lda, b, bAt, ldb, c, cAt, ldc, accumulate, epilogue, workers);
    }
  }

  private void inBlocks(
      boolean transposeA, boolean transposeB, int m, int n, int k, MemorySegment a, long aAt, int lda, MemorySegment b, long bAt, int ldb,
      MemorySegment c, long cAt, int ldc, boolean accumulate, Epilogue epilogue, Workers workers) {
    // A packed B that a second-level cache cannot hold would go to memory and come back: block by block of k it stays, and C is visited as often.
    boolean shortest = transposeA && (long) n * GemmPlan.KC > GemmPlan.RESIDENT_B;
    int step = (long) n * k > GemmPlan.RESIDENT_B ? GemmPlan.kBlock(k, shortest) : k;
    int k0 = 0;
    do {
      int steps = Math.min(step, k - k0);
      left.set(a, lda, transposeA, steps).at(aAt + (transposeA ? 4L * k0 * lda : 4L * k0));
      right.set(b, ldb, transposeB, steps).at(bAt + (transposeB ? 4L * k0 : 4L * k0 * ldb));
      out.set(c, ldc, false, steps).at(cAt);
      boolean last = k0 + steps == k;
      workers.state(Product.KEY).begin().add(m, n, steps, left, right, out).run(c, accumulate || k0 > 0, last ? epilogue : Epilogue.NONE,
          workers);
      k0 += steps;
    } while (k0 < k);
    left.clear();
    right.clear();
    out.clear();
  }

  private static boolean isEight(int m, int n, int k, int lda, int ldb, int ldc) {
    int side = GemmKernel8x8Pairs.SIDE;
    return m == side && n == side && k == side && lda == side && ldb == side && ldc == side;
  }
}
