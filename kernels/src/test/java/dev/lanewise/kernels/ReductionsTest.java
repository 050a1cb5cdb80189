package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Known answers, IEEE edges and refusals of {@link Reductions}. */
class ReductionsTest {
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  private static float sum(float... x) {
    return Reductions.sum(x.length, Data.segment(x));
  }

  private static int argmax(float... x) {
    Guarded index = Guarded.nanFilled(1);
    Reductions.argmax(1, x.length, Data.segment(x), index.segment());
    return index.ints()[0];
  }

  @Test
  void sums() {
    assertThat(sum(1f, 2f, 3f)).isEqualTo(6f);
    assertThat(Float.floatToRawIntBits(sum())).isZero();
    assertThat(Float.floatToRawIntBits(sum(-0f, -0f))).isZero();
    assertThat(sum(INFINITY, 1f)).isEqualTo(INFINITY);
    assertThat(sum(INFINITY, -INFINITY)).isNaN();
    assertThat(sum(1f, Float.NaN)).isNaN();
    assertThat(sum(Float.MIN_VALUE, Float.MIN_VALUE)).isEqualTo(2 * Float.MIN_VALUE);
  }

  @Test
  void theOrderOfASumIsTheOneThatIsDocumented() {
    // Lane 0 adds 2^24 + 1 + 1 and rounds both ones away; lane 8 holds 1, lane 4 holds 1: (2^24 + 1) + (1 + 0) rounds to even.
    float[] x = new float[96];
    x[0] = 0x1p24f;
    x[32] = 1f;
    x[64] = 1f;
    x[8] = 1f;
    x[4] = 1f;
    assertThat(sum(x)).isEqualTo(0x1p24f);
    x[12] = 1f;
    assertThat(sum(x)).isEqualTo(0x1p24f + 2f);
    // Lane 8 takes lane 24 before lane 0 takes lane 8.
    x[24] = 1f;
    assertThat(sum(x)).isEqualTo(0x1p24f + 4f);
    // The rest comes after the tree, one by one, and is rounded away; a lane of its own would have kept it.
    assertThat(sum(Arrays.copyOf(x, 97))).isEqualTo(0x1p24f + 4f);
    x[24] = 0f;
    float[] rest = Arrays.copyOf(x, 99);
    rest[96] = 1f;
    rest[97] = 1f;
    assertThat(sum(rest)).isEqualTo(0x1p24f + 4f);
    rest[12] = 0f;
    assertThat(sum(rest)).isEqualTo(0x1p24f);
  }

  @Test
  void sumOfSquaresOverflowsToInfinity() {
    MemorySegment x = Data.segment(2e19f, 1f);
    assertThat(Reductions.sumOfSquares(2, x)).isEqualTo(INFINITY);
  }

  @Test
  void argmaxPrefersTheFirstAndTheFirstNan() {
    assertThat(argmax(1f, 3f, 3f, 2f)).isEqualTo(1);
    assertThat(argmax(-0f, 0f)).isZero();
    assertThat(argmax(-INFINITY, -INFINITY)).isZero();
    assertThat(argmax(1f, Float.NaN, INFINITY, Float.NaN)).isEqualTo(1);
    float[] far = new float[40];
    far[37] = 1e-45f;
    assertThat(argmax(far)).isEqualTo(37);
  }

  @Test
  void refusesWhatItCannotDo() {
    MemorySegment x = Data.segment(new float[6]);
    assertThatThrownBy(() -> Reductions.sum(7, x)).hasMessageContaining("x holds 6 elements but 7 are needed");
    assertThatThrownBy(() -> Reductions.dot(6, x, MemorySegment.ofArray(new float[6])))
        .hasMessageContaining("y is a heap segment");
    assertThatThrownBy(() -> Reductions.argmax(2, 0, x, x)).hasMessageContaining("2 rows of 0 columns");
    assertThatThrownBy(() -> Reductions.columnSums(2, 3, x, x.asSlice(12), false, Crew.of(1)))
        .hasMessageContaining("y overlaps x");
    assertThatThrownBy(() -> Reductions.columnSums(2, -3, x, x, false, Crew.of(1))).hasMessageContaining("-3 columns");
  }
}
