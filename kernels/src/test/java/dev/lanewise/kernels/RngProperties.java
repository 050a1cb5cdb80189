package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.reference.RngReference;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class RngProperties {
  /** The fills, with parameters of their own. */
  enum Fill {
    UNIFORM {
      @Override
      void fast(long seed, long stream, long offset, long n, MemorySegment y, Workers workers) {
        Rng.uniform(seed, stream, offset, n, y, -0.3f, 0.7f, workers);
      }

      @Override
      void twin(long seed, long stream, long offset, long n, MemorySegment y) {
        RngReference.uniform(seed, stream, offset, 0, n, y, -0.3f, 0.7f);
      }
    },
    NORMAL {
      @Override
      void fast(long seed, long stream, long offset, long n, MemorySegment y, Workers workers) {
        Rng.normal(seed, stream, offset, n, y, 0.1f, 2f, workers);
      }

      @Override
      void twin(long seed, long stream, long offset, long n, MemorySegment y) {
        RngReference.normal(seed, stream, offset, 0, n, y, 0.1f, 2f);
      }
    },
    MASK {
      @Override
      void fast(long seed, long stream, long offset, long n, MemorySegment y, Workers workers) {
        Rng.dropoutMask(seed, stream, offset, n, y, 0.6f, workers);
      }

      @Override
      void twin(long seed, long stream, long offset, long n, MemorySegment y) {
        RngReference.dropoutMask(seed, stream, offset, 0, n, y, 0.6f);
      }
    };

    abstract void fast(long seed, long stream, long offset, long n, MemorySegment y, Workers workers);

    abstract void twin(long seed, long stream, long offset, long n, MemorySegment y);
  }

  @Property(tries = 400)
  void fillsHaveTheBitsOfTheTwin(
      @ForAll Fill fill, @ForAll long seed, @ForAll long stream, @ForAll long offset, @ForAll @IntRange(max = 300) int n) {
    Guarded got = Guarded.nanFilled(n);
    Guarded want = Guarded.nanFilled(n);
    fill.fast(seed, stream, offset, n, got.segment(), Crew.of(1));
    fill.twin(seed, stream, offset, n, want.segment());
    assertThat(got.bits()).isEqualTo(want.bits());
    assertThat(got.guardsIntact()).isTrue();
  }

  @Property(tries = 100)
  void aFillIsAWindowOnItsStream(
      @ForAll Fill fill,
      @ForAll long seed,
      @ForAll @LongRange(min = 0, max = 1L << 40) long offset,
      @ForAll @IntRange(max = 200) int cut,
      @ForAll @IntRange(max = 200) int rest) {
    Guarded whole = Guarded.nanFilled(cut + rest);
    Guarded part = Guarded.nanFilled(rest);
    fill.fast(seed, 11, offset, cut + rest, whole.segment(), Crew.of(1));
    fill.fast(seed, 11, offset + cut, rest, part.segment(), Crew.of(1));
    assertThat(part.bits()).isEqualTo(Arrays.copyOfRange(whole.bits(), cut, cut + rest));
  }

  @Property(tries = 30)
  void anyNumberOfThreadsHasTheSameBits(
      @ForAll Fill fill, @ForAll @IntRange(min = 2, max = Crew.LARGEST) int threads, @ForAll long seed) {
    int n = 40_007;
    Guarded one = Guarded.nanFilled(n);
    Guarded many = Guarded.nanFilled(n);
    fill.fast(seed, 1, 13, n, one.segment(), Crew.of(1));
    fill.fast(seed, 1, 13, n, many.segment(), Crew.of(threads));
    assertThat(many.bits()).isEqualTo(one.bits());
  }

  @Property(tries = 200)
  void scalarsAreTheFillsElements(@ForAll long seed, @ForAll long stream, @ForAll long index) {
    Guarded y = Guarded.nanFilled(2);
    Rng.uniform(seed, stream, index, 1, y.segment(), 0f, 1f, Crew.of(1));
    assertThat(y.floats()[0]).isEqualTo(Rng.uniform(seed, stream, index));
    assertThat(y.floats()[0]).isEqualTo((Rng.bits(seed, stream, index) >>> 8) * 0x1p-24f);
    Rng.normal(seed, stream, index, 1, y.segment(), 0f, 1f, Crew.of(1));
    assertThat(y.floats()[0]).isEqualTo(Rng.normal(seed, stream, index));
  }

  @Property(tries = 300)
  void uniformNumbersStayBelowHighWhereverRoundingWouldReachIt(
      @ForAll @FloatRange(min = -1e6f, max = 1e6f) float low, @ForAll @IntRange(min = 1, max = 3) int steps, @ForAll long seed) {
    // A few floats between low and high: most products round to one of the ends.
    float high = low;
    for (int i = 0; i < steps; i++) {
      high = Math.nextUp(high);
    }
    Guarded y = Guarded.nanFilled(200);
    Rng.uniform(seed, 0, 0, 200, y.segment(), low, high, Crew.of(1));
    for (float v : y.floats()) {
      assertThat(v >= low && v < high).isTrue();
    }
  }

  /** u times the width is exact in double; where the sum rounds to high it is the float below. */
  @Property(tries = 300)
  void uniformNumbersRoundOnce(
      @ForAll @FloatRange(min = -100f, max = 100f) float low, @ForAll @FloatRange(min = 0.01f, max = 100f) float size, @ForAll long seed) {
    float high = low + size;
    Guarded y = Guarded.nanFilled(64);
    Rng.uniform(seed, 5, 0, 64, y.segment(), low, high, Crew.of(1));
    double[] want = new double[64];
    for (int i = 0; i < 64; i++) {
      want[i] = low + (Rng.bits(seed, 5, i) >>> 8) * 0x1p-24 * (high - low);
      if ((float) want[i] >= high) {
        want[i] = Math.nextDown(high);
      }
    }
    Bounds.gamma(1).times(Arrays.stream(want).map(Math::abs).toArray()).plusUnderflows(1).holds(y.floats(), want);
  }

  @Property(tries = 300)
  void normalNumbersLieWithinTheBoundOfTheExactTransform(@ForAll long seed, @ForAll long index) {
    // The pair: the lower word and the one 16 further on.
    long lower = index & ~16L;
    double u = ((Rng.bits(seed, 0, lower) >>> 8) + 1) * 0x1p-24;
    double angle = (Rng.bits(seed, 0, lower + 16) & 0xffff_ffffL) * 0x1p-31 * Math.PI;
    double radius = Math.sqrt(-2 * Math.log(u));
    double want = radius * ((index & 16) == 0 ? Math.cos(angle) : Math.sin(angle));
    Bounds.gamma(6).times(radius).holds(Rng.normal(seed, 0, index), want);
  }

  /** The share is chosen as the number itself, which else meets one in 16 million. */
  @Property(tries = 200)
  void anElementWhoseNumberIsTheShareIsDropped(@ForAll long seed, @ForAll @IntRange(min = 0, max = 200) int at) {
    float share = Rng.uniform(seed, 3, at);
    Guarded mask = Guarded.nanFilled(at + 1);
    Rng.dropoutMask(seed, 3, 0, at + 1, mask.segment(), Math.max(share, 0x1p-24f), Crew.of(1));
    assertThat(mask.floats()[at] == 0f).isEqualTo(share > 0f);
    RngReference.dropoutMask(seed, 3, 0, 0, at + 1, mask.segment(), Math.max(share, 0x1p-24f));
    assertThat(mask.floats()[at] == 0f).isEqualTo(share > 0f);
  }

  @Property(tries = 200)
  void aShuffleIsAPermutationAndRepeatable(@ForAll @IntRange(max = 200) int n, @ForAll long seed) {
    int[] first = new int[n];
    Arrays.setAll(first, i -> i);
    int[] sorted = first.clone();
    int[] second = first.clone();
    Rng.shuffle(seed, 3, first);
    Rng.shuffle(seed, 3, second);
    assertThat(first).isEqualTo(second);
    Arrays.sort(first);
    assertThat(first).isEqualTo(sorted);
  }
}
