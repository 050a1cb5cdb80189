package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.testkit.Allocation;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class GemmBatchedTest {
  private static final MemorySegment X = Data.segment(1, 2, 3, 4, 5, 6, 7, 8);

  private static void multiply(int batch, long strideA, long strideB, MemorySegment c, int ldc, long strideC) {
    Gemm.multiplyBatched(
        batch, false, false, 2, 2, 2, X, 2, strideA, X, 2, strideB, c, ldc, strideC, false, Epilogue.NONE, Crew.of(1));
  }

  @Test
  void multipliesPairByPair() {
    Guarded c = Guarded.nanFilled(8);
    multiply(2, 4, 4, c.segment(), 2, 4);
    assertThat(c.floats()).containsExactly(7, 10, 15, 22, 67, 78, 91, 106);
  }

  @Test
  void aStrideOfZeroGivesAllEntriesTheSameMatrix() {
    Guarded c = Guarded.nanFilled(8);
    multiply(2, 4, 0, c.segment(), 2, 4);
    assertThat(c.floats()).containsExactly(7, 10, 15, 22, 23, 34, 31, 46);
    multiply(2, 0, 4, c.segment(), 2, 4);
    assertThat(c.floats()).containsExactly(7, 10, 15, 22, 19, 22, 43, 50);
  }

  @Test
  void entriesMayLieSideBySide() {
    Guarded c = Guarded.nanFilled(10);
    multiply(2, 4, 0, c.segment(), 5, 2);
    assertThat(c.floats()).containsExactly(7, 10, 23, 34, Float.NaN, 15, 22, 31, 46, Float.NaN);
  }

  @Test
  void anEmptyBatchOrEntryIsLeftAlone() {
    Guarded c = Guarded.nanFilled(4);
    multiply(0, 4, 4, c.segment(), 2, 4);
    Gemm.multiplyBatched(3, false, false, 0, 2, 2, X, 2, 0, X, 2, 0, c.segment(), 2, 0, false, Epilogue.NONE, Crew.of(1));
    assertThat(c.floats()).containsOnly(Float.NaN);
  }

  @Test
  void badBatchesAreNamedBeforeAnythingIsWritten() {
    Guarded c = Guarded.nanFilled(8);
    assertThatThrownBy(() -> multiply(-1, 4, 4, c.segment(), 2, 4))
        .hasMessage("Gemm: a batch of -1 entries; the number may not be negative");
    assertThatThrownBy(() -> multiply(2, -4, 4, c.segment(), 2, 4)).hasMessageContaining("the entries of A are -4 floats apart");
    assertThatThrownBy(() -> multiply(3, 4, 4, c.segment(), 2, 4)).hasMessage("Gemm: A holds 8 elements but 12 are needed");
    assertThatThrownBy(() -> multiply(3, 0, 0, c.segment(), 2, Long.MAX_VALUE / 2)).hasMessageContaining("Gemm: C holds 8 elements but");
    assertThatThrownBy(() -> multiply(2, 4, 4, c.segment(), 2, 3)).hasMessage(
        "Gemm: the entries of C overlap: entry 1 begins 3 floats after entry 0, which holds 2x2 with a leading dimension of 2; give C a"
            + " greater stride");
    assertThatThrownBy(() -> multiply(2, 4, 4, X, 2, 4)).hasMessageContaining("C overlaps A");
    assertThat(c.floats()).containsOnly(Float.NaN);
  }

  @Test
  void aSteadyCallAllocatesNothing() {
    MemorySegment a = Data.segment(Data.seeded(1).uniform(16 * 40 * 40, -1, 1));
    MemorySegment c = Guarded.nanFilled(16 * 40 * 40).segment();
    for (int threads = 1; threads <= 2; threads++) {
      Workers workers = Crew.of(threads);
      assertThat(Allocation.steady(() -> {
        for (int m = 4; m <= 40; m += 36) {
          Gemm.multiplyBatched(
              16, false, false, m, 40, 40, a, 40, 1600, a, 40, 1600, c, 40, 1600, false, Epilogue.NONE, workers);
          Gemm.multiplyBatched(
              16, false, true, m, 40, 40, a, 40, 1600, a, 40, 1600, c, 40, 1600, false, Epilogue.NONE, workers);
        }
      }))
          .isZero();
    }
  }
}
