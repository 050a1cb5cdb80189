package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import dev.lanewise.kernels.testkit.Problem;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.IntFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class GemmProperties {
  @Property(tries = 300)
  void everyElementHasTheBitsOfTheFmaOrderTwin(
      @ForAll("problems") Problem problem, @ForAll @IntRange(min = 1, max = Crew.LARGEST) int threads) {
    Guarded got = problem.multiply(Crew.of(threads));
    assertThat(got.bits()).isEqualTo(problem.fmaOrder().bits());
    assertThat(got.guardsIntact()).isTrue();
  }

  @Property(tries = 30)
  void denseSquaresOfEightHaveTheBitsOfTheTwin(@ForAll("flags") int f) {
    Problem problem = problem(new int[] {8, 8, 8}, f & ~4, (f & 8) != 0, (f & 16) != 0, (f & 32) != 0, Data.seeded(f)::edgy);
    assertThat(problem.multiply(Crew.of(1)).bits()).isEqualTo(problem.fmaOrder().bits());
  }

  /** B has more floats than are packed at a time, and k more than one block. */
  @Property(tries = 8)
  void whatIsPackedBlockByBlockHasTheBitsOfTheTwin(@ForAll("flags") int f, @ForAll @IntRange(min = 1, max = Crew.LARGEST) int threads) {
    Data data = Data.seeded(f);
    Problem problem =
        problem(new int[] {13, 509, 521}, f, (f & 8) != 0, (f & 16) != 0, (f & 32) != 0, n -> data.uniform(n, -1, 1));
    Guarded got = problem.multiply(Crew.of(threads));
    assertThat(got.bits()).isEqualTo(problem.fmaOrder().bits());
    assertThat(got.guardsIntact()).isTrue();
  }

  @Property(tries = 100)
  void nanInfinitiesAndSubnormalsTravelAsInTheTwin(@ForAll("edgyProblems") Problem problem) {
    assertThat(problem.multiply(Crew.of(1)).bits()).isEqualTo(problem.fmaOrder().bits());
  }

  @Property(tries = 100)
  void everyElementLiesWithinGammaKOfTheDoubleTwin(@ForAll("plainProblems") Problem problem) {
    Bounds.gamma(problem.k())
        .times(problem.sumOfAbsoluteProducts())
        .holds(problem.elements(problem.multiply(Crew.of(1))), problem.inDouble());
  }

  @Property(tries = 100)
  void theProductOfTheTransposesIsTheTransposeOfTheProduct(@ForAll("plainProblems") Problem problem) {
    assertThat(problem.transposedProduct(Crew.of(2))).isEqualTo(problem.elements(problem.multiply(Crew.of(1))));
  }

  @Property(tries = 50)
  void wholeNumbersAreExact(@ForAll("wholeProblems") Problem problem) {
    float[] got = problem.elements(problem.multiply(Crew.of(1)));
    double[] want = problem.inDouble();
    for (int i = 0; i < want.length; i++) {
      assertThat((double) got[i]).isEqualTo(want[i]);
    }
  }

  @Property(tries = 50)
  void aSplitOfKThatAccumulatesHasTheBitsOfTheWhole(
      @ForAll("plainProblems") Problem problem, @ForAll @IntRange(max = 500) int cut) {
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
  void aRowsBitsDoNotDependOnItsPlace(@ForAll("plainProblems") Problem problem, @ForAll @IntRange(max = 200) int pick) {
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

  @Provide
  Arbitrary<Problem> problems() {
    return shapes().flatMap(shape -> flags().map(f -> {
      Data data = Data.seeded(f);
      return problem(shape, f, (f & 8) != 0, (f & 16) != 0, (f & 32) != 0, n -> data.uniform(n, -1, 1));
    }));
  }

  @Provide
  Arbitrary<Problem> edgyProblems() {
    return shapes().flatMap(shape -> flags().map(f -> {
      Data data = Data.seeded(f);
      return problem(shape, f, (f & 8) != 0, (f & 16) != 0, (f & 32) != 0, data::edgy);
    }));
  }

  @Provide
  Arbitrary<Problem> plainProblems() {
    return shapes().flatMap(shape -> flags().map(f -> {
      Data data = Data.seeded(f);
      return problem(shape, f, false, false, false, n -> data.uniform(n, -1, 1));
    }));
  }

  @Provide
  Arbitrary<Problem> wholeProblems() {
    return shapes().flatMap(shape -> flags().map(f -> {
      Data data = Data.seeded(f);
      return problem(shape, f, false, false, false, n -> data.integers(n, 100));
    }));
  }

  private static Problem problem(
      int[] shape, int f, boolean bias, boolean relu, boolean accumulate, IntFunction<float[]> numbers) {
    return Problem.of(
        (f & 1) != 0, (f & 2) != 0, shape[0], shape[1], shape[2], (f & 4) != 0 ? 3 : 0, bias, relu, accumulate, numbers);
  }

  /** Sizes on both sides of a few rows (4), a tile (12 rows, 2 vectors), 8 vectors, a block of rows (96) and a block of k (160). */
  private static Arbitrary<int[]> shapes() {
    Arbitrary<Integer> rows = Arbitraries.oneOf(
        Arbitraries.integers().between(1, 40), Arbitraries.integers().between(1, 5),
        Arbitraries.of(11, 12, 13, 24, 25, 95, 96, 97, 193));
    Arbitrary<Integer> columns = Arbitraries.oneOf(
        Arbitraries.integers().between(1, 40), Arbitraries.of(7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 97, 127, 128, 129, 150));
    Arbitrary<Integer> depth = Arbitraries.oneOf(
        Arbitraries.integers().between(0, 40), Arbitraries.of(159, 160, 161, 319, 320, 321));
    return Combinators.combine(rows, columns, depth).as((m, n, k) -> new int[] {m, n, k});
  }

  @Provide
  static Arbitrary<Integer> flags() {
    return Arbitraries.integers().between(0, 1 << 20);
  }
}
