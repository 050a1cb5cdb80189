package dev.lanewise.kernels.gemm;

import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Workers;
import java.lang.foreign.MemorySegment;

/** A product of matrices as they lie in memory: which path its shape takes. */
public final class StoredProduct {
  /** Kept with the workers: the operands' objects live from call to call. */
  public static final Workers.Key<StoredProduct> KEY = new Workers.Key<>(StoredProduct::new);

  private final Matrix left = new Matrix();
  private final Matrix right = new Matrix();
  private final Matrix out = new Matrix();

  private StoredProduct() {}

  /**
   * Computes C = op(A) op(B) (+ C) with its epilogue, m and n at least 1.
   *
   * @param aAt byte of its segment at which A begins; likewise bAt and cAt
   */
  public void run(
      boolean transposeA, boolean transposeB, int m, int n, int k, MemorySegment a, long aAt, int lda, MemorySegment b, long bAt, int ldb,
      MemorySegment c, long cAt, int ldc, boolean accumulate, Epilogue epilogue, Workers workers) {
    if (RowProduct.suits(transposeB, m, n)) {
      workers.state(RowProduct.KEY)
          .at(aAt, bAt, cAt)
          .run(transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc, accumulate, epilogue, workers);
      return;
    }
    if (GemmKernel8x8Pairs.FITS && isEight(m, n, k, lda, ldb, ldc) && !transposeA && !transposeB && !accumulate
        && epilogue == Epilogue.NONE) {
      GemmKernel8x8Pairs.run(a, aAt, b, bAt, c, cAt);
      return;
    }
    if (!transposeB && k <= GemmPlan.IN_PLACE && (long) m * n * k < InPlaceProduct.SHARED_FROM
        && SpreadProduct.suits(transposeA, accumulate, m, n, k)) {
      SpreadProduct.run(0, m, 0, n, k, a, aAt, 4L * lda, b, bAt, 4L * ldb, c, cAt, 4L * ldc, epilogue);
      return;
    }
    if (!transposeB && InPlaceProduct.suits(n, k, accumulate)) {
      workers.state(InPlaceProduct.KEY)
          .at(aAt, bAt, cAt)
          .run(transposeA, m, n, k, a, lda, b, ldb, c, ldc, accumulate, epilogue, workers);
      return;
    }
    // A packed B that a second-level cache cannot hold would go to memory and come back: block by block of k it stays, and C is visited as often.
    int step = (long) n * k > GemmPlan.PASS ? GemmPlan.kBlock(k) : k;
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
