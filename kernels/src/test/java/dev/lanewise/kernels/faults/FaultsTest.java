package dev.lanewise.kernels.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Gemm;
import dev.lanewise.kernels.Reductions;
import dev.lanewise.kernels.Softmax;
import dev.lanewise.kernels.reference.GemmReference;
import dev.lanewise.kernels.reference.ReductionsReference;
import dev.lanewise.kernels.reference.SoftmaxInDouble;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every fault is caught by some law, and the laws find nothing in the real kernels, run through the same functions. */
class FaultsTest {
  private static final Trial<Multiplies> PRODUCTS = new Trial<Multiplies>()
      .law("bits of the fma-order twin", (kernel, seed) -> product(kernel, seed, false))
      .law("the same when accumulating", (kernel, seed) -> product(kernel, seed, true))
      .law("gamma k of the double twin", FaultsTest::productBound)
      .law("a split of k", FaultsTest::splitOfK);

  private static final Trial<MapsRows> SOFTMAXES = new Trial<MapsRows>()
      .law("bound of the double twin", FaultsTest::softmaxBound)
      .law("rows add up to one", FaultsTest::addsUpToOne)
      .law("a shift changes no bit", FaultsTest::shift)
      .law("large logits", FaultsTest::largeLogits);

  private static final Trial<Sums> SUMS = new Trial<Sums>()
      .law("bits of the twin", FaultsTest::sumBits)
      .law("gamma of the double twin", FaultsTest::sumBound)
      .law("whole numbers are exact", FaultsTest::wholeSum);

