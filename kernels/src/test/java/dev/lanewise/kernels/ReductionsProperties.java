package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.reference.ReductionsReference;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import dev.lanewise.kernels.testkit.Sizes;
import java.lang.foreign.MemorySegment;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ReductionsProperties {
  private static final Workers ONE = Crew.of(1);

  private static void assertSameBits(float got, float want) {
    assertThat(Float.floatToIntBits(got)).isEqualTo(Float.floatToIntBits(want));
  }

  private static double sumOfAbsolutes(float[] x) {
    double sum = 0;
    for (float v : x) {
      sum += Math.abs(v);
    }
    return sum;
  }

  /** Roundings on the longest way through a sum along a row, as the Javadoc of {@link Reductions} counts them. */
  static double chain(int n) {
    return n < 16 ? n : n / 16 + 4 + n % 16;
  }

  /** The same of a long vector, which has twice the lanes. */
  private static double longChain(int n) {
    return n < 32 ? n : n / 32 + 5 + n % 32;
  }

  @Property(tries = 400)
  void sumsHaveTheBitsOfTheTwin(
      @ForAll(supplier = Sizes.Straddling.class) int n, @ForAll boolean edgy, @ForAll long seed) {
    Data data = Data.seeded(seed);
    MemorySegment x = Data.segment(edgy ? data.edgy(n) : data.uniform(n, -3f, 3f));
    MemorySegment y = Data.segment(edgy ? data.edgy(n) : data.uniform(n, -3f, 3f));
    assertSameBits(Reductions.sum(n, x), ReductionsReference.sum(n, x));
    assertSameBits(Reductions.dot(n, x, y), ReductionsReference.dot(n, x, y));
    assertSameBits(Reductions.sumOfSquares(n, x), ReductionsReference.dot(n, x, x));
  }

  /** From 64 on each of the 32 lanes is a chain; the sizes above end before. */
  @Property(tries = 200)
  void sumsOfSeveralNumbersALaneHaveTheBitsOfTheTwin(@ForAll @IntRange(min = 64, max = 700) int n, @ForAll long seed) {
    MemorySegment x = Data.segment(Data.seeded(seed).uniform(n, -3f, 3f));
    MemorySegment y = Data.segment(Data.seeded(~seed).uniform(n, -3f, 3f));
    assertSameBits(Reductions.sum(n, x), ReductionsReference.sum(n, x));
    assertSameBits(Reductions.dot(n, x, y), ReductionsReference.dot(n, x, y));
    assertSameBits(Reductions.sumOfSquares(n, x), ReductionsReference.dot(n, x, x));
  }

  /** Four of the widest vectors at once and more: the sizes of the laws of each, below and above, end before. */
  @Property(tries = 100)
  void wideMatricesHaveTheColumnSumsAndGreatestElementsOfTheTwin(
      @ForAll @IntRange(min = 1, max = 5) int rows, @ForAll @IntRange(min = 64, max = 300) int cols, @ForAll boolean edgy,
      @ForAll long seed) {
    Data data = Data.seeded(seed);
    MemorySegment x = Data.segment(edgy ? data.edgy(rows * cols) : data.uniform(rows * cols, -3f, 3f));
    Guarded sums = Guarded.nanFilled(cols);
    Guarded wantedSums = Guarded.nanFilled(cols);
    Reductions.columnSums(rows, cols, x, sums.segment(), false, ONE);
    ReductionsReference.columnSums(rows, cols, x, wantedSums.segment(), false);
    assertThat(sums.bits()).isEqualTo(wantedSums.bits());
    Guarded places = Guarded.nanFilled(rows);
    Guarded wantedPlaces = Guarded.nanFilled(rows);
    Reductions.argmax(rows, cols, x, places.segment());
    ReductionsReference.argmax(rows, cols, x, wantedPlaces.segment());
    assertThat(places.ints()).isEqualTo(wantedPlaces.ints());
  }

  @Property(tries = 100)
  void sumsReadNothingBeyondTheirOperands(@ForAll(supplier = Sizes.Straddling.class) int n, @ForAll long seed) {
    // What surrounds a guarded operand is NaN: one stray element would show.
    Guarded x = Guarded.of(Data.seeded(seed).integers(n, 9));
    assertThat((double) Reductions.sum(n, x.segment())).isEqualTo(ReductionsReference.sumInDouble(n, x.segment()));
    assertThat((double) Reductions.sumOfSquares(n, x.segment()))
        .isEqualTo(ReductionsReference.dotInDouble(n, x.segment(), x.segment()));
  }

  @Property(tries = 100)
  void sumsLieWithinGammaOfTheirLongestChain(@ForAll @IntRange(min = 1, max = 5000) int n, @ForAll long seed) {
    float[] x = Data.seeded(seed).uniform(n, -1f, 1f);
    float[] y = Data.seeded(~seed).uniform(n, -1f, 1f);
    float[] products = new float[n];
    for (int i = 0; i < n; i++) {
      products[i] = Math.abs(x[i] * y[i]);
    }
    MemorySegment sx = Data.segment(x);
    MemorySegment sy = Data.segment(y);
    Bounds bounds = Bounds.gamma(longChain(n));
    bounds.times(sumOfAbsolutes(x)).holds(Reductions.sum(n, sx), ReductionsReference.sumInDouble(n, sx));
    bounds
        .times(sumOfAbsolutes(products) * (1 + 0x1p-23))
        .holds(Reductions.dot(n, sx, sy), ReductionsReference.dotInDouble(n, sx, sy));
    double squares = ReductionsReference.dotInDouble(n, sx, sx);
    bounds.times(squares).holds(Reductions.sumOfSquares(n, sx), squares);
  }

  @Property(tries = 300)
  void columnSumsHaveTheBitsOfTheTwinAndOfAnyNumberOfThreads(
      @ForAll @IntRange(min = 0, max = 70) int rows,
      @ForAll(supplier = Sizes.Straddling.class) int cols,
      @ForAll boolean accumulate,
      @ForAll boolean edgy,
      @ForAll long seed) {
    Data data = Data.seeded(seed);
    Guarded x = Guarded.of(edgy ? data.edgy(rows * cols) : data.uniform(rows * cols, -3f, 3f));
    float[] start = data.uniform(cols, -3f, 3f);
    Guarded want = accumulate ? Guarded.of(start) : Guarded.nanFilled(cols);
    Guarded got = accumulate ? Guarded.of(start) : Guarded.nanFilled(cols);
    ReductionsReference.columnSums(rows, cols, x.segment(), want.segment(), accumulate);
    Reductions.columnSums(rows, cols, x.segment(), got.segment(), accumulate, ONE);
    assertThat(got.bits()).isEqualTo(want.bits());
    assertThat(got.guardsIntact()).isTrue();
  }

  @Property(tries = 20)
  void columnSumsOfAWideMatrixHaveTheSameBitsOnAnyNumberOfThreads(
      @ForAll @IntRange(min = 2, max = Crew.LARGEST) int threads,
      @ForAll @IntRange(min = 330, max = 350) int cols,
      @ForAll long seed) {
    MemorySegment x = Data.segment(Data.seeded(seed).uniform(130 * cols, -3f, 3f));
    Guarded one = Guarded.nanFilled(cols);
    Guarded many = Guarded.nanFilled(cols);
    Reductions.columnSums(130, cols, x, one.segment(), false, ONE);
    Reductions.columnSums(130, cols, x, many.segment(), false, Crew.of(threads));
    assertThat(many.bits()).isEqualTo(one.bits());
    assertThat(many.guardsIntact()).isTrue();
  }

  @Property(tries = 100)
  void columnSumsLieWithinGammaOfTheRows(
      @ForAll @IntRange(min = 1, max = 300) int rows, @ForAll @IntRange(min = 1, max = 40) int cols, @ForAll long seed) {
    float[] x = Data.seeded(seed).uniform(rows * cols, -1f, 1f);
    double[] magnitudes = new double[cols];
    for (int i = 0; i < x.length; i++) {
      magnitudes[i % cols] += Math.abs(x[i]);
    }
    Guarded y = Guarded.nanFilled(cols);
    Reductions.columnSums(rows, cols, Data.segment(x), y.segment(), false, ONE);
    double[] want = ReductionsReference.columnSumsInDouble(rows, cols, Data.segment(x));
    Bounds.gamma(rows).times(magnitudes).holds(y.floats(), want);
  }

  @Property(tries = 300)
  void argmaxIsTheTwins(
      @ForAll @IntRange(min = 0, max = 4) int rows,
      @ForAll(supplier = Sizes.NonZero.class) int cols,
      @ForAll boolean edgy,
      @ForAll long seed) {
    Data data = Data.seeded(seed);
    // Few distinct numbers, so that there are ties.
    Guarded x = Guarded.of(edgy ? data.edgy(rows * cols) : data.integers(rows * cols, 2));
    Guarded got = Guarded.nanFilled(rows);
    Guarded want = Guarded.nanFilled(rows);
    Reductions.argmax(rows, cols, x.segment(), got.segment());
    ReductionsReference.argmax(rows, cols, x.segment(), want.segment());
    assertThat(got.ints()).isEqualTo(want.ints());
    assertThat(got.guardsIntact()).isTrue();
  }

  @Property(tries = 300)
  void theFirstNonFiniteIsFoundWhereverItIs(
      @ForAll @IntRange(min = 1, max = 5000) int n, @ForAll @IntRange(min = 0, max = 4999) int place, @ForAll boolean nan) {
    float[] x = Data.seeded(n).finite(n);
    assertThat(Reductions.firstNonFinite(n, Guarded.of(x).segment())).isEqualTo(-1);
    assertThat(ReductionsReference.firstNonFinite(n, Data.segment(x))).isEqualTo(-1);
    int at = place % n;
    x[at] = nan ? Float.NaN : Float.NEGATIVE_INFINITY;
    x[n - 1] = at == n - 1 ? x[at] : Float.POSITIVE_INFINITY;
    MemorySegment segment = Guarded.of(x).segment();
    assertThat(Reductions.firstNonFinite(n, segment)).isEqualTo(at);
    assertThat(ReductionsReference.firstNonFinite(n, segment)).isEqualTo(at);
  }
}
