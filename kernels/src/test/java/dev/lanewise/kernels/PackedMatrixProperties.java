package dev.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import dev.lanewise.kernels.testkit.Problem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class PackedMatrixProperties {
  private static Guarded multiply(Problem problem, Workers workers) {
    PackedMatrix b = PackedMatrix.of(problem.k(), problem.n(), Arena.ofAuto());
    b.pack(problem.transposeB(), Data.segment(problem.b()), problem.ldb(), workers);
    Guarded c = Guarded.of(problem.c());
    Gemm.multiplyPacked(
        problem.transposeA(), problem.m(), Data.segment(problem.a()), problem.lda(), b, c.segment(), problem.ldc(), problem.accumulate(),
        problem.epilogue(), workers);
    return c;
  }

  @Property(tries = 300)
  void aProductByAPackedMatrixHasTheBitsOfTheFmaOrderTwin(
      @ForAll("problems") Problem problem, @ForAll @IntRange(min = 1, max = Crew.LARGEST) int threads) {
    Guarded got = multiply(problem, Crew.of(threads));
    assertThat(got.bits()).isEqualTo(problem.fmaOrder().bits());
    assertThat(got.guardsIntact()).isTrue();
  }

  @Property(tries = 60)
  void everyElementLiesWithinGammaKOfTheDoubleTwin(@ForAll("plainProblems") Problem problem) {
    Bounds.gamma(problem.k())
        .times(problem.sumOfAbsoluteProducts())
        .holds(problem.elements(multiply(problem, Crew.of(1))), problem.inDouble());
  }

  /** The identity times a packed matrix is the matrix: packing loses and moves nothing. */
  @Property(tries = 60)
  void whatIsPackedComesOutOfAProductWithTheIdentity(
      @ForAll @IntRange(min = 1, max = 300) int k, @ForAll @IntRange(min = 1, max = 70) int n, @ForAll boolean transposed,
      @ForAll long seed) {
    float[] matrix = Data.seeded(seed).uniform(k * n, -1, 1);
    float[] stored = matrix.clone();
    float[] identity = new float[k * k];
    for (int p = 0; p < k; p++) {
      identity[p * k + p] = 1;
      for (int j = 0; transposed && j < n; j++) {
        stored[j * k + p] = matrix[p * n + j];
      }
    }
    PackedMatrix b = PackedMatrix.of(k, n, Arena.ofAuto());
    b.pack(transposed, Data.segment(stored), transposed ? k : n, Crew.of(2));
    Guarded c = Guarded.nanFilled(k * n);
    Gemm.multiplyPacked(false, k, Data.segment(identity), k, b, c.segment(), n, false, Epilogue.NONE, Crew.of(1));
    assertThat(c.floats()).isEqualTo(matrix);
  }

  /** A NaN of its own for each element: wherever it is laid, each is there once with its bits, and all else is what fills up a tile. */
  @Property(tries = 60)
  void eachNanIsPackedOnceWithItsPayload(
      @ForAll @IntRange(min = 1, max = 300) int k, @ForAll @IntRange(min = 1, max = 70) int n, @ForAll boolean transposed) {
    int[] nans = IntStream.range(0, k * n).map(i -> (i % 2 == 0 ? 0x7f80_0001 : 0xffc0_0001) + i).toArray();
    PackedMatrix b = PackedMatrix.of(k, n, Arena.ofAuto());
    b.pack(transposed, Guarded.ofInts(nans).segment(), transposed ? k : n, Crew.of(2));
    int[] held = b.memory().toArray(JAVA_INT);
    assertThat(Arrays.stream(held).filter(bits -> bits != 0).sorted().toArray()).isEqualTo(Arrays.stream(nans).sorted().toArray());
  }

  @Property(tries = 40)
  void productsGoOnWithTheOldNumbersUntilPackedAgain(@ForAll("plainProblems") Problem problem) {
    PackedMatrix b = PackedMatrix.of(problem.k(), problem.n(), Arena.ofAuto());
    MemorySegment matrix = Data.segment(problem.b());
    b.pack(problem.transposeB(), matrix, problem.ldb(), Crew.of(1));
    int[] old = product(problem, b);
    matrix.fill((byte) 0);
    assertThat(product(problem, b)).isEqualTo(old).isEqualTo(problem.fmaOrder().bits());
    b.pack(problem.transposeB(), matrix, problem.ldb(), Crew.of(1));
    Guarded c = Guarded.nanFilled(problem.m() * problem.n());
    Gemm.multiplyPacked(
        problem.transposeA(), problem.m(), Data.segment(problem.a()), problem.lda(), b, c.segment(), problem.n(), false, Epilogue.NONE,
        Crew.of(1));
    assertThat(c.floats()).containsOnly(0f);
  }

  private static int[] product(Problem problem, PackedMatrix b) {
    Guarded c = Guarded.of(problem.c());
    Gemm.multiplyPacked(
        problem.transposeA(), problem.m(), Data.segment(problem.a()), problem.lda(), b, c.segment(), problem.ldc(), problem.accumulate(),
        problem.epilogue(), Crew.of(1));
    return c.bits();
  }

  @Provide
  Arbitrary<Problem> problems() {
    return problems(true);
  }

  @Provide
  Arbitrary<Problem> plainProblems() {
    return problems(false);
  }

  /** Rows on both sides of 2, 6 and 12; columns of one to five panels of any width; depths on both sides of 128, from which panels serve. */
  private static Arbitrary<Problem> problems(boolean everything) {
    Arbitrary<Integer> rows =
        Arbitraries.oneOf(Arbitraries.integers().between(1, 3), Arbitraries.integers().between(4, 30), Arbitraries.of(97, 193));
    Arbitrary<Integer> columns = Arbitraries.oneOf(Arbitraries.integers().between(1, 40), Arbitraries.of(63, 64, 65, 96, 128, 129, 150));
    Arbitrary<Integer> depth = Arbitraries.oneOf(Arbitraries.integers().between(1, 40), Arbitraries.of(127, 128, 129, 256, 257, 320));
    return Combinators.combine(rows, columns, depth, Arbitraries.integers().between(0, 1 << 20)).as((m, n, k, f) -> {
      Data data = Data.seeded(f);
      return Problem.of(
          (f & 1) != 0, (f & 2) != 0, m, n, k, (f & 4) != 0 ? 3 : 0, everything && (f & 8) != 0, everything && (f & 16) != 0,
          everything && (f & 32) != 0, size -> data.uniform(size, -1, 1));
    });
  }
}
