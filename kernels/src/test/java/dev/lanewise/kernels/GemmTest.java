package dev.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.reference.GemmReference;
import dev.lanewise.kernels.testkit.Allocation;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import dev.lanewise.kernels.testkit.Problem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GemmTest {
  private static final MemorySegment A = Data.segment(1, 2, 3, 4, 5, 6);
  private static final MemorySegment B = Data.segment(7, 8, 9, 10, 11, 12);

  private static void multiply(int m, int n, int k, MemorySegment a, int lda, MemorySegment b, int ldb, MemorySegment c, int ldc) {
    Gemm.multiply(false, false, m, n, k, a, lda, b, ldb, c, ldc, false, Epilogue.NONE, Crew.of(1));
  }

  @Test
  void multipliesTwoByThreeWithThreeByTwo() {
    Guarded c = Guarded.nanFilled(4);
    multiply(2, 2, 3, A, 3, B, 2, c.segment(), 2);
    assertThat(c.floats()).containsExactly(58, 64, 139, 154);
  }

  @Test
  void anInnerSizeOfZeroGivesTheEpilogueOfZero() {
    Guarded c = Guarded.nanFilled(4);
    Gemm.multiply(
        false, false, 2, 2, 0, A, 0, B, 2, c.segment(), 2, false, Epilogue.bias(Data.segment(5, -5)).withRelu(), Crew.of(1));
    assertThat(c.floats()).containsExactly(5, 0, 5, 0);
  }

  @Test
  void anOutputWithoutElementsIsLeftAlone() {
    Guarded c = Guarded.nanFilled(4);
    multiply(0, 2, 3, A, 3, B, 2, c.segment(), 2);
    multiply(2, 0, 3, A, 3, B, 0, c.segment(), 2);
    Gemm.multiply(false, false, 2, 0, 3, A, 3, B, 0, c.segment(), 2, false, Epilogue.bias(Data.segment()).withRelu(), Crew.of(1));
    assertThat(c.floats()).containsOnly(Float.NaN);
  }

  /** Every mixture of tiles, and each block of A no larger than it needs. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anyNumberOfRowsHasTheBitsOfTheTwin(boolean transposeA) {
    int n = Kernels.vectorBits() / 16 + 1;
    for (int m = 1; m <= 100; m++) {
      Problem problem =
          Problem.of(transposeA, false, m, n, 300, 0, true, false, false, count -> Data.seeded(count).uniform(count, -1f, 1f));
      try (Workers fresh = Workers.single()) {
        assertThat(problem.multiply(fresh).bits()).as(m + " rows").isEqualTo(problem.fmaOrder().bits());
      }
    }
  }

  /** Squares that are turned in registers, and what is left of columns and of steps. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void fewRowsByATransposedMatrixHaveTheBitsOfTheTwin(int m) {
    for (int n = 1; n <= 40; n++) {
      for (int k = 1; k <= 20; k++) {
        Problem problem = Problem.of(false, true, m, n, k, 0, true, false, false, count -> Data.seeded(count).uniform(count, -1f, 1f));
        assertThat(problem.multiply(Crew.of(1)).bits()).as("%d columns, %d steps", n, k).isEqualTo(problem.fmaOrder().bits());
      }
    }
  }

  /**
   * Columns beyond one group of panels that pass together, by each path that groups them, rows beyond one block where they run along memory, and columns beyond one
   * pass of packed panels: larger than the properties' products.
   */
  @ParameterizedTest
  @CsvSource({
      "false, false, 9, 1029, 64",
      "false, false, 13, 4101, 17",
      "false, false, 50, 1060, 200",
      "true, false, 50, 1060, 64",
      "true, false, 50, 1088, 64",
      "true, true, 13, 1060, 64",
      "true, false, 775, 33, 300",
      "true, false, 400, 300, 300",
      "false, false, 5, 16001, 520"})
  void manyRowsOrColumnsHaveTheBitsOfTheTwin(boolean transposeA, boolean transposeB, int m, int n, int k) {
    Problem problem = Problem.of(transposeA, transposeB, m, n, k, 0, true, true, false, size -> Data.seeded(1).uniform(size, -1, 1));
    Guarded want = problem.fmaOrder();
    assertThat(problem.multiply(Crew.of(1)).floats()).isEqualTo(want.floats());
    assertThat(problem.multiply(Crew.of(2)).floats()).isEqualTo(want.floats());
  }

  /** Rows too long to be copied for the turning of a transposed B, one and two of them; 67 and 34 MB, so outside of the heap and without the twin's arrays. */
  @ParameterizedTest
  @CsvSource({"1, 1048585", "2, 524297"})
  void rowsTooLongToCopyAreOneChainToo(int m, int k) {
    int n = 16;
    try (Arena arena = Arena.ofShared()) {
      MemorySegment a = arena.allocate(4L * m * k, 64);
      MemorySegment b = arena.allocate(4L * n * k, 64);
      MemorySegment c = arena.allocate(4L * m * n, 64);
      Rng.uniform(1, 1, 0, (long) m * k, a, -1, 1, Crew.of(1));
      Rng.uniform(1, 2, 0, (long) n * k, b, -1, 1, Crew.of(1));
      Gemm.multiply(false, true, m, n, k, a, k, b, k, c, n, false, Epilogue.NONE, Crew.of(2));
      for (int i = 0; i < m * n; i += 5) {
        float want = 0;
        for (int p = 0; p < k; p++) {
          want = Math.fma(a.getAtIndex(JAVA_FLOAT, (long) i / n * k + p), b.getAtIndex(JAVA_FLOAT, (long) i % n * k + p), want);
        }
        assertThat(c.getAtIndex(JAVA_FLOAT, i)).as("element %d", i).isEqualTo(want);
      }
    }
  }

  @Test
  void badArgumentsAreNamedBeforeAnythingIsWritten() {
    Guarded c = Guarded.nanFilled(4);
    assertThatThrownBy(() -> multiply(2, 2, 3, A, 2, B, 2, c.segment(), 2))
        .hasMessage("Gemm: A is stored 2x3 but its leading dimension is 2; it must be at least 3");
    assertThatThrownBy(() -> multiply(2, 2, 4, A, 4, B, 2, c.segment(), 2))
        .hasMessage("Gemm: A holds 6 elements but 8 are needed");
    assertThatThrownBy(() -> multiply(-1, 2, 3, A, 3, B, 2, c.segment(), 2)).hasMessageContaining("m = -1");
    assertThatThrownBy(() -> multiply(2, 2, 3, MemorySegment.ofArray(new float[6]), 3, B, 2, c.segment(), 2))
        .hasMessageContaining("A is a heap segment; copy it to a native one");
    assertThatThrownBy(() -> multiply(2, 2, 3, A, 3, B, 2, A, 2)).hasMessageContaining("C overlaps A");
    MemorySegment odd = Arena.ofAuto().allocate(64, 64).asSlice(2);
    assertThatThrownBy(() -> multiply(2, 2, 3, odd, 3, B, 2, c.segment(), 2)).hasMessageContaining("no multiple of 4");
    Epilogue shortBias = Epilogue.bias(Data.segment(1f));
    assertThatThrownBy(() -> Gemm.multiply(
        false, false, 2, 2, 3, A, 3, B, 2, c.segment(), 2, false, shortBias, Crew.of(1)))
        .hasMessage("Gemm: the bias holds 1 elements but 2 are needed");
    assertThat(c.floats()).containsOnly(Float.NaN);
    assertThat(c.guardsIntact()).isTrue();
  }

  @Test
  void aSteadyCallAllocatesNothing() {
    MemorySegment a = Data.segment(Data.seeded(1).uniform(100 * 100, -1, 1));
    MemorySegment c = Guarded.nanFilled(100 * 100).segment();
    Epilogue epilogue = Epilogue.bias(a).withRelu();
    for (int threads = 1; threads <= 2; threads++) {
      Workers workers = Crew.of(threads);
      assertThat(Allocation.steady(() -> Gemm.multiply(true, true, 100, 100, 100, a, 100, a, 100, c, 100, false, epilogue, workers)))
          .isZero();
    }
  }

  /** What a bound multiplies: were it too large, no law of the bound would notice. */
  @Test
  void theSumOfAbsoluteProductsByHand() {
    MemorySegment a = Data.segment(1f, -2f, 5f, 0f);
    MemorySegment b = Data.segment(3f, 4f);
    assertThat(GemmReference.inDouble(false, false, 2, 1, 2, a, 2, b, 1)).containsExactly(-5, 15);
    assertThat(GemmReference.sumOfAbsoluteProducts(false, false, 2, 1, 2, a, 2, b, 1)).containsExactly(11, 15);
  }
}
