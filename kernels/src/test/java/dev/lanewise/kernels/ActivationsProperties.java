package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.reference.ActivationsReference;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import dev.lanewise.kernels.testkit.Sizes;
import java.lang.foreign.MemorySegment;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;

class ActivationsProperties {
  /** The doors and their twins. */
  enum Function {
    RELU(Activations::relu, ActivationsReference::relu),
    SIGMOID(Activations::sigmoid, ActivationsReference::sigmoid),
    TANH(Activations::tanh, ActivationsReference::tanh),
    EXP(Activations::exp, ActivationsReference::exp),
    LOG(Activations::log, ActivationsReference::log);

    final Door door;
    final Twin twin;

    Function(Door door, Twin twin) {
      this.door = door;
      this.twin = twin;
    }
  }

  /** The backward doors and their twins. */
  enum Backward {
    RELU(Activations::reluBackward, ActivationsReference::reluBackward),
    SIGMOID(Activations::sigmoidBackward, ActivationsReference::sigmoidBackward),
    TANH(Activations::tanhBackward, ActivationsReference::tanhBackward);

    final BackwardDoor door;
    final BackwardTwin twin;

    Backward(BackwardDoor door, BackwardTwin twin) {
      this.door = door;
      this.twin = twin;
    }
  }

  interface Door {
    void apply(long n, MemorySegment x, MemorySegment y, Workers workers);
  }

  interface Twin {
    void apply(long n, MemorySegment x, MemorySegment y);
  }

  interface BackwardDoor {
    void apply(long n, MemorySegment y, MemorySegment dy, MemorySegment dx, Workers workers);
  }

  interface BackwardTwin {
    void apply(long n, MemorySegment y, MemorySegment dy, MemorySegment dx);
  }

  @Property(tries = 400)
  void everyElementHasTheBitsOfTheTwin(
      @ForAll Function f, @ForAll(supplier = Sizes.Straddling.class) int n, @ForAll long seed) {
    Guarded x = Guarded.of(Data.seeded(seed).edgy(n));
    Guarded got = Guarded.nanFilled(n);
    Guarded want = Guarded.nanFilled(n);
    int[] before = x.bits();
    f.door.apply(n, x.segment(), got.segment(), Crew.of(1));
    f.twin.apply(n, x.segment(), want.segment());
    assertThat(got.bits()).isEqualTo(want.bits());
    assertThat(got.guardsIntact()).isTrue();
    assertThat(x.bits()).isEqualTo(before);
  }

  @Property(tries = 200)
  void anyBitPatternHasTheBitsOfTheTwin(@ForAll Function f, @ForAll long seed) {
    MemorySegment x = Data.segment(Data.seeded(seed).finite(1009));
    Guarded got = Guarded.nanFilled(1009);
    Guarded want = Guarded.nanFilled(1009);
    f.door.apply(1009, x, got.segment(), Crew.of(1));
    f.twin.apply(1009, x, want.segment());
    assertThat(got.bits()).isEqualTo(want.bits());
  }

  @Property(tries = 100)
  void inPlaceHasTheSameBits(
      @ForAll Function f, @ForAll(supplier = Sizes.Straddling.class) int n, @ForAll long seed) {
    Guarded x = Guarded.of(Data.seeded(seed).edgy(n));
    Guarded want = Guarded.nanFilled(n);
    f.door.apply(n, x.segment(), want.segment(), Crew.of(1));
    f.door.apply(n, x.segment(), x.segment(), Crew.of(1));
    assertThat(x.bits()).isEqualTo(want.bits());
    assertThat(x.guardsIntact()).isTrue();
  }

  @Property(tries = 60)
  void anyNumberOfThreadsHasTheSameBits(
      @ForAll Function f,
      @ForAll @IntRange(min = 2, max = Crew.LARGEST) int threads,
      @ForAll @IntRange(min = 0, max = 70) int more,
      @ForAll long seed) {
    int n = 40_000 + more;
    MemorySegment x = Data.segment(Data.seeded(seed).edgy(n));
    Guarded one = Guarded.nanFilled(n);
    Guarded many = Guarded.nanFilled(n);
    f.door.apply(n, x, one.segment(), Crew.of(1));
    f.door.apply(n, x, many.segment(), Crew.of(threads));
    assertThat(many.bits()).isEqualTo(one.bits());
    assertThat(many.guardsIntact()).isTrue();
  }

