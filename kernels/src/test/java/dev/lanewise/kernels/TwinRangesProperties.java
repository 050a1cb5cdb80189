package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.reference.SoftmaxReference;
import dev.lanewise.kernels.reference.VariationalReference;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Twins that take rows [from, to): in two parts they give what they give at once, and write no row of the other part. */
class TwinRangesProperties {
  private static final int ROWS = 4;
  private static final int COLS = 19;
  private static final int N = ROWS * COLS;
  private static final MemorySegment X = Data.segment(Data.seeded(1).uniform(2 * N, -2f, 2f));
  private static final MemorySegment POSITIVE = Data.segment(Data.seeded(2).uniform(2 * N, 0.1f, 2f));

  /** Rows of a twin's result. */
  enum Twin {
    SOFTMAX(COLS, (from, to, y) -> SoftmaxReference.forward(from, to, COLS, X, y)),
    LOG_SOFTMAX(COLS, (from, to, y) -> SoftmaxReference.logForward(from, to, COLS, X, y)),
    SOFTMAX_BACKWARD(COLS, (from, to, y) -> SoftmaxReference.backward(from, to, COLS, POSITIVE, X, y)),
    LOG_SOFTMAX_BACKWARD(COLS, (from, to, y) -> SoftmaxReference.logBackward(from, to, COLS, X, POSITIVE, y)),
    DRAWN(COLS, (from, to, y) -> VariationalReference.sample(from, to, COLS, X, POSITIVE, Data.segment(new float[N]), y)),
    DEVIATIONS(COLS, (from, to, y) -> VariationalReference.sample(from, to, COLS, X, POSITIVE, y, Data.segment(new float[N]))),
    DIVERGENCE(1, (from, to, y) -> VariationalReference.divergence(from, to, COLS, X, POSITIVE, y)),
    DRAWS_GRADIENT(2 * COLS, (from, to, y) -> VariationalReference.backward(from, to, COLS, X, POSITIVE, X, y));

    private interface Rows {
      void run(long from, long to, MemorySegment y);
    }

    private final int width;
    private final Rows rows;

    Twin(int width, Rows rows) {
      this.width = width;
      this.rows = rows;
    }

    Guarded between(long from, long to) {
      Guarded y = Guarded.nanFilled(ROWS * width);
      rows.run(from, to, y.segment());
      assertThat(y.guardsIntact()).isTrue();
      return y;
    }
  }

  @Property(tries = 200)
  void twoPartsAreTheWhole(@ForAll Twin twin, @ForAll @IntRange(min = 0, max = ROWS) int cut) {
    int[] whole = twin.between(0, ROWS).bits();
    int[] first = twin.between(0, cut).bits();
    int[] second = twin.between(cut, ROWS).bits();
    int nan = Float.floatToIntBits(Float.NaN);
    for (int i = 0; i < whole.length; i++) {
      boolean early = i < cut * twin.width;
      assertThat(early ? first[i] : second[i]).isEqualTo(whole[i]);
      assertThat(early ? second[i] : first[i]).isEqualTo(nan);
      assertThat(whole[i]).isNotEqualTo(nan);
    }
  }

  @Property(tries = 20)
  void theDivergencesGradientIsAddedToItsRowsAlone(@ForAll @IntRange(min = 0, max = ROWS) int cut) {
    Guarded whole = Guarded.of(new float[2 * N]);
    Guarded parts = Guarded.of(new float[2 * N]);
    VariationalReference.addDivergenceGradient(0, ROWS, COLS, X, POSITIVE, 0.5f, whole.segment());
    VariationalReference.addDivergenceGradient(0, cut, COLS, X, POSITIVE, 0.5f, parts.segment());
    VariationalReference.addDivergenceGradient(cut, ROWS, COLS, X, POSITIVE, 0.5f, parts.segment());
    assertThat(parts.bits()).isEqualTo(whole.bits());
    assertThat(whole.floats()[0]).isNotZero();
  }
}
