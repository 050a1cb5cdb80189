package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** The IEEE edges in the Javadoc of {@link Softmax}, known answers, and what it refuses. */
class SoftmaxTest {
  private static final Workers ONE = Crew.of(1);
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  private static float[] softmax(float... x) {
    Guarded y = Guarded.nanFilled(x.length);
    Softmax.forward(1, x.length, Data.segment(x), y.segment(), ONE);
    return y.floats();
  }

  private static float[] logSoftmax(float... x) {
    Guarded y = Guarded.nanFilled(x.length);
    Softmax.logSoftmax(1, x.length, Data.segment(x), y.segment(), ONE);
    return y.floats();
  }

  @Test
  void equalElementsShareEqually() {
    assertThat(softmax(7f, 7f, 7f, 7f)).containsExactly(0.25f, 0.25f, 0.25f, 0.25f);
    assertThat(softmax(-1e30f)).containsExactly(1f);
    assertThat(logSoftmax(42f)).containsExactly(0f);
    assertThat(logSoftmax(3f, 3f)).containsExactly((float) -Math.log(2), (float) -Math.log(2));
  }

  @Test
  void largeLogitsDoNotOverflow() {
    assertThat(softmax(3e38f, -3e38f)).containsExactly(1f, 0f);
    assertThat(logSoftmax(1000f, 0f)).containsExactly(0f, -1000f);
  }

  @Test
  void minusInfinityBesideNumbersHasNoShare() {
    assertThat(softmax(-INFINITY, 1f, 1f)).containsExactly(0f, 0.5f, 0.5f);
    assertThat(logSoftmax(-INFINITY, 5f)).containsExactly(-INFINITY, 0f);
  }

  @Test
  void aNanOrPlusInfinityOrNothingButMinusInfinityMakesTheRowNan() {
    for (float[] row : new float[][] {{1f, Float.NaN, 2f}, {1f, INFINITY, 2f}, {-INFINITY, -INFINITY, -INFINITY}}) {
      assertThat(softmax(row)).containsOnly(Float.NaN);
      assertThat(logSoftmax(row)).containsOnly(Float.NaN);
    }
  }

  @Test
  void refusesWhatItCannotDo() {
    MemorySegment x = Data.segment(new float[6]);
    assertThatThrownBy(() -> Softmax.forward(2, 4, x, x, ONE)).hasMessageContaining("x holds 6 elements but 8 are needed");
    assertThatThrownBy(() -> Softmax.forward(-1, 4, x, x, ONE)).hasMessageContaining("-1 rows of 4 columns");
    assertThatThrownBy(() -> Softmax.forward(1, 5, x, x.asSlice(4), ONE)).hasMessageContaining("y overlaps x");
    assertThatThrownBy(() -> Softmax.forward(1, 2, MemorySegment.ofArray(new float[2]), x, ONE))
        .hasMessageContaining("x is a heap segment");
    assertThatThrownBy(() -> Softmax.backward(1, 5, x, Data.segment(new float[5]), x.asSlice(4), ONE))
        .hasMessageContaining("dx overlaps y");
    assertThatThrownBy(() -> Softmax.logSoftmaxBackward(1, 6, Data.segment(new float[6]), x, x, ONE))
        .hasMessageContaining("dx overlaps dy");
  }
}
