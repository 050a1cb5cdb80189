package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Known answers, IEEE edges and refusals of {@link Pool2d}. */
class Pool2dTest {
  private static final Workers ONE = Crew.of(1);

  @Test
  void oddImagesLoseTheirLastRowAndColumn() {
    Pool2d pool = Pool2d.of(3, 5, 1, 2, 2, 2, 2);
    assertThat(pool.outHeight()).isEqualTo(1);
    assertThat(pool.outWidth()).isEqualTo(2);
    MemorySegment x =
        Data.segment(
            1f, 9f, 3f, 4f, 99f,
            5f, 6f, 8f, 7f, 99f,
            99f, 99f, 99f, 99f, 99f);
    Guarded y = Guarded.nanFilled(2);
    Guarded taps = Guarded.nanFilled(2);
    Guarded dx = Guarded.nanFilled(15);
    pool.maxForward(1, x, y.segment(), taps.segment(), ONE);
    assertThat(y.floats()).containsExactly(9f, 8f);
    assertThat(taps.ints()).containsExactly(1, 2);
    pool.maxBackward(1, Data.segment(10f, 20f), taps.segment(), dx.segment(), ONE);
    assertThat(dx.floats())
        .containsExactly(
            0f, 10f, 0f, 0f, 0f,
            0f, 0f, 20f, 0f, 0f,
            0f, 0f, 0f, 0f, 0f);
  }

  @Test
  void overlappingWindowsAddUp() {
    Pool2d pool = Pool2d.of(1, 3, 1, 1, 2, 1, 1);
    Guarded y = Guarded.nanFilled(2);
    Guarded taps = Guarded.nanFilled(2);
    Guarded dx = Guarded.nanFilled(3);
    pool.maxForward(1, Data.segment(1f, 5f, 2f), y.segment(), taps.segment(), ONE);
    pool.maxBackward(1, Data.segment(3f, 4f), taps.segment(), dx.segment(), ONE);
    assertThat(taps.ints()).containsExactly(1, 0);
    assertThat(dx.floats()).containsExactly(0f, 7f, 0f);
  }

  @Test
  void tiesGoToTheFirstAndNanWins() {
    Pool2d pool = Pool2d.of(2, 2, 1, 2, 2, 2, 2);
    float[][] windows = {
        {-0f, 0f, 0f, 0f}, {1f, 2f, 2f, 2f}, {1f, Float.NaN, Float.POSITIVE_INFINITY, Float.NaN},
        {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY}
    };
    int[] taps = {0, 1, 1, 0};
    for (int i = 0; i < windows.length; i++) {
      Guarded y = Guarded.nanFilled(1);
      Guarded tap = Guarded.nanFilled(1);
      pool.maxForward(1, Data.segment(windows[i]), y.segment(), tap.segment(), ONE);
      assertThat(tap.ints()).containsExactly(taps[i]);
      assertThat(y.floats()).containsExactly(windows[i][taps[i]]);
    }
  }

  @Test
  void averagesByHandAndOverAWholeImage() {
    Guarded y = Guarded.nanFilled(1);
    Guarded dx = Guarded.nanFilled(9);
    Pool2d usual = Pool2d.of(3, 3, 1, 2, 2, 2, 2);
    usual.averageForward(1, Data.segment(1f, 2f, 9f, 3f, 6f, 9f, 9f, 9f, 9f), y.segment(), ONE);
    assertThat(y.floats()).containsExactly(3f);
    usual.averageBackward(1, Data.segment(8f), dx.segment(), ONE);
    assertThat(dx.floats()).containsExactly(2f, 2f, 0f, 2f, 2f, 0f, 0f, 0f, 0f);
    Pool2d global = Pool2d.of(3, 3, 1, 3, 3, 1, 1);
    global.averageForward(1, Data.segment(1f, 2f, 9f, 3f, 6f, 9f, 5f, 5f, 5f), y.segment(), ONE);
    assertThat(y.floats()).containsExactly(5f);
    global.averageBackward(1, Data.segment(-0f), dx.segment(), ONE);
    assertThat(dx.bits()).containsOnly(0);
  }

  @Test
  void averagesRefuseWhatTheyCannotDo() {
    Pool2d pool = Pool2d.of(4, 4, 1, 2, 2, 2, 2);
    MemorySegment x = Data.segment(new float[16]);
    assertThatThrownBy(() -> pool.averageForward(1, x, x, ONE)).hasMessageContaining("y overlaps x");
    assertThatThrownBy(() -> pool.averageForward(-1, x, x, ONE)).hasMessageContaining("averageForward: -1 images");
    assertThatThrownBy(() -> pool.averageBackward(2, Data.segment(new float[8]), x, ONE))
        .hasMessageContaining("dx holds 16 elements but 32 are needed");
    assertThatThrownBy(() -> pool.averageBackward(1, x, x, ONE)).hasMessageContaining("dx overlaps dy");
  }

  @Test
  void refusesWhatItCannotDo() {
    assertThatThrownBy(() -> Pool2d.of(2, 2, 0, 2, 2, 2, 2)).hasMessageContaining("images of 2x2x0");
    assertThatThrownBy(() -> Pool2d.of(2, 2, 1, 3, 2, 2, 2)).hasMessageContaining("windows of 3x2 on images of 2x2");
    assertThatThrownBy(() -> Pool2d.of(2, 2, 1, 2, 2, 0, 2)).hasMessageContaining("strides 0 and 2");
    Pool2d pool = Pool2d.of(2, 2, 3, 2, 2, 2, 2);
    MemorySegment x = Data.segment(new float[12]);
    MemorySegment y = Data.segment(new float[3]);
    MemorySegment taps = Data.segment(new float[3]);
    assertThatThrownBy(() -> pool.maxForward(2, x, y, ONE)).hasMessageContaining("x holds 12 elements but 24 are needed");
    assertThatThrownBy(() -> pool.maxForward(-1, x, y, ONE)).hasMessageContaining("-1 images");
    assertThatThrownBy(() -> pool.maxForward(1, x, x, ONE)).hasMessageContaining("y overlaps x");
    assertThatThrownBy(() -> pool.maxForward(1, x, y, y, ONE)).hasMessageContaining("argmax overlaps y");
    assertThatThrownBy(() -> pool.maxBackward(1, y, taps, y, ONE)).hasMessageContaining("dx holds 3 elements but 12");
    assertThatThrownBy(() -> pool.maxBackward(1, x, taps, x, ONE)).hasMessageContaining("dx overlaps dy");
    assertThatThrownBy(() -> pool.maxBackward(1, MemorySegment.ofArray(new float[3]), taps, x, ONE))
        .hasMessageContaining("dy is a heap segment");
  }
}
