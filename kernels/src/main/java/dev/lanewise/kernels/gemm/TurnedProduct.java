package dev.lanewise.kernels.gemm;

import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A product of few steps of k in which one operand is stored transposed and small: that one is turned once, then nothing is packed. The tile that
 * spreads A in registers, and B read by whole vectors, are worth more than the copy costs.
 */
final class TurnedProduct {
  /** Kept with the workers: the turned operand's memory lives from call to call. */
  static final Workers.Key<TurnedProduct> KEY = new Workers.Key<>(TurnedProduct::new);

  /** Columns of C below which turning A costs more than it brings: a transposed A can be read in place, element by element. */
  private static final int COLUMNS_FROM = 512;

  /** Rows of C below which turning B costs more than it brings: a transposed B has to be turned anyhow, into panels. */
  private static final int ROWS_FROM = 64;

  /** Floats from one turned row to the next are a multiple of a cache line's. */
  private static final int LINE = 16;

  private final float[] scratch = new float[Copy.SCRATCH];
  private MemorySegment turned = MemorySegment.NULL;

  private TurnedProduct() {}

  /** Whether a product is better off here: one operand transposed, small enough to stay in the second-level cache, and used often enough. */
  static boolean suits(boolean transposeA, boolean transposeB, boolean accumulate, int m, int n, int k) {
    return transposeA != transposeB && k >= Lanes.COUNT && k <= GemmPlan.IN_PLACE && n >= Lanes.COUNT && !accumulate
        && (transposeA ? n >= COLUMNS_FROM : m >= ROWS_FROM) && (long) (transposeA ? m : n) * k <= GemmPlan.PASS;
  }

  /** Computes C = op(A) op(B) with its epilogue; arguments as for {@link StoredProduct#run}. */
  void run(
      boolean transposeA, int m, int n, int k, MemorySegment a, long aAt, int lda, MemorySegment b, long bAt, int ldb,
      MemorySegment c, long cAt, int ldc, Epilogue epilogue, Workers workers) {
    InPlaceProduct product = workers.state(InPlaceProduct.KEY);
    if (transposeA) {
      int stride = turn(a, aAt, lda, k, m);
      product.at(0, bAt, cAt).run(false, m, n, k, turned, stride, b, ldb, c, ldc, false, epilogue, workers);
    } else {
      int stride = turn(b, bAt, ldb, n, k);
      product.at(aAt, 0, cAt).run(false, m, n, k, a, lda, turned, stride, c, ldc, false, epilogue, workers);
    }
  }

  /** Turns what is stored as rows x columns; returns the floats from one of the turned rows to the next. */
  private int turn(MemorySegment from, long at, int ld, int rows, int columns) {
    int stride = GemmPlan.roundUp(rows, LINE);
    long bytes = 4L * stride * columns;
    if (turned.byteSize() < bytes) {
      turned = Arena.ofAuto().allocate(bytes, 4 * LINE);
    }
    Copy.turned(from, at, ld, rows, columns, turned, stride, scratch);
    return stride;
  }
}