  @Property(tries = 200)
  void backwardHasTheBitsOfTheTwinAlsoInPlace(
      @ForAll Backward f, @ForAll(supplier = Sizes.Straddling.class) int n, @ForAll long seed) {
    Guarded y = Guarded.of(Data.seeded(seed).edgy(n));
    Guarded dy = Guarded.of(Data.seeded(~seed).edgy(n));
    Guarded got = Guarded.nanFilled(n);
    Guarded want = Guarded.nanFilled(n);
    f.door.apply(n, y.segment(), dy.segment(), got.segment(), Crew.of(1));
    f.twin.apply(n, y.segment(), dy.segment(), want.segment());
    assertThat(got.bits()).isEqualTo(want.bits());
    assertThat(got.guardsIntact()).isTrue();
    Guarded overY = Guarded.of(y.floats());
    f.door.apply(n, overY.segment(), dy.segment(), overY.segment(), Crew.of(1));
    assertThat(overY.bits()).isEqualTo(want.bits());
    f.door.apply(n, y.segment(), dy.segment(), dy.segment(), Crew.of(1));
    assertThat(dy.bits()).isEqualTo(want.bits());
  }

  @Property(tries = 40)
  void backwardHasTheSameBitsOnAnyNumberOfThreads(
      @ForAll Backward f, @ForAll @IntRange(min = 2, max = Crew.LARGEST) int threads, @ForAll long seed) {
    int n = 33_001;
    MemorySegment y = Data.segment(Data.seeded(seed).edgy(n));
    Guarded one = Guarded.nanFilled(n);
    Guarded many = Guarded.nanFilled(n);
    f.door.apply(n, y, y, one.segment(), Crew.of(1));
    f.door.apply(n, y, y, many.segment(), Crew.of(threads));
    assertThat(many.bits()).isEqualTo(one.bits());
  }

  @Property(tries = 100)
  void sigmoidBackwardLiesWithinGammaThree(@ForAll(supplier = Sizes.Straddling.class) int n, @ForAll long seed) {
    float[] y = Data.seeded(seed).uniform(n, 0f, 1f);
    float[] dy = Data.seeded(~seed).uniform(n, -10f, 10f);
    Guarded dx = Guarded.nanFilled(n);
    Activations.sigmoidBackward(n, Data.segment(y), Data.segment(dy), dx.segment(), Crew.of(1));
    double[] want = new double[n];
    double[] size = new double[n];
    for (int i = 0; i < n; i++) {
      want[i] = dy[i] * (y[i] * (1.0 - y[i]));
      size[i] = Math.abs(want[i]);
    }
    Bounds.gamma(3).times(size).plusUnderflows(2).holds(dx.floats(), want);
  }

  @Property(tries = 100)
  void tanhBackwardLiesWithinGammaTwo(@ForAll(supplier = Sizes.Straddling.class) int n, @ForAll long seed) {
    float[] y = Data.seeded(seed).uniform(n, -1f, 1f);
    float[] dy = Data.seeded(~seed).uniform(n, -10f, 10f);
    Guarded dx = Guarded.nanFilled(n);
    Activations.tanhBackward(n, Data.segment(y), Data.segment(dy), dx.segment(), Crew.of(1));
    double[] want = new double[n];
    double[] size = new double[n];
    for (int i = 0; i < n; i++) {
      want[i] = dy[i] * (1.0 - (double) y[i] * y[i]);
      size[i] = Math.abs(want[i]);
    }
    Bounds.gamma(2).times(size).plusUnderflows(1).holds(dx.floats(), want);
  }

  @Property(tries = 200)
  void tanhIsOddAndSigmoidsOfOppositesAddUpToOne(@ForAll @FloatRange(min = -90f, max = 90f) float x) {
    float[] tanh = map(Function.TANH, x, -x);
    assertThat(tanh[0]).isEqualTo(-tanh[1]);
    float[] sigmoid = map(Function.SIGMOID, x, -x);
    // Each is within 2 ulp, that is 4 units of roundoff.
    Bounds.gamma(5).times(1.0).holds(sigmoid[0] + sigmoid[1], 1.0);
  }

  private static float[] map(Function f, float... x) {
    Guarded y = Guarded.nanFilled(x.length);
    f.door.apply(x.length, Data.segment(x), y.segment(), Crew.of(1));
    return y.floats();
  }
}
