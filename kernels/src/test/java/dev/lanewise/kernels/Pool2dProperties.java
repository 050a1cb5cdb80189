package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.reference.Pool2dReference;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import dev.lanewise.kernels.testkit.Sizes;
import java.lang.foreign.MemorySegment;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class Pool2dProperties {
  private static final Workers ONE = Crew.of(1);

  /** Windows that tile, overlap, leave gaps, and leave a rest at the edge. */
  @Provide
  Arbitrary<Pool2d> pools() {
    Arbitrary<Integer> side = Arbitraries.integers().between(3, 9);
    Arbitrary<Integer> window = Arbitraries.integers().between(1, 3);
    Arbitrary<Pool2d> any =
        Combinators.combine(side, side, Sizes.straddlingLanes().filter(c -> c > 0), window, window, window, window)
            .as(Pool2d::of);
    Arbitrary<Pool2d> usual =
        Combinators.combine(side, side, Sizes.straddlingLanes().filter(c -> c > 0))
            .as((h, w, c) -> Pool2d.of(h, w, c, 2, 2, 2, 2));
    return Arbitraries.oneOf(any, usual);
  }

  private static int inputs(Pool2d p, int n) {
    return n * p.height() * p.width() * p.channels();
  }

  private static int outputs(Pool2d p, int n) {
    return n * p.outHeight() * p.outWidth() * p.channels();
  }

  @Property(tries = 300)
  void maximaAndTapsAreTheTwins(
      @ForAll("pools") Pool2d pool,
      @ForAll @IntRange(min = 0, max = 3) int n,
      @ForAll @IntRange(min = 1, max = Crew.LARGEST) int threads,
      @ForAll boolean edgy,
      @ForAll long seed) {
    Data data = Data.seeded(seed);
    Guarded x = Guarded.of(edgy ? data.edgy(inputs(pool, n)) : data.integers(inputs(pool, n), 3));
    Guarded y = Guarded.nanFilled(outputs(pool, n));
    Guarded taps = Guarded.nanFilled(outputs(pool, n));
    Guarded wantY = Guarded.nanFilled(outputs(pool, n));
    Guarded wantTaps = Guarded.nanFilled(outputs(pool, n));
    Pool2dReference.maxForward(pool, n, x.segment(), wantY.segment(), wantTaps.segment());
    pool.maxForward(n, x.segment(), y.segment(), taps.segment(), Crew.of(threads));
    assertThat(y.bits()).isEqualTo(wantY.bits());
    assertThat(taps.ints()).isEqualTo(wantTaps.ints());
    Guarded plain = Guarded.nanFilled(outputs(pool, n));
    pool.maxForward(n, x.segment(), plain.segment(), Crew.of(threads));
    assertThat(plain.bits()).isEqualTo(wantY.bits());
    assertThat(y.guardsIntact() && taps.guardsIntact() && plain.guardsIntact()).isTrue();
  }

  @Property(tries = 300)
  void backwardHasTheBitsOfTheTwin(
      @ForAll("pools") Pool2d pool,
      @ForAll @IntRange(min = 0, max = 3) int n,
      @ForAll @IntRange(min = 1, max = Crew.LARGEST) int threads,
      @ForAll long seed) {
    int[] taps = Data.seeded(seed).below(outputs(pool, n), pool.poolHeight() * pool.poolWidth());
    MemorySegment argmax = Guarded.ofInts(taps).segment();
    MemorySegment dy = Data.segment(Data.seeded(seed).edgy(outputs(pool, n)));
    Guarded dx = Guarded.nanFilled(inputs(pool, n));
    Guarded want = Guarded.nanFilled(inputs(pool, n));
    Pool2dReference.maxBackward(pool, n, dy, argmax, want.segment());
    pool.maxBackward(n, dy, argmax, dx.segment(), Crew.of(threads));
    assertThat(dx.bits()).isEqualTo(want.bits());
    assertThat(dx.guardsIntact()).isTrue();
  }

  @Property(tries = 5)
  void largeBatchesHaveTheSameBitsOnAnyNumberOfThreads(
      @ForAll @IntRange(min = 2, max = Crew.LARGEST) int threads, @ForAll long seed) {
    Pool2d pool = Pool2d.of(27, 25, 17, 2, 2, 2, 2);
    int n = 9;
    MemorySegment x = Data.segment(Data.seeded(seed).edgy(inputs(pool, n)));
    Guarded y = Guarded.nanFilled(outputs(pool, n));
    Guarded taps = Guarded.nanFilled(outputs(pool, n));
    Guarded dx = Guarded.nanFilled(inputs(pool, n));
    Guarded want = Guarded.nanFilled(outputs(pool, n));
    Guarded wantTaps = Guarded.nanFilled(outputs(pool, n));
    Guarded wantDx = Guarded.nanFilled(inputs(pool, n));
    pool.maxForward(n, x, y.segment(), taps.segment(), Crew.of(threads));
    pool.maxBackward(n, y.segment(), taps.segment(), dx.segment(), Crew.of(threads));
    pool.maxForward(n, x, want.segment(), wantTaps.segment(), ONE);
    pool.maxBackward(n, want.segment(), wantTaps.segment(), wantDx.segment(), ONE);
    assertThat(y.bits()).isEqualTo(want.bits());
    assertThat(taps.ints()).isEqualTo(wantTaps.ints());
    assertThat(dx.bits()).isEqualTo(wantDx.bits());
  }

  @Property(tries = 200)
  void backwardIsTheAdjointOfTheSelectionExactlyOnWholeNumbers(
      @ForAll("pools") Pool2d pool, @ForAll @IntRange(min = 1, max = 2) int n, @ForAll long seed) {
    float[] x = Data.seeded(seed).integers(inputs(pool, n), 20);
    float[] dy = Data.seeded(~seed).integers(outputs(pool, n), 20);
    Guarded y = Guarded.nanFilled(dy.length);
    Guarded taps = Guarded.nanFilled(dy.length);
    Guarded dx = Guarded.nanFilled(x.length);
    pool.maxForward(n, Data.segment(x), y.segment(), taps.segment(), ONE);
    pool.maxBackward(n, Data.segment(dy), taps.segment(), dx.segment(), ONE);
    assertThat(dot(dx.floats(), x)).isEqualTo(dot(dy, y.floats()));
  }

  @Property(tries = 300)
  void averagesHaveTheBitsOfTheTwinBothWays(
      @ForAll("pools") Pool2d pool,
      @ForAll @IntRange(min = 0, max = 3) int n,
      @ForAll @IntRange(min = 1, max = Crew.LARGEST) int threads,
      @ForAll long seed) {
    MemorySegment x = Data.segment(Data.seeded(seed).edgy(inputs(pool, n)));
    MemorySegment dy = Data.segment(Data.seeded(~seed).edgy(outputs(pool, n)));
    Guarded y = Guarded.nanFilled(outputs(pool, n));
    Guarded dx = Guarded.nanFilled(inputs(pool, n));
    Guarded wantY = Guarded.nanFilled(outputs(pool, n));
    Guarded wantDx = Guarded.nanFilled(inputs(pool, n));
    pool.averageForward(n, x, y.segment(), Crew.of(threads));
    pool.averageBackward(n, dy, dx.segment(), Crew.of(threads));
    Pool2dReference.averageForward(pool, n, x, wantY.segment());
    Pool2dReference.averageBackward(pool, n, dy, wantDx.segment());
    assertThat(y.bits()).isEqualTo(wantY.bits());
    assertThat(dx.bits()).isEqualTo(wantDx.bits());
    assertThat(y.guardsIntact() && dx.guardsIntact()).isTrue();
  }

  @Property(tries = 5)
  void averagesOfLargeBatchesHaveTheSameBitsOnAnyNumberOfThreads(
      @ForAll @IntRange(min = 2, max = Crew.LARGEST) int threads, @ForAll long seed) {
    Pool2d pool = Pool2d.of(27, 25, 17, 3, 3, 2, 2);
    int n = 9;
    MemorySegment x = Data.segment(Data.seeded(seed).edgy(inputs(pool, n)));
    Guarded y = Guarded.nanFilled(outputs(pool, n));
    Guarded dx = Guarded.nanFilled(inputs(pool, n));
    Guarded want = Guarded.nanFilled(outputs(pool, n));
    Guarded wantDx = Guarded.nanFilled(inputs(pool, n));
    pool.averageForward(n, x, y.segment(), Crew.of(threads));
    pool.averageBackward(n, y.segment(), dx.segment(), Crew.of(threads));
    pool.averageForward(n, x, want.segment(), ONE);
    pool.averageBackward(n, want.segment(), wantDx.segment(), ONE);
    assertThat(y.bits()).isEqualTo(want.bits());
    assertThat(dx.bits()).isEqualTo(wantDx.bits());
  }

  @Property(tries = 100)
  void averagesLieWithinTheirBoundAndTheirGradientIsTheAdjoint(
      @ForAll("pools") Pool2d pool, @ForAll @IntRange(min = 1, max = 2) int n, @ForAll long seed) {
    float[] x = Data.seeded(seed).uniform(inputs(pool, n), -9f, 9f);
    float[] dy = Data.seeded(~seed).uniform(outputs(pool, n), -9f, 9f);
    Guarded y = Guarded.nanFilled(dy.length);
    Guarded dx = Guarded.nanFilled(x.length);
    pool.averageForward(n, Data.segment(x), y.segment(), ONE);
    pool.averageBackward(n, Data.segment(dy), dx.segment(), ONE);
    double[] wide = Data.widened(x);
    double[] want = Pool2dReference.averageInDouble(pool, n, wide);
    for (int i = 0; i < wide.length; i++) {
      wide[i] = Math.abs(wide[i]);
    }
    double[] size = Pool2dReference.averageInDouble(pool, n, wide);
    int taps = pool.poolHeight() * pool.poolWidth();
    Bounds.gamma(taps).times(size).holds(y.floats(), want);
    // <dy, y> and <dx, x>, each term within the bounds of y and dx; at most 9 windows overlap.
    double terms = 0;
    for (int i = 0; i < dy.length; i++) {
      terms += Math.abs(dy[i]) * size[i];
    }
    assertThat(Math.abs(dot(dx.floats(), x) - dot(dy, y.floats())))
        .isLessThanOrEqualTo((Bounds.gammaOf(taps) + Bounds.gammaOf(10)) * terms);
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