  @Test
  void theLawsFindNothingInTheRealKernels() {
    assertThat(PRODUCTS.broken((m, n, k, a, lda, b, ldb, c, ldc, accumulate) -> Gemm.multiply(false, false, m, n, k, a, lda, b, ldb, c, ldc,
        accumulate, Epilogue.NONE, Crew.of(1)))).isEmpty();
    assertThat(SOFTMAXES.broken((rows, cols, x, y) -> Softmax.forward(rows, cols, x, y, Crew.of(1)))).isEmpty();
    assertThat(SUMS.broken(Reductions::sum)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void everyFaultOfAProductIsCaught(FaultyProduct kernel) {
    caught("product", kernel, kernel == FaultyProduct.NONE, PRODUCTS.broken(kernel));
  }

  @ParameterizedTest
  @EnumSource
  void everyFaultOfASoftmaxIsCaught(FaultySoftmax kernel) {
    caught("softmax", kernel, kernel == FaultySoftmax.NONE, SOFTMAXES.broken(kernel));
  }

  @ParameterizedTest
  @EnumSource
  void everyFaultOfASumIsCaught(FaultySum kernel) {
    caught("sum", kernel, kernel == FaultySum.NONE, SUMS.broken(kernel));
  }

  private static void caught(String kind, Enum<?> fault, boolean sound, Iterable<String> broken) {
    System.out.println("fault in a " + kind + ", " + fault.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": caught by " + broken);
    if (sound) {
      assertThat(broken).as("laws that a copy without fault breaks").isEmpty();
    } else {
      assertThat(broken).as("laws that catch " + fault).isNotEmpty();
    }
  }

  /** Sizes that straddle blocks of 8 and the real kernel's tile. */
  private static int[] shape(long seed) {
    int[] picked = Data.seeded(seed).below(3, 40);
    return new int[] {1 + picked[0], 1 + picked[1], 1 + picked[2]};
  }

  /** Longer than any of the shapes needs, so that wrong strides read wrong numbers and not beyond the end. */
  private static final int OPERAND = 4096;

  private static void product(Multiplies kernel, long seed, boolean accumulate) {
    int[] s = shape(seed);
    int lda = s[2] + 3;
    int ldb = s[1] + 1;
    int ldc = s[1] + 9;
    Data data = Data.seeded(seed);
    MemorySegment a = Data.segment(data.uniform(OPERAND, -1, 1));
    MemorySegment b = Data.segment(data.uniform(OPERAND, -1, 1));
    float[] start = data.uniform(s[0] * ldc, -1, 1);
    if (!accumulate) {
      Arrays.fill(start, Float.NaN);
    }
    Guarded got = Guarded.of(start);
    Guarded want = Guarded.of(start);
    kernel.run(s[0], s[1], s[2], a, lda, b, ldb, got.segment(), ldc, accumulate);
    GemmReference.fmaOrder(
        false, false, s[0], s[1], s[2], a, lda, b, ldb, want.segment(), ldc, accumulate, Epilogue.NONE);
    assertThat(got.bits()).isEqualTo(want.bits());
    assertThat(got.guardsIntact()).isTrue();
  }

  private static void productBound(Multiplies kernel, long seed) {
    int[] s = shape(seed);
    Data data = Data.seeded(~seed);
    MemorySegment a = Data.segment(data.uniform(s[0] * s[2], -1, 1));
    MemorySegment b = Data.segment(data.uniform(s[2] * s[1], -1, 1));
    Guarded c = Guarded.nanFilled(s[0] * s[1]);
    kernel.run(s[0], s[1], s[2], a, s[2], b, s[1], c.segment(), s[1], false);
    Bounds.gamma(s[2])
        .times(GemmReference.sumOfAbsoluteProducts(false, false, s[0], s[1], s[2], a, s[2], b, s[1]))
        .holds(c.floats(), GemmReference.inDouble(false, false, s[0], s[1], s[2], a, s[2], b, s[1]));
  }

  private static void splitOfK(Multiplies kernel, long seed) {
    int[] s = shape(seed);
    Data data = Data.seeded(seed + 99);
    MemorySegment a = Data.segment(data.uniform(s[0] * s[2], -1, 1));
    MemorySegment b = Data.segment(data.uniform(s[2] * s[1], -1, 1));
    Guarded whole = Guarded.nanFilled(s[0] * s[1]);
    Guarded parts = Guarded.nanFilled(s[0] * s[1]);
    int cut = s[2] / 2;
    kernel.run(s[0], s[1], s[2], a, s[2], b, s[1], whole.segment(), s[1], false);
    kernel.run(s[0], s[1], cut, a, s[2], b, s[1], parts.segment(), s[1], false);
    kernel.run(
        s[0], s[1], s[2] - cut, a.asSlice(4L * cut), s[2], b.asSlice(4L * cut * s[1]), s[1], parts.segment(), s[1], true);
    assertThat(parts.bits()).isEqualTo(whole.bits());
  }

  private static Guarded softmax(MapsRows kernel, int rows, int cols, float[] x) {
    Guarded y = Guarded.nanFilled(rows * cols);
    kernel.run(rows, cols, Data.segment(x), y.segment());
    assertThat(y.guardsIntact()).isTrue();
    return y;
  }

  private static void softmaxBound(MapsRows kernel, long seed) {
    int[] s = shape(seed);
    float[] x = Data.seeded(seed).uniform(s[0] * s[1], -10, 10);
    double[] want = SoftmaxInDouble.forward(s[0], s[1], Data.widened(x));
    Bounds.gamma(s[1] + 2 * 20 + 10).times(want).holds(softmax(kernel, s[0], s[1], x).floats(), want);
  }

  private static void addsUpToOne(MapsRows kernel, long seed) {
    int[] s = shape(seed);
    float[] y = softmax(kernel, s[0], s[1], Data.seeded(seed).uniform(s[0] * s[1], -10, 10)).floats();
    for (int i = 0; i < s[0]; i++) {
      double sum = 0;
      for (int j = 0; j < s[1]; j++) {
        sum += y[i * s[1] + j];
      }
      Bounds.gamma(s[1] + 2 * 20 + 10).times(1.0).holds(new float[] {(float) sum}, new double[] {1});
    }
  }

  private static void shift(MapsRows kernel, long seed) {
    int[] s = shape(seed);
    float[] x = Data.seeded(seed).integers(s[0] * s[1], 20);
    float[] shifted = x.clone();
    for (int i = 0; i < shifted.length; i++) {
      shifted[i] += 64;
    }
    assertThat(softmax(kernel, s[0], s[1], shifted).bits()).isEqualTo(softmax(kernel, s[0], s[1], x).bits());
  }

  private static void largeLogits(MapsRows kernel, long seed) {
    for (float y : softmax(kernel, 2, 5, Data.seeded(seed).uniform(10, 900, 1000)).floats()) {
      assertThat(y).isFinite();
    }
  }

  private static void sumBits(Sums kernel, long seed) {
    float[] x = Data.seeded(seed).uniform(shape(seed)[0] * 3, -1, 1);
    assertThat(kernel.run(x.length, Data.segment(x))).isEqualTo(ReductionsReference.sum(x.length, Data.segment(x)));
  }

  private static void sumBound(Sums kernel, long seed) {
    float[] x = Data.seeded(seed).uniform(shape(seed)[0] * 3, -1, 1);
    double size = 0;
    for (float each : x) {
      size += Math.abs(each);
    }
    Bounds.gamma(x.length / 16 + 4 + x.length % 16).times(size)
        .holds(kernel.run(x.length, Data.segment(x)), ReductionsReference.sumInDouble(x.length, Data.segment(x)));
  }

  private static void wholeSum(Sums kernel, long seed) {
    float[] x = Data.seeded(seed).integers(shape(seed)[0] * 3, 1000);
    assertThat((double) kernel.run(x.length, Data.segment(x))).isEqualTo(ReductionsReference.sumInDouble(x.length, Data.segment(x)));
  }
}
