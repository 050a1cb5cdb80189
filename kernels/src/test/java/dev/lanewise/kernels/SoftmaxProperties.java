package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.reference.SoftmaxInDouble;
import dev.lanewise.kernels.reference.SoftmaxReference;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import dev.lanewise.kernels.testkit.Sizes;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;

class SoftmaxProperties {
  private static final Workers ONE = Crew.of(1);

  private interface Door {
    void apply(int rows, int cols, MemorySegment x, MemorySegment y, Workers workers);
  }

  private interface BackwardDoor {
    void apply(int rows, int cols, MemorySegment y, MemorySegment dy, MemorySegment dx, Workers workers);
  }

  private static int[] run(Door door, int rows, int cols, Guarded x, Workers workers) {
    Guarded y = Guarded.nanFilled(rows * cols);
    door.apply(rows, cols, x.segment(), y.segment(), workers);
    assertThat(y.guardsIntact()).isTrue();
    return y.bits();
  }

  @Property(tries = 300)
  void everyElementHasTheBitsOfTheTwinAlsoInPlace(
      @ForAll @IntRange(min = 0, max = 5) int rows,
      @ForAll(supplier = Sizes.Straddling.class) int cols,
      @ForAll @FloatRange(min = 0.1f, max = 100f) float spread,
      @ForAll long seed) {
    Guarded x = Guarded.of(Data.seeded(seed).uniform(rows * cols, -spread, spread));
    Guarded want = Guarded.nanFilled(rows * cols);
    SoftmaxReference.forward(0, rows, cols, x.segment(), want.segment());
    assertThat(run(Softmax::forward, rows, cols, x, ONE)).isEqualTo(want.bits());
    Guarded wantLog = Guarded.nanFilled(rows * cols);
    SoftmaxReference.logForward(0, rows, cols, x.segment(), wantLog.segment());
    assertThat(run(Softmax::logSoftmax, rows, cols, x, ONE)).isEqualTo(wantLog.bits());
    Guarded inPlace = Guarded.of(x.floats());
    Softmax.logSoftmax(rows, cols, inPlace.segment(), inPlace.segment(), ONE);
    assertThat(inPlace.bits()).isEqualTo(wantLog.bits());
    Softmax.forward(rows, cols, x.segment(), x.segment(), ONE);
    assertThat(x.bits()).isEqualTo(want.bits());
    assertThat(x.guardsIntact()).isTrue();
  }

  @Property(tries = 200)
  void nanAndInfinitiesTravelAsInTheTwin(
      @ForAll @IntRange(min = 1, max = 3) int rows,
      @ForAll(supplier = Sizes.Straddling.class) int cols,
      @ForAll long seed) {
    Guarded x = Guarded.of(Data.seeded(seed).edgy(rows * cols));
    Guarded want = Guarded.nanFilled(rows * cols);
    SoftmaxReference.forward(0, rows, cols, x.segment(), want.segment());
    assertThat(run(Softmax::forward, rows, cols, x, ONE)).isEqualTo(want.bits());
    SoftmaxReference.logForward(0, rows, cols, x.segment(), want.segment());
    assertThat(run(Softmax::logSoftmax, rows, cols, x, ONE)).isEqualTo(want.bits());
  }

  @Property(tries = 200)
  void backwardHasTheBitsOfTheTwinAlsoInPlace(
      @ForAll @IntRange(min = 0, max = 5) int rows,
      @ForAll(supplier = Sizes.Straddling.class) int cols,
      @ForAll boolean log,
      @ForAll long seed) {
    BackwardDoor door = log ? Softmax::logSoftmaxBackward : Softmax::backward;
    Guarded y = Guarded.of(Data.seeded(seed).uniform(rows * cols, log ? -9f : 0f, log ? 0f : 1f));
    Guarded dy = Guarded.of(Data.seeded(~seed).uniform(rows * cols, -3f, 3f));
    Guarded want = Guarded.nanFilled(rows * cols);
    if (log) {
      SoftmaxReference.logBackward(0, rows, cols, y.segment(), dy.segment(), want.segment());
    } else {
      SoftmaxReference.backward(0, rows, cols, y.segment(), dy.segment(), want.segment());
    }
    Guarded got = Guarded.nanFilled(rows * cols);
    door.apply(rows, cols, y.segment(), dy.segment(), got.segment(), ONE);
    assertThat(got.bits()).isEqualTo(want.bits());
    assertThat(got.guardsIntact()).isTrue();
    Guarded overY = Guarded.of(y.floats());
    door.apply(rows, cols, overY.segment(), dy.segment(), overY.segment(), ONE);
    assertThat(overY.bits()).isEqualTo(want.bits());
    if (!log) {
      door.apply(rows, cols, y.segment(), dy.segment(), dy.segment(), ONE);
      assertThat(dy.bits()).isEqualTo(want.bits());
    }
  }

  @Property(tries = 10)
  void anyNumberOfThreadsHasTheSameBits(
      @ForAll @IntRange(min = 2, max = Crew.LARGEST) int threads, @ForAll long seed) {
    Guarded x = Guarded.of(Data.seeded(seed).uniform(411 * 101, -9f, 9f));
    assertThat(run(Softmax::forward, 411, 101, x, Crew.of(threads))).isEqualTo(run(Softmax::forward, 411, 101, x, ONE));
    assertThat(run(Softmax::logSoftmax, 411, 101, x, Crew.of(threads)))
        .isEqualTo(run(Softmax::logSoftmax, 411, 101, x, ONE));
  }

