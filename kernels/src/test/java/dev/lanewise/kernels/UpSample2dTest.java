package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.testkit.Allocation;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class UpSample2dTest {
  @Test
  void eachPixelBecomesABlock() {
    Guarded y = Guarded.nanFilled(12);
    new UpSample2d(1, 2, 1, 2, 3).forward(1, Data.segment(1, 2), y.segment(), Crew.of(1));
    assertThat(y.floats()).containsExactly(1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2);
  }

  @Test
  void aGradientIsTheSumOfItsBlock() {
    Guarded dx = Guarded.nanFilled(2);
    new UpSample2d(1, 2, 1, 2, 2)
        .backward(1, Data.segment(1, 2, 3, 4, 10, 20, 30, 40), dx.segment(), Crew.of(1));
    assertThat(dx.floats()).containsExactly(33, 77);
  }

  @Test
  void badSizesAndSegmentsAreNamed() {
    assertThatThrownBy(() -> new UpSample2d(2, 0, 1, 2, 2))
        .hasMessage("UpSample2d: images of 2x0x1 by 2x2; each must be at least 1");
    assertThatThrownBy(() -> new UpSample2d(1 << 20, 1, 1, 1 << 11, 1)).hasMessageContaining("use smaller factors");
    UpSample2d up = new UpSample2d(2, 2, 1, 2, 2);
    MemorySegment x = Data.segment(new float[4]);
    MemorySegment y = Data.segment(new float[16]);
    assertThatThrownBy(() -> up.forward(2, x, y, Crew.of(1))).hasMessage("UpSample2d: x holds 4 elements but 8 are needed");
    assertThatThrownBy(() -> up.forward(-1, x, y, Crew.of(1))).hasMessageContaining("-1 images");
    assertThatThrownBy(() -> up.backward(1, y, y, Crew.of(1))).hasMessageContaining("dx overlaps dy");
  }

  @Test
  void aSteadyCallAllocatesNothing() {
    UpSample2d up = new UpSample2d(4, 4, 20, 2, 2);
    MemorySegment x = Data.segment(new float[2 * 320]);
    MemorySegment y = Data.segment(new float[2 * 1280]);
    for (int threads = 1; threads <= 2; threads++) {
      Workers workers = Crew.of(threads);
      assertThat(Allocation.steady(() -> {
        up.forward(2, x, y, workers);
        up.backward(2, y, x, workers);
      })).isZero();
    }
  }
}
