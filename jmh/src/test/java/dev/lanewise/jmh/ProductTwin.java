package dev.lanewise.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.jmh.gemm.Operands;
import dev.lanewise.jmh.shapes.ProductShape;
import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.reference.GemmReference;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What a product has to come to: our own to the bit, a peer's within the bound of any order of summation. */
final class ProductTwin {
  private ProductTwin() {}

  static void check(ProductShape s, float[] got, boolean sameBits) {
    Operands operands = Operands.of(s, Arena.ofAuto());
    MemorySegment a = Data.segment(operands.a());
    MemorySegment b = Data.segment(operands.b());
    if (sameBits) {
      Guarded c = Guarded.nanFilled(s.m() * s.n());
      GemmReference.fmaOrder(
          s.transposeA(), s.transposeB(), s.m(), s.n(), s.k(), a, s.lda(), b, s.ldb(), c.segment(), s.n(), false, Epilogue.NONE);
      assertThat(got).isEqualTo(c.floats());
      return;
    }
    double[] want = GemmReference.inDouble(s.transposeA(), s.transposeB(), s.m(), s.n(), s.k(), a, s.lda(), b, s.ldb());
    double[] sums =
        GemmReference.sumOfAbsoluteProducts(s.transposeA(), s.transposeB(), s.m(), s.n(), s.k(), a, s.lda(), b, s.ldb());
    Bounds.gamma(s.k()).times(sums).holds(got, want);
  }
}
