package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.math.ErfPieces;
import dev.lanewise.kernels.math.ExpConstants;
import dev.lanewise.kernels.math.GeluPieces;
import dev.lanewise.kernels.math.LogConstants;
import dev.lanewise.kernels.math.SmoothConstants;
import dev.lanewise.kernels.reference.ActivationsInDouble;
import dev.lanewise.kernels.reference.ActivationsReference;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import dev.lanewise.kernels.testkit.Sizes;
import java.lang.foreign.MemorySegment;
import java.util.function.DoubleUnaryOperator;
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
    LOG(Activations::log, ActivationsReference::log),
    ERF(Activations::erf, ActivationsReference::erf),
    RSQRT(Activations::rsqrt, ActivationsReference::rsqrt),
    GELU(Activations::gelu, ActivationsReference::gelu),
    GELU_TANH(Activations::geluTanh, ActivationsReference::geluTanh),
    SILU(Activations::silu, ActivationsReference::silu),
    SOFTPLUS(Activations::softplus, ActivationsReference::softplus),
    LEAKY_RELU(
        (n, x, y, w) -> Activations.leakyRelu(n, 0.3f, x, y, w),
        (n, x, y) -> ActivationsReference.leakyRelu(n, 0.3f, x, y)),
    ELU(
        (n, x, y, w) -> Activations.elu(n, 1.3f, x, y, w),
        (n, x, y) -> ActivationsReference.elu(n, 1.3f, x, y));

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
    TANH(Activations::tanhBackward, ActivationsReference::tanhBackward),
    GELU(Activations::geluBackward, ActivationsReference::geluBackward),
    GELU_TANH(Activations::geluTanhBackward, ActivationsReference::geluTanhBackward),
    SILU(Activations::siluBackward, ActivationsReference::siluBackward),
    SOFTPLUS(Activations::softplusBackward, ActivationsReference::softplusBackward),
    LEAKY_RELU(
        (n, y, dy, dx, w) -> Activations.leakyReluBackward(n, 0.3f, y, dy, dx, w),
        (n, y, dy, dx) -> ActivationsReference.leakyReluBackward(n, 0.3f, y, dy, dx)),
    ELU(
        (n, y, dy, dx, w) -> Activations.eluBackward(n, 1.3f, y, dy, dx, w),
        (n, y, dy, dx) -> ActivationsReference.eluBackward(n, 1.3f, y, dy, dx));

    final BackwardDoor door;
    final BackwardTwin twin;

    Backward(BackwardDoor door, BackwardTwin twin) {
      this.door = door;
      this.twin = twin;
    }

    /** What the door calls its first operand: the input where the output does not tell the slope. */
    String operand() {
      return this == GELU || this == GELU_TANH || this == SILU ? "x" : "y";
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

  /** Where a formula gives way to another or to a constant, and the floats beside, of either sign: random numbers seldom meet them. */
  private static float[] seams() {
    float[] seams = {
        ErfPieces.FIRST_END, ErfPieces.ONE, SmoothConstants.GELU_SPLIT, GeluPieces.END, SmoothConstants.GELU_TAIL,
        SmoothConstants.GELU_TANH_TAIL,
        SmoothConstants.SILU_TAIL, SmoothConstants.EXPM1_TAIL, ExpConstants.TANH_ONE, ExpConstants.UNDERFLOW, ExpConstants.OVERFLOW,
        ExpConstants.NORMAL,
        Float.intBitsToFloat(LogConstants.SQRT_HALF_BITS), Float.MIN_NORMAL, Float.MAX_VALUE, 0f
    };
    float[] around = new float[6 * seams.length];
    for (int i = 0; i < seams.length; i++) {
      float seam = Math.abs(seams[i]);
      float[] places = {seam, Math.nextUp(seam), Math.nextDown(seam)};
      for (int j = 0; j < 3; j++) {
        around[6 * i + 2 * j] = places[j];
        around[6 * i + 2 * j + 1] = -places[j];
      }
    }
    return around;
  }

  @Property
  void atTheSeamsOfTheFormulasTheBitsAreThoseOfTheTwin(@ForAll Function f) {
    for (float seam : seams()) {
      // 19 equal elements: the vector loop and the rest at every width.
      Guarded x = Guarded.of(Data.filled(19, seam));
      Guarded got = Guarded.nanFilled(19);
      Guarded want = Guarded.nanFilled(19);
      f.door.apply(19, x.segment(), got.segment(), Crew.of(1));
      f.twin.apply(19, x.segment(), want.segment());
      assertThat(got.bits()).as("%s of %s", f, seam).isEqualTo(want.bits());
    }
  }

  @Property
  void atTheSeamsOfTheFormulasTheGradientsBitsAreThoseOfTheTwin(@ForAll Backward f) {
    for (float seam : seams()) {
      Guarded point = Guarded.of(Data.filled(19, seam));
      Guarded dy = Guarded.of(Data.filled(19, 3f));
      Guarded got = Guarded.nanFilled(19);
      Guarded want = Guarded.nanFilled(19);
      f.door.apply(19, point.segment(), dy.segment(), got.segment(), Crew.of(1));
      f.twin.apply(19, point.segment(), dy.segment(), want.segment());
      assertThat(got.bits()).as("slope of %s at %s", f, seam).isEqualTo(want.bits());
    }
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

  /** The most that e^-|z| in the subnormal range, times the slope of the argument z, adds to an error. */
  private static final double TAIL = 0x1p-140 / 0x1p-150;

  private static void slopesLieWithin(
      Backward f, double[] roundings, double[] size, float[] x, float[] dy, DoubleUnaryOperator slope) {
    Guarded dx = Guarded.nanFilled(x.length);
    f.door.apply(x.length, Data.segment(x), Data.segment(dy), dx.segment(), Crew.of(1));
    double[] want = new double[x.length];
    double[] bound = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      want[i] = dy[i] * slope.applyAsDouble(x[i]);
      bound[i] = Math.abs(dy[i]) * size[i] * Bounds.gammaOf(roundings[i]) / Bounds.gammaOf(1);
    }
    Bounds.gamma(1).times(bound).plusUnderflows(10 * TAIL).holds(dx.floats(), want);
  }

  @Property(tries = 100)
  void slopesOfGatedUnitsLieWithinTheirBounds(
      @ForAll @FloatRange(min = 0.01f, max = 30f) float range, @ForAll long seed) {
    int n = 200;
    float[] x = Data.seeded(seed).uniform(n, -range, range);
    float[] dy = Data.seeded(~seed).uniform(n, -10f, 10f);
    double linear = 2 * Math.sqrt(2 / Math.PI);
    double[] eight = new double[n];
    double[] ten = new double[n];
    double[] ofTanh = new double[n];
    double[] gelu = new double[n];
    double[] silu = new double[n];
    double[] geluTanh = new double[n];
    for (int i = 0; i < n; i++) {
      double t = Math.abs(x[i]);
      eight[i] = 8;
      ten[i] = 10;
      gelu[i] =
          ActivationsInDouble.erfc(-x[i] / Math.sqrt(2)) / 2 + t * Math.exp(-t * t / 2) / Math.sqrt(2 * Math.PI);
      silu[i] = ActivationsInDouble.sigmoid(x[i]) * (1 + t * ActivationsInDouble.sigmoid(-x[i]));
      double z = x[i] * linear * (1 + 0.044715 * t * t);
      double s = ActivationsInDouble.sigmoid(z);
      ofTanh[i] = 8 + 8 * Math.abs(z);
      geluTanh[i] = s + t * linear * (1 + 3 * 0.044715 * t * t) * s * ActivationsInDouble.sigmoid(-z);
    }
    slopesLieWithin(Backward.GELU, eight, gelu, x, dy, ActivationsInDouble::geluSlope);
    slopesLieWithin(Backward.SILU, ten, silu, x, dy, ActivationsInDouble::siluSlope);
    slopesLieWithin(Backward.GELU_TANH, ofTanh, geluTanh, x, dy, ActivationsInDouble::geluTanhSlope);
  }

  @Property(tries = 100)
  void slopesFromTheOutputLieWithinTheirBounds(@ForAll long seed) {
    int n = 200;
    float[] y = Data.seeded(seed).uniform(n, 0f, 20f);
    float[] dy = Data.seeded(~seed).uniform(n, -10f, 10f);
    double[] three = new double[n];
    double[] two = new double[n];
    double[] size = new double[n];
    double[] one = new double[n];
    float[] below = new float[n];
    for (int i = 0; i < n; i++) {
      three[i] = 3;
      two[i] = 2;
      one[i] = 1;
      size[i] = -Math.expm1(-y[i]);
      below[i] = y[i] / 20f - 1.3f;
    }
    slopesLieWithin(Backward.SOFTPLUS, three, size, y, dy, at -> -Math.expm1(-at));
    slopesLieWithin(Backward.LEAKY_RELU, one, one, below, dy, at -> at > 0 ? 1 : 0.3f);
    slopesLieWithin(Backward.ELU, two, one, below, dy, at -> at + 1.3f);
  }

  @Property(tries = 200)
  void leakyReluIsOneRounding(@ForAll(supplier = Sizes.Straddling.class) int n, @ForAll long seed) {
    float[] x = Data.seeded(seed).uniform(n, -9f, 9f);
    Guarded y = Guarded.nanFilled(n);
    Activations.leakyRelu(n, 0.3f, Data.segment(x), y.segment(), Crew.of(1));
    for (int i = 0; i < n; i++) {
      assertThat(y.floats()[i]).isEqualTo((float) ActivationsInDouble.leakyRelu(x[i], 0.3f));
    }
  }

  @Property(tries = 200)
  void erfIsOddAndUnitsDifferByTheirArgument(@ForAll @FloatRange(min = 0f, max = 20f) float x) {
    float[] erf = map(Function.ERF, x, -x);
    assertThat(erf[0]).isEqualTo(-erf[1]);
    for (Function f : new Function[] {Function.GELU, Function.GELU_TANH, Function.SILU, Function.SOFTPLUS}) {
      // f(x) - f(-x) = x: each value is within 3 ulp, that is 6 units of roundoff.
      float[] y = map(f, x, -x);
      double difference = (double) y[0] - y[1];
      assertThat(Math.abs(difference - x))
          .as("%s of %s", f, x)
          .isLessThanOrEqualTo(Bounds.gammaOf(6) * (Math.abs(y[0]) + Math.abs(y[1])) + 4 * Float.MIN_VALUE);
    }
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
