package dev.lanewise.kernels;

import dev.lanewise.kernels.cpu.Simd;
import dev.lanewise.kernels.gemm.BatchedProduct;
import dev.lanewise.kernels.gemm.GemmPath;
import dev.lanewise.kernels.gemm.GemmPlan;
import dev.lanewise.kernels.gemm.StoredProduct;
import dev.lanewise.kernels.lane.Lanes;
import org.jspecify.annotations.Nullable;

/** Which path of a product may run: every {@link Family} on its way has passed. */
final class GemmFamilies {
  private GemmFamilies() {}

  /** The path of a product by vectors, or null for its scalar twin; arguments as for the door. */
  static @Nullable GemmPath path(
      boolean transposeA, boolean transposeB, int m, int n, int k, int lda, int ldb, int ldc, boolean accumulate, Epilogue epilogue) {
    if (!Simd.ENABLED) {
      return null;
    }
    GemmPath path = StoredProduct.path(transposeA, transposeB, m, n, k, lda, ldb, ldc, accumulate, epilogue);
    return mayRun(path, n) ? path : null;
  }

  /** The same of a batch. */
  static @Nullable GemmPath path(
      int batch, boolean transposeA, boolean transposeB, int m, int n, int k, int lda, long strideA, int ldb, long strideB, int ldc,
      long strideC, boolean accumulate, Epilogue epilogue) {
    if (!Simd.ENABLED) {
      return null;
    }
    GemmPath path =
        BatchedProduct.path(batch, transposeA, transposeB, m, n, k, lda, strideA, ldb, strideB, ldc, strideC, accumulate, epilogue);
    return mayRun(path, n) ? path : null;
  }

  /** Whether all vector kernels may run that a path to n columns may come by. */
  private static boolean mayRun(GemmPath path, int n) {
    return switch (path) {
      case FEW_ROWS -> Family.GEMM_FEW_ROWS.vectors();
      case WIDE_ROWS -> Family.GEMM_FEW_ROWS.vectors() && Family.GEMM_WIDE_ROWS.vectors();
      case DOTS -> Family.GEMM_DOTS.vectors();
      case PAIRS -> Family.GEMM_PAIRS.vectors();
      case SPREAD -> spread(n);
      case IN_PLACE -> inPlace(n);
      case IN_PLACE_OR_SPREAD -> inPlace(n) && spread(n);
      case NARROW -> Family.GEMM_NARROW.vectors();
      case DIRECT -> Family.GEMM_DIRECT.vectors();
      case DIRECT_TRANSPOSED -> Family.GEMM_DIRECT_TRANSPOSED.vectors();
      case PACKED -> Family.GEMM_PACKED.vectors();
      case PACKED_TRANSPOSED -> Family.GEMM_PACKED_TRANSPOSED.vectors();
      case TURNED, SWAPPED -> Family.GEMM_TURN.vectors() && Family.GEMM_PACKED.vectors();
      case TURNED_TRANSPOSED -> Family.GEMM_TURN.vectors() && Family.GEMM_PACKED_TRANSPOSED.vectors();
      case COLUMN -> Family.GEMM_COLUMN.vectors();
      case TURNED_COLUMN -> Family.GEMM_TURN.vectors() && Family.GEMM_COLUMN.vectors();
    };
  }

  /** Tiles of two vectors of columns, and of one for what these leave. */
  private static boolean inPlace(int n) {
    return (n < GemmPlan.NR || Family.GEMM_IN_PLACE.vectors()) && (n % GemmPlan.NR == 0 || Family.GEMM_IN_PLACE_ONE.vectors());
  }

  private static boolean spread(int n) {
    return (n < GemmPlan.NR || Family.GEMM_SPREAD.vectors()) && (n % GemmPlan.NR == 0 || Family.GEMM_SPREAD_ONE.vectors());
  }

  /** Whether a recurrent layer may multiply by tiles: its own case has a single row, which takes none. */
  static boolean steps() {
    return Family.GEMM_TURN.vectors() && Family.GEMM_PACKED.vectors();
  }

  /** Whether a convolution may be a product of its patches: tiles of every height, B packed or where it lies, A by rows or by columns. */
  static boolean tiles() {
    return Family.GEMM_PACKED.vectors() && Family.GEMM_PACKED_TRANSPOSED.vectors()
        && (!Lanes.MANY_REGISTERS || (Family.GEMM_DIRECT.vectors() && Family.GEMM_DIRECT_TRANSPOSED.vectors()));
  }

  /** Whether a matrix may be packed: all that multiplies by panels or packs them, since what is packed has no other way. */
  static boolean panels() {
    return Family.GEMM_DIRECT.vectors() && Family.GEMM_DIRECT_TRANSPOSED.vectors() && Family.GEMM_TURN.vectors()
        && Family.GEMM_PANELS.vectors();
  }
}
