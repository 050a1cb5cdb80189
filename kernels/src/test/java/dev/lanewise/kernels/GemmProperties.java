package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import dev.lanewise.kernels.testkit.Problem;
import dev.lanewise.kernels.testkit.Problems;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class GemmProperties {
  @Property(tries = 300)
  void everyElementHasTheBitsOfTheFmaOrderTwin(
      @ForAll(supplier = Problems.Any.class) Problem problem, @ForAll @IntRange(min = 1, max = Crew.LARGEST) int threads) {
    Guarded got = problem.multiply(Crew.of(threads));
    assertThat(got.bits()).isEqualTo(problem.fmaOrder().bits());
    assertThat(got.guardsIntact()).isTrue();
  }

  @Property(tries = 30)
  void denseSquaresOfEightHaveTheBitsOfTheTwin(@ForAll int seed, @ForAll boolean transposeA, @ForAll boolean accumulate,
      @ForAll boolean relu) {
    Problem problem = Problem.of(transposeA, false, 8, 8, 8, 0, false, relu, accumulate, Data.seeded(seed)::edgy);
    assertThat(problem.multiply(Crew.of(1)).bits()).isEqualTo(problem.fmaOrder().bits());
  }

  /** B has more floats than are packed at a time, and k more than one block. */
  @Property(tries = 8)
  void whatIsPackedBlockByBlockHasTheBitsOfTheTwin(
      @ForAll int seed, @ForAll boolean transposeA, @ForAll boolean transposeB, @ForAll boolean accumulate,
      @ForAll @IntRange(min = 1, max = Crew.LARGEST) int threads) {
    Data data = Data.seeded(seed);
    Problem problem = Problem.of(transposeA, transposeB, 13, 509, 521, 3, true, true, accumulate, n -> data.uniform(n, -1, 1));
    Guarded got = problem.multiply(Crew.of(threads));
    assertThat(got.bits()).isEqualTo(problem.fmaOrder().bits());
    assertThat(got.guardsIntact()).isTrue();
  }

  /** Few steps of k, one operand transposed and the other one large: in place, and packed from 48 rows and 64 steps on. */
  @Property(tries = 30)
  void fewStepsOfASmallTransposeHaveTheBitsOfTheTwin(
      @ForAll int seed, @ForAll boolean transposeA, @ForAll boolean relu, @ForAll @IntRange(min = 5, max = 90) int small,
      @ForAll @IntRange(min = 4, max = 128) int k, @ForAll boolean wholePanels,
      @ForAll @IntRange(min = 1, max = Crew.LARGEST) int threads) {
    int m = transposeA ? small : 77;
    int many = wholePanels ? 544 : 523;
    int n = transposeA ? many : small;
    Problem problem = Problem.of(transposeA, !transposeA, m, n, k, 3, true, relu, false, Data.seeded(seed)::edgy);
    Guarded got = problem.multiply(Crew.of(threads));
    assertThat(got.bits()).isEqualTo(problem.fmaOrder().bits());
    assertThat(got.guardsIntact()).isTrue();
  }

  /** Many steps of k by a transposed B with many more rows than A has: computed as its transpose. */
  @Property(tries = 20)
  void whatIsComputedAsItsTransposeHasTheBitsOfTheTwin(
      @ForAll int seed, @ForAll boolean transposeA, @ForAll @IntRange(min = 1, max = 4) int panels, @ForAll @IntRange(max = 2) int missing,
      @ForAll @IntRange(max = 60) int more, @ForAll @IntRange(min = 512, max = 1100) int k, @ForAll boolean addBias, @ForAll boolean relu,
      @ForAll boolean accumulate, @ForAll @IntRange(min = 1, max = Crew.LARGEST) int threads) {
    int m = panels * Kernels.vectorBits() / 16 - missing;
    Problem problem = Problem.of(transposeA, true, m, 2 * m + more, k, 3, addBias, relu, accumulate, Data.seeded(seed)::edgy);
    Guarded got = problem.multiply(Crew.of(threads));
    assertThat(got.bits()).isEqualTo(problem.fmaOrder().bits());
    assertThat(got.guardsIntact()).isTrue();
  }

  @Property(tries = 100)
  void nanInfinitiesAndSubnormalsTravelAsInTheTwin(@ForAll(supplier = Problems.Edgy.class) Problem problem) {
    assertThat(problem.multiply(Crew.of(1)).bits()).isEqualTo(problem.fmaOrder().bits());
  }

  @Property(tries = 100)
  void everyElementLiesWithinGammaKOfTheDoubleTwin(@ForAll(supplier = Problems.Plain.class) Problem problem) {
    Bounds.gamma(problem.k())
        .times(problem.sumOfAbsoluteProducts())
        .holds(problem.elements(problem.multiply(Crew.of(1))), problem.inDouble());
  }

  @Property(tries = 100)
  void theProductOfTheTransposesIsTheTransposeOfTheProduct(@ForAll(supplier = Problems.Plain.class) Problem problem) {
    assertThat(problem.transposedProduct(Crew.of(2))).isEqualTo(problem.elements(problem.multiply(Crew.of(1))));
  }

  @Property(tries = 50)
  void wholeNumbersAreExact(@ForAll(supplier = Problems.Whole.class) Problem problem) {
    float[] got = problem.elements(problem.multiply(Crew.of(1)));
    double[] want = problem.inDouble();
    for (int i = 0; i < want.length; i++) {
      assertThat((double) got[i]).isEqualTo(want[i]);
    }
  }

  @Property(tries = 50)
  void aSplitOfKThatAccumulatesHasTheBitsOfTheWhole(
      @ForAll(supplier = Problems.Plain.class) Problem problem, @ForAll @IntRange(max = 500) int cut) {
    int first = cut % (problem.k() + 1);
    MemorySegment a = Data.segment(problem.a());
    MemorySegment b = Data.segment(problem.b());
    Guarded c = Guarded.of(problem.c());
    long aSkip = 4L * first * (problem.transposeA() ? problem.lda() : 1);
    long bSkip = 4L * first * (problem.transposeB() ? 1 : problem.ldb());
    half(problem, first, a, b, c, false);
    half(problem, problem.k() - first, tail(a, aSkip), tail(b, bSkip), c, true);
    assertThat(c.bits()).isEqualTo(problem.multiply(Crew.of(1)).bits());
  }

  private static void half(Problem p, int k, MemorySegment a, MemorySegment b, Guarded c, boolean accumulate) {
    Gemm.multiply(
        p.transposeA(), p.transposeB(), p.m(), p.n(), k, a, p.lda(), b, p.ldb(), c.segment(), p.ldc(),
        accumulate, Epilogue.NONE, Crew.of(1));
  }

  private static MemorySegment tail(MemorySegment segment, long bytes) {
    return segment.asSlice(Math.min(bytes, segment.byteSize()));
  }

  @Property(tries = 50)
  void aRowsBitsDoNotDependOnItsPlace(@ForAll(supplier = Problems.Plain.class) Problem problem, @ForAll @IntRange(max = 200) int pick) {
    int row = pick % problem.m();
    int rowA = problem.transposeA() ? row : row * problem.lda();
    Guarded alone = Guarded.nanFilled(problem.n());
    Gemm.multiply(
        problem.transposeA(), problem.transposeB(), 1, problem.n(), problem.k(),
        tail(Data.segment(problem.a()), 4L * rowA), problem.lda(), Data.segment(problem.b()), problem.ldb(),
        alone.segment(), problem.n(), false, Epilogue.NONE, Crew.of(1));
    float[] all = problem.elements(problem.multiply(Crew.of(1)));
    assertThat(alone.floats()).isEqualTo(Arrays.copyOfRange(all, row * problem.n(), (row + 1) * problem.n()));
  }
}
