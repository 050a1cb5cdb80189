package dev.lanewise.kernels;

import dev.lanewise.kernels.cpu.Simd;
import dev.lanewise.kernels.gemm.BatchedProduct;
import dev.lanewise.kernels.gemm.GemmPath;
import dev.lanewise.kernels.gemm.GemmPlan;
import dev.lanewise.kernels.gemm.StoredProduct;
import dev.lanewise.kernels.selftest.GemmCase;
import dev.lanewise.kernels.selftest.GemmCase.Part;
import dev.lanewise.kernels.selftest.SelfTest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The flags of {@link Checked} for the tiles and paths of products. */
final class CheckedGemm {
  private CheckedGemm() {}

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
      case FEW_ROWS -> OfFewRows.VECTORS;
      case WIDE_ROWS -> OfFewRows.VECTORS && OfWideRows.VECTORS;
      case DOTS -> OfDots.VECTORS;
      case PAIRS -> OfPairs.VECTORS;
      case SPREAD -> spread(n);
      case IN_PLACE -> inPlace(n);
      case IN_PLACE_OR_SPREAD -> inPlace(n) && spread(n);
      case NARROW -> OfNarrow.VECTORS;
      case DIRECT -> OfDirect.VECTORS;
      case DIRECT_TRANSPOSED -> OfDirectTransposed.VECTORS;
      case PACKED -> OfPacked.VECTORS;
      case PACKED_TRANSPOSED -> OfPackedTransposed.VECTORS;
      case TURNED -> OfTurn.VECTORS && OfPacked.VECTORS;
      case TURNED_TRANSPOSED -> OfTurn.VECTORS && OfPackedTransposed.VECTORS;
      case COLUMN -> OfColumn.VECTORS;
      case TURNED_COLUMN -> OfTurn.VECTORS && OfColumn.VECTORS;
    };
  }

  /** Tiles of two vectors of columns, and of one for what these leave. */
  private static boolean inPlace(int n) {
    return (n < GemmPlan.NR || OfInPlace.VECTORS) && (n % GemmPlan.NR == 0 || OfInPlaceOne.VECTORS);
  }

  private static boolean spread(int n) {
    return (n < GemmPlan.NR || OfSpread.VECTORS) && (n % GemmPlan.NR == 0 || OfSpreadOne.VECTORS);
  }

  static final class OfFewRows {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.fewRows", new GemmCase(Part.FEW_ROWS));

    private OfFewRows() {}
  }

  static final class OfWideRows {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.wideRows", new GemmCase(Part.WIDE_ROWS));

    private OfWideRows() {}
  }

  static final class OfDots {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.dots", new GemmCase(Part.DOTS));

    private OfDots() {}
  }

  static final class OfPairs {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.pairs", new GemmCase(Part.PAIRS));

    private OfPairs() {}
  }

  static final class OfSpread {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.spread", new GemmCase(Part.SPREAD));

    private OfSpread() {}
  }

  static final class OfSpreadOne {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.spreadOne", new GemmCase(Part.SPREAD_ONE));

    private OfSpreadOne() {}
  }

  static final class OfInPlace {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.inPlace", new GemmCase(Part.IN_PLACE));

    private OfInPlace() {}
  }

  static final class OfInPlaceOne {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.inPlaceOne", new GemmCase(Part.IN_PLACE_ONE));

    private OfInPlaceOne() {}
  }

  static final class OfNarrow {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.narrow", new GemmCase(Part.NARROW));

    private OfNarrow() {}
  }

  static final class OfDirect {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.direct", new GemmCase(Part.DIRECT));

    private OfDirect() {}
  }

  static final class OfDirectTransposed {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.directTransposed", new GemmCase(Part.DIRECT_TRANSPOSED));

    private OfDirectTransposed() {}
  }

  static final class OfPacked {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.packed", new GemmCase(Part.PACKED));

    private OfPacked() {}
  }

  static final class OfPackedTransposed {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.packedTransposed", new GemmCase(Part.PACKED_TRANSPOSED));

    private OfPackedTransposed() {}
  }

  static final class OfColumn {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.column", new GemmCase(Part.COLUMN));

    private OfColumn() {}
  }

  static final class OfTurn {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.turn", new GemmCase(Part.TURN));

    private OfTurn() {}
  }

  /** All that multiplies by panels or packs them, since what is packed so has no other way. */
  static final class OfPanels {
    static final boolean VECTORS =
        Simd.ENABLED && OfDirect.VECTORS && OfDirectTransposed.VECTORS && OfTurn.VECTORS
            && SelfTest.passed("Gemm.panels", new GemmCase(Part.PANELS));

    private OfPanels() {}
  }

  /** A case for each family, by its name. */
  static Map<String, SelfTest.Case> cases() {
    Map<String, SelfTest.Case> cases = new LinkedHashMap<>();
    cases.put("Gemm.fewRows", new GemmCase(Part.FEW_ROWS));
    cases.put("Gemm.wideRows", new GemmCase(Part.WIDE_ROWS));
    cases.put("Gemm.dots", new GemmCase(Part.DOTS));
    cases.put("Gemm.pairs", new GemmCase(Part.PAIRS));
    cases.put("Gemm.spread", new GemmCase(Part.SPREAD));
    cases.put("Gemm.spreadOne", new GemmCase(Part.SPREAD_ONE));
    cases.put("Gemm.inPlace", new GemmCase(Part.IN_PLACE));
    cases.put("Gemm.inPlaceOne", new GemmCase(Part.IN_PLACE_ONE));
    cases.put("Gemm.narrow", new GemmCase(Part.NARROW));
    cases.put("Gemm.direct", new GemmCase(Part.DIRECT));
    cases.put("Gemm.directTransposed", new GemmCase(Part.DIRECT_TRANSPOSED));
    cases.put("Gemm.packed", new GemmCase(Part.PACKED));
    cases.put("Gemm.packedTransposed", new GemmCase(Part.PACKED_TRANSPOSED));
    cases.put("Gemm.column", new GemmCase(Part.COLUMN));
    cases.put("Gemm.turn", new GemmCase(Part.TURN));
    cases.put("Gemm.panels", new GemmCase(Part.PANELS));
    return cases;
  }
}
