package dev.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.reference.Conv2dInDouble;
import dev.lanewise.kernels.reference.Conv2dReference;
import dev.lanewise.kernels.reference.GemmReference;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class Conv2dProperties {
  @Property(tries = 250)
  void theForwardPassHasTheBitsOfItsDefinition(
      @ForAll("convolutions") Conv2d conv, @ForAll @IntRange(min = 1, max = 3) int n, @ForAll int seed,
      @ForAll @IntRange(min = 1, max = Crew.LARGEST) int threads) {
    MemorySegment x = numbers(conv.inputSize(n), seed);
    MemorySegment w = numbers(conv.weightSize(), seed + 1);
    Epilogue epilogue = Epilogue.bias(numbers(conv.geometry().filters(), seed + 2));
    epilogue = (seed & 1) == 0 ? epilogue : epilogue.withRelu();
    Guarded y = Guarded.nanFilled((int) conv.outputSize(n));
    Guarded want = Guarded.nanFilled((int) conv.outputSize(n));
    conv.forward(n, x, w, y.segment(), epilogue, Crew.of(threads));
    Conv2dReference.forward(conv.geometry(), n, x, w, want.segment(), epilogue);
    assertThat(y.bits()).isEqualTo(want.bits());
    assertThat(y.guardsIntact()).isTrue();
  }

  @Property(tries = 250)
  void theInputsGradientHasTheBitsOfItsDefinition(
      @ForAll("convolutions") Conv2d conv, @ForAll @IntRange(min = 1, max = 3) int n, @ForAll int seed,
      @ForAll @IntRange(min = 1, max = Crew.LARGEST) int threads) {
    MemorySegment dy = numbers(conv.outputSize(n), seed);
    MemorySegment w = numbers(conv.weightSize(), seed + 1);
    Epilogue bias = Epilogue.bias(numbers(conv.geometry().channels(), seed + 2));
    Epilogue epilogue = switch (seed & 3) {
      case 0 -> bias;
      case 1 -> bias.withRelu();
      default -> Epilogue.NONE;
    };
    Guarded dx = Guarded.nanFilled((int) conv.inputSize(n));
    Guarded want = Guarded.nanFilled((int) conv.inputSize(n));
    conv.backwardInput(n, dy, w, dx.segment(), epilogue, Crew.of(threads));
    Conv2dReference.backwardInput(conv.geometry(), n, dy, w, want.segment(), epilogue);
    assertThat(dx.bits()).isEqualTo(want.bits());
    assertThat(dx.guardsIntact()).isTrue();
  }

  @Property(tries = 250)
  void theWeightsGradientHasTheBitsOfItsDefinition(
      @ForAll("convolutions") Conv2d conv, @ForAll @IntRange(min = 1, max = 3) int n, @ForAll int seed,
      @ForAll boolean accumulate, @ForAll @IntRange(min = 1, max = Crew.LARGEST) int threads) {
    MemorySegment x = numbers(conv.inputSize(n), seed);
    MemorySegment dy = numbers(conv.outputSize(n), seed + 1);
    int size = (int) conv.weightSize();
    float[] start = Data.seeded(seed + 2).uniform(size, -1, 1);
    Guarded dw = accumulate ? Guarded.of(start) : Guarded.nanFilled(size);
    Guarded want = accumulate ? Guarded.of(start) : Guarded.nanFilled(size);
    conv.backwardWeights(n, x, dy, dw.segment(), accumulate, Crew.of(threads));
    Conv2dReference.backwardWeights(conv.geometry(), n, x, dy, want.segment(), accumulate);
    assertThat(dw.bits()).isEqualTo(want.bits());
    assertThat(dw.guardsIntact()).isTrue();
  }

  @Property(tries = 100)
  void aConvolutionIsTheProductOfItsPatchesAndWeights(@ForAll("convolutions") Conv2d grouped, @ForAll int seed) {
    Conv2d conv = grouped.withGroups(1);
    Conv2dGeometry g = conv.geometry();
    int pixels = g.outHeight() * g.outWidth();
    MemorySegment x = numbers(conv.inputSize(1), seed);
    MemorySegment w = numbers(conv.weightSize(), seed + 1);
    Guarded patches = Guarded.nanFilled(pixels * g.patch());
    Im2col.run(g, 1, x, patches.segment());
    Guarded y = Guarded.nanFilled((int) conv.outputSize(1));
    Guarded product = Guarded.nanFilled((int) conv.outputSize(1));
    conv.forward(1, x, w, y.segment(), Epilogue.NONE, Crew.of(1));
    Gemm.multiply(
        false, false, pixels, g.filters(), g.patch(), patches.segment(), g.patch(), w, g.filters(),
        product.segment(), g.filters(), false, Epilogue.NONE, Crew.of(1));
    assertThat(y.bits()).isEqualTo(product.bits());
    Bounds.gamma(g.patch())
        .times(GemmReference.sumOfAbsoluteProducts(
            false, false, pixels, g.filters(), g.patch(), patches.segment(), g.patch(), w, g.filters()))
        .holds(y.floats(), GemmReference.inDouble(
            false, false, pixels, g.filters(), g.patch(), patches.segment(), g.patch(), w, g.filters()));
  }

  @Property(tries = 100)
  void im2colCopiesWhatTheDefinitionNames(
      @ForAll("convolutions") Conv2d conv, @ForAll @IntRange(min = 0, max = 3) int n, @ForAll int seed) {
    Conv2dGeometry g = conv.geometry();
    MemorySegment x = Guarded.ofInts(Data.seeded(seed).patterns(Math.toIntExact(conv.inputSize(n)))).segment();
    int size = n * g.outHeight() * g.outWidth() * g.patch();
    Guarded got = Guarded.nanFilled(size);
    Guarded want = Guarded.nanFilled(size);
    Im2col.run(g, n, x, got.segment());
    Conv2dReference.im2col(g, n, x, want.segment());
    assertThat(got.ints()).isEqualTo(want.ints());
    assertThat(got.guardsIntact()).isTrue();
  }

  /** Cut apart by hand, channel by channel and filter by filter: the groups know nothing of each other. */
  @Property(tries = 100)
  void aConvolutionInGroupsIsOneConvolutionForEach(
      @ForAll("convolutions") Conv2d conv, @ForAll @IntRange(min = 1, max = 2) int n, @ForAll int seed) {
    Conv2dGeometry g = conv.geometry();
    Conv2d one = Conv2d.of(
        g.height(), g.width(), g.groupChannels(), g.kernelHeight(), g.kernelWidth(), g.groupFilters(), g.strideH(), g.strideW(), g.padTop(),
        g.padBottom(), g.padLeft(), g.padRight(), g.dilationH(), g.dilationW());
    float[] x = Data.seeded(seed).uniform((int) conv.inputSize(n), -1, 1);
    float[] w = Data.seeded(seed + 1).uniform((int) conv.weightSize(), -1, 1);
    float[] dy = Data.seeded(seed + 2).uniform((int) conv.outputSize(n), -1, 1);
    Guarded y = Guarded.nanFilled(dy.length);
    Guarded dx = Guarded.nanFilled(x.length);
    Guarded dw = Guarded.nanFilled(w.length);
    conv.forward(n, Data.segment(x), Data.segment(w), y.segment(), Epilogue.NONE, Crew.of(2));
    conv.backwardInput(n, Data.segment(dy), Data.segment(w), dx.segment(), Crew.of(2));
    conv.backwardWeights(n, Data.segment(x), Data.segment(dy), dw.segment(), false, Crew.of(2));
    for (int group = 0; group < g.groups(); group++) {
      MemorySegment groupX = Data.segment(columns(x, g.channels(), group, g.groupChannels()));
      MemorySegment groupW = Data.segment(columns(w, g.filters(), group, g.groupFilters()));
      MemorySegment groupDy = Data.segment(columns(dy, g.filters(), group, g.groupFilters()));
      Guarded groupY = Guarded.nanFilled((int) one.outputSize(n));
      Guarded groupDx = Guarded.nanFilled((int) one.inputSize(n));
      Guarded groupDw = Guarded.nanFilled((int) one.weightSize());
      one.forward(n, groupX, groupW, groupY.segment(), Epilogue.NONE, Crew.of(1));
      one.backwardInput(n, groupDy, groupW, groupDx.segment(), Crew.of(1));
      one.backwardWeights(n, groupX, groupDy, groupDw.segment(), false, Crew.of(1));
      assertThat(columns(y.floats(), g.filters(), group, g.groupFilters())).isEqualTo(groupY.floats());
      assertThat(columns(dx.floats(), g.channels(), group, g.groupChannels())).isEqualTo(groupDx.floats());
      assertThat(columns(dw.floats(), g.filters(), group, g.groupFilters())).isEqualTo(groupDw.floats());
    }
  }

  /** The columns of a group out of rows of all columns. */
  private static float[] columns(float[] all, int width, int group, int n) {
    float[] columns = new float[all.length / width * n];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = all[i / n * width + group * n + i % n];
    }
    return columns;
  }

  /** NaN, infinities and zeros of either sign, in padding and out of it. */
  @Property(tries = 100)
  void edgesTravelAsInTheDefinition(@ForAll("convolutions") Conv2d conv, @ForAll int seed) {
    MemorySegment x = Data.segment(Data.seeded(seed).edgy((int) conv.inputSize(1)));
    MemorySegment w = Data.segment(Data.seeded(seed + 1).edgy((int) conv.weightSize()));
    MemorySegment dy = Data.segment(Data.seeded(seed + 2).edgy((int) conv.outputSize(1)));
    Guarded got = Guarded.nanFilled((int) conv.outputSize(1));
    Guarded want = Guarded.nanFilled((int) conv.outputSize(1));
    conv.forward(1, x, w, got.segment(), Epilogue.NONE, Crew.of(1));
    Conv2dReference.forward(conv.geometry(), 1, x, w, want.segment(), Epilogue.NONE);
    assertThat(got.bits()).isEqualTo(want.bits());
    got = Guarded.nanFilled((int) conv.inputSize(1));
    want = Guarded.nanFilled((int) conv.inputSize(1));
    conv.backwardInput(1, dy, w, got.segment(), Crew.of(1));
    Conv2dReference.backwardInput(conv.geometry(), 1, dy, w, want.segment(), Epilogue.NONE);
    assertThat(got.bits()).isEqualTo(want.bits());
    got = Guarded.nanFilled((int) conv.weightSize());
    want = Guarded.nanFilled((int) conv.weightSize());
    conv.backwardWeights(1, x, dy, got.segment(), false, Crew.of(1));
    Conv2dReference.backwardWeights(conv.geometry(), 1, x, dy, want.segment(), false);
    assertThat(got.bits()).isEqualTo(want.bits());
  }

  /** With small whole numbers every sum is exact, so the three inner products must be equal, not near. */
  @Property(tries = 200)
  void bothGradientsAreAdjointToTheForwardPass(
      @ForAll("convolutions") Conv2d conv, @ForAll @IntRange(min = 1, max = 2) int n, @ForAll int seed) {
    float[] x = Data.seeded(seed).integers((int) conv.inputSize(n), 3);
    float[] w = Data.seeded(seed + 1).integers((int) conv.weightSize(), 3);
    float[] dy = Data.seeded(seed + 2).integers((int) conv.outputSize(n), 3);
    Guarded y = Guarded.nanFilled(dy.length);
    Guarded dx = Guarded.nanFilled(x.length);
    Guarded dw = Guarded.nanFilled(w.length);
    conv.forward(n, Data.segment(x), Data.segment(w), y.segment(), Epilogue.NONE, Crew.of(1));
    conv.backwardInput(n, Data.segment(dy), Data.segment(w), dx.segment(), Crew.of(1));
    conv.backwardWeights(n, Data.segment(x), Data.segment(dy), dw.segment(), false, Crew.of(1));
    double inner = inner(y.floats(), dy);
    assertThat(inner(dx.floats(), x)).isEqualTo(inner);
    assertThat(inner(dw.floats(), w)).isEqualTo(inner);
  }

  /** Of each of the three passes, whatever its groups: an element is one chain over its terms, those of the padding exact. */
  @Property(tries = 150)
  void allThreePassesLieWithinGammaOfTheirTerms(
      @ForAll("convolutions") Conv2d conv, @ForAll @IntRange(min = 1, max = 2) int n, @ForAll int seed) {
    Conv2dGeometry g = conv.geometry();
    MemorySegment x = numbers(conv.inputSize(n), seed);
    MemorySegment w = numbers(conv.weightSize(), seed + 1);
    MemorySegment dy = numbers(conv.outputSize(n), seed + 2);
    double[] wideX = wide(x);
    double[] wideW = wide(w);
    double[] wideDy = wide(dy);
    double[] sizeX = absolute(wideX);
    double[] sizeW = absolute(wideW);
    double[] sizeDy = absolute(wideDy);
    Guarded y = Guarded.nanFilled((int) conv.outputSize(n));
    conv.forward(n, x, w, y.segment(), Epilogue.NONE, Crew.of(1));
    Bounds.gamma(g.groupPatch()).times(Conv2dInDouble.forward(g, n, sizeX, sizeW)).holds(y.floats(),
        Conv2dInDouble.forward(g, n, wideX, wideW));
    Guarded dx = Guarded.nanFilled((int) conv.inputSize(n));
    conv.backwardInput(n, dy, w, dx.segment(), Crew.of(1));
    Bounds.gamma(g.kernelHeight() * g.kernelWidth() * g.groupFilters()).times(Conv2dInDouble.backwardInput(g, n, sizeDy, sizeW))
        .holds(dx.floats(), Conv2dInDouble.backwardInput(g, n, wideDy, wideW));
    Guarded dw = Guarded.nanFilled((int) conv.weightSize());
    conv.backwardWeights(n, x, dy, dw.segment(), false, Crew.of(1));
    Bounds.gamma(n * g.outHeight() * g.outWidth()).times(Conv2dInDouble.backwardWeights(g, n, sizeX, sizeDy))
        .holds(dw.floats(), Conv2dInDouble.backwardWeights(g, n, wideX, wideDy));
  }

  private static double[] wide(MemorySegment x) {
    return Data.widened(x.toArray(JAVA_FLOAT));
  }

  private static double[] absolute(double[] x) {
    return Arrays.stream(x).map(Math::abs).toArray();
  }

  private static double inner(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static MemorySegment numbers(long n, int seed) {
    return Data.segment(Data.seeded(seed).uniform((int) n, -1, 1));
  }

  /**
   * Any mixture of sizes, strides, paddings, dilations and groups whose kernel fits; in one of six each channel is a group, in another there are few
   * channels and whole vectors of filters, in a third whole vectors of channels.
   */
  @Provide
  Arbitrary<Conv2d> convolutions() {
    return Arbitraries.randomValue(random -> {
      while (true) {
        int kernelHeight = 1 + random.nextInt(4);
        int kernelWidth = 1 + random.nextInt(4);
        int dilationH = 1 + random.nextInt(2);
        int dilationW = 1 + random.nextInt(2);
        int height = 1 + random.nextInt(12);
        int width = 1 + random.nextInt(12);
        int[] pad = random.ints(4, 0, 3).toArray();
        if ((kernelHeight - 1) * dilationH < height + pad[0] + pad[1]
            && (kernelWidth - 1) * dilationW < width + pad[2] + pad[3]) {
          int kind = random.nextInt(6);
          int wide = Kernels.vectorBits() / 16 * (1 + random.nextInt(2));
          int groups = kind == 0 ? 1 + random.nextInt(37) : kind == 1 ? 1 + random.nextInt(6) : 1;
          int channels = kind == 0 ? groups : kind == 3 ? wide : groups * (1 + random.nextInt(kind == 1 ? 6 : kind == 2 ? 9 : 18));
          int filters = kind == 2 ? wide : groups * (1 + random.nextInt(kind == 0 ? 3 : kind == 1 || kind == 3 ? 8 : 36));
          return Conv2d
              .of(
                  height, width, channels, kernelHeight, kernelWidth, filters, 1 + random.nextInt(3), 1 + random.nextInt(3), pad[0], pad[1],
                  pad[2], pad[3], dilationH, dilationW)
              .withGroups(groups);
        }
      }
    });
  }
}
