package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.testkit.Allocation;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class PackedMatrixTest {
  private static void multiply(int m, MemorySegment a, int lda, PackedMatrix b, MemorySegment c, int ldc, Epilogue epilogue) {
    Gemm.multiplyPacked(false, m, a, lda, b, c, ldc, false, epilogue, Crew.of(1));
  }

  @Test
  void multipliesTwoByThreeWithThreeByTwo() {
    PackedMatrix b = PackedMatrix.of(3, 2, Arena.ofAuto());
    b.pack(false, Data.segment(7, 8, 9, 10, 11, 12), 2, Crew.of(1));
    Guarded c = Guarded.nanFilled(4);
    multiply(2, Data.segment(1, 2, 3, 4, 5, 6), 3, b, c.segment(), 2, Epilogue.NONE);
    assertThat(c.floats()).containsExactly(58, 64, 139, 154);
  }

  @Test
  void anInnerSizeOfZeroGivesTheEpilogueOfZero() {
    PackedMatrix b = PackedMatrix.of(0, 2, Arena.ofAuto());
    b.pack(false, Data.segment(), 2, Crew.of(1));
    Guarded c = Guarded.nanFilled(4);
    multiply(2, Data.segment(), 0, b, c.segment(), 2, Epilogue.bias(Data.segment(5, -5)).withRelu());
    assertThat(c.floats()).containsExactly(5, 0, 5, 0);
  }

  @Test
  void badArgumentsAreNamedBeforeAnythingIsWritten() {
    MemorySegment x = Data.segment(1, 2, 3, 4, 5, 6);
    Guarded c = Guarded.nanFilled(4);
    assertThatThrownBy(() -> PackedMatrix.of(-1, 2, Arena.ofAuto()))
        .hasMessage("PackedMatrix: -1 rows of 2 columns; neither may be negative");
    PackedMatrix b = PackedMatrix.of(3, 2, Arena.ofAuto());
    assertThatThrownBy(() -> multiply(2, x, 3, b, c.segment(), 2, Epilogue.NONE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("PackedMatrix: nothing has been packed yet; call pack first");
    assertThatThrownBy(() -> b.pack(false, x, 1, Crew.of(1)))
        .hasMessage("Gemm: B is stored 3x2 but its leading dimension is 1; it must be at least 2");
    b.pack(true, x, 3, Crew.of(1));
    assertThatThrownBy(() -> multiply(3, x, 3, b, c.segment(), 2, Epilogue.NONE)).hasMessage("Gemm: A holds 6 elements but 9 are needed");
    assertThatThrownBy(() -> multiply(2, x, 3, b, x, 2, Epilogue.NONE)).hasMessageContaining("C overlaps A");
    assertThat(c.floats()).containsOnly(Float.NaN);
  }

  @Test
  void aClosedArenaIsNamed() {
    PackedMatrix b;
    try (Arena arena = Arena.ofShared()) {
      b = PackedMatrix.of(1, 1, arena);
      b.pack(false, Data.segment(1f), 1, Crew.of(1));
    }
    assertThatThrownBy(() -> multiply(1, Data.segment(1f), 1, b, Guarded.nanFilled(1).segment(), 1, Epilogue.NONE))
        .hasMessageContaining("PackedMatrix: its arena is closed");
  }

  @Test
  void aSteadyCallAllocatesNothing() {
    MemorySegment a = Data.segment(Data.seeded(1).uniform(200 * 200, -1, 1));
    MemorySegment c = Guarded.nanFilled(200 * 200).segment();
    PackedMatrix b = PackedMatrix.of(200, 200, Arena.ofAuto());
    b.pack(true, a, 200, Crew.of(1));
    for (int threads = 1; threads <= 2; threads++) {
      Workers workers = Crew.of(threads);
      assertThat(Allocation.steady(() -> {
        Gemm.multiplyPacked(false, 1, a, 200, b, c, 200, false, Epilogue.NONE, workers);
        Gemm.multiplyPacked(false, 40, a, 200, b, c, 200, true, Epilogue.RELU, workers);
      }))
          .isZero();
    }
  }
}