  /** Roundings of a row's exponentials and their sum, as the Javadoc of {@link Softmax} derives them. */
  static double roundings(int cols, double spread) {
    return ReductionsProperties.chain(cols) + 2 * spread + 10;
  }

  static double max(float[] x) {
    double max = Double.NEGATIVE_INFINITY;
    for (float v : x) {
      max = Math.max(max, v);
    }
    return max;
  }

  static double spread(float[] x) {
    double min = Double.POSITIVE_INFINITY;
    for (float v : x) {
      min = Math.min(min, v);
    }
    return max(x) - min;
  }

  @Property(tries = 200)
  void softmaxLiesWithinItsBoundAndAddsUpToOne(
      @ForAll @IntRange(min = 1, max = 300) int cols,
      @ForAll @FloatRange(min = 0.1f, max = 60f) float size,
      @ForAll long seed) {
    float[] x = Data.seeded(seed).uniform(cols, -size, size);
    Guarded y = Guarded.nanFilled(cols);
    Softmax.forward(1, cols, Data.segment(x), y.segment(), ONE);
    double[] want = SoftmaxInDouble.forward(1, cols, Data.widened(x));
    Bounds bounds = Bounds.gamma(roundings(cols, spread(x)));
    bounds.times(want).plusUnderflows(4).holds(y.floats(), want);
    double sum = 0;
    for (float v : y.floats()) {
      sum += v;
    }
    assertThat(Math.abs(sum - 1)).isLessThanOrEqualTo(Bounds.gammaOf(roundings(cols, spread(x))) + cols * 0x1p-148);
  }

  @Property(tries = 200)
  void logSoftmaxLiesWithinItsBound(
      @ForAll @IntRange(min = 1, max = 300) int cols,
      @ForAll @FloatRange(min = 0.1f, max = 60f) float size,
      @ForAll long seed) {
    float[] x = Data.seeded(seed).uniform(cols, -size, size);
    Guarded y = Guarded.nanFilled(cols);
    Softmax.logSoftmax(1, cols, Data.segment(x), y.segment(), ONE);
    double[] want = SoftmaxInDouble.logForward(1, cols, Data.widened(x));
    double max = max(x);
    double g = Bounds.gammaOf(roundings(cols, spread(x)));
    double[] bound = new double[cols];
    for (int j = 0; j < cols; j++) {
      double fromMax = Math.abs(x[j] - max);
      double logSum = Math.abs(want[j] - (x[j] - max));
      bound[j] = (g + Bounds.gammaOf(4) * (fromMax + logSum)) / Bounds.gammaOf(1);
    }
    Bounds.gamma(1).times(bound).holds(y.floats(), want);
  }

  /** The truth, too: of several rows it is that of each. */
  @Property(tries = 50)
  void theRowsOfTheTruthAreIndependent(@ForAll @IntRange(min = 1, max = 9) int cols, @ForAll long seed) {
    double[] x = Data.widened(Data.seeded(seed).uniform(3 * cols, -5f, 5f));
    double[] dy = Data.widened(Data.seeded(~seed).uniform(3 * cols, -5f, 5f));
    double[] y = SoftmaxInDouble.forward(3, cols, x);
    double[] logY = SoftmaxInDouble.logForward(3, cols, x);
    double[] dx = SoftmaxInDouble.backward(3, cols, y, dy);
    double[] logDx = SoftmaxInDouble.logBackward(3, cols, logY, dy);
    for (int i = 0; i < 3; i++) {
      double[] rowX = Arrays.copyOfRange(x, i * cols, (i + 1) * cols);
      double[] rowDy = Arrays.copyOfRange(dy, i * cols, (i + 1) * cols);
      double[] rowY = SoftmaxInDouble.forward(1, cols, rowX);
      assertThat(Arrays.copyOfRange(y, i * cols, (i + 1) * cols)).isEqualTo(rowY);
      assertThat(Arrays.copyOfRange(dx, i * cols, (i + 1) * cols)).isEqualTo(SoftmaxInDouble.backward(1, cols, rowY, rowDy));
      double[] rowLogY = SoftmaxInDouble.logForward(1, cols, rowX);
      assertThat(Arrays.copyOfRange(logY, i * cols, (i + 1) * cols)).isEqualTo(rowLogY);
      assertThat(Arrays.copyOfRange(logDx, i * cols, (i + 1) * cols)).isEqualTo(SoftmaxInDouble.logBackward(1, cols, rowLogY, rowDy));
    }
  }

  @Property(tries = 100)
  void aShiftThatRoundsNothingChangesNoBit(
      @ForAll @IntRange(min = 1, max = 60) int cols, @ForAll @IntRange(min = -500, max = 500) int shift, @ForAll long seed) {
    float[] x = Data.seeded(seed).integers(cols, 40);
    float[] shifted = x.clone();
    for (int j = 0; j < cols; j++) {
      shifted[j] += shift;
    }
    assertThat(run(Softmax::forward, 1, cols, Guarded.of(shifted), ONE))
        .isEqualTo(run(Softmax::forward, 1, cols, Guarded.of(x), ONE));
  }

  @Property(tries = 50)
  void aRowDoesNotDependOnItsNeighbours(@ForAll @IntRange(min = 1, max = 60) int cols, @ForAll long seed) {
    float[] rows = Data.seeded(seed).uniform(3 * cols, -5f, 5f);
    float[] middle = Arrays.copyOfRange(rows, cols, 2 * cols);
    int[] three = run(Softmax::forward, 3, cols, Guarded.of(rows), ONE);
    assertThat(Arrays.copyOfRange(three, cols, 2 * cols))
        .isEqualTo(run(Softmax::forward, 1, cols, Guarded.of(middle), ONE));
  }
}
