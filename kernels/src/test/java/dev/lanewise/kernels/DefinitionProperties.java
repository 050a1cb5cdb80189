package dev.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Kernels against their definitions, written out here in double or by search, without the twins' help. */
class DefinitionProperties {
  @Property(tries = 60)
  void aConvolutionLiesWithinGammaOfItsDirectSumInDouble(
      @ForAll @IntRange(min = 3, max = 9) int height, @ForAll @IntRange(min = 3, max = 9) int width,
      @ForAll @IntRange(min = 1, max = 5) int channels, @ForAll @IntRange(min = 1, max = 19) int filters,
      @ForAll @IntRange(min = 1, max = 3) int kernel, @ForAll @IntRange(min = 1, max = 2) int stride,
      @ForAll @IntRange(max = 2) int pad, @ForAll long seed) {
    Conv2d conv = Conv2d.of(
        height, width, channels, kernel, kernel, filters, stride, stride, pad, pad, pad, pad, 1, 1);
    Data data = Data.seeded(seed);
    float[] x = data.uniform((int) conv.inputSize(1), -1, 1);
    float[] w = data.uniform((int) conv.weightSize(), -1, 1);
    Guarded y = Guarded.nanFilled((int) conv.outputSize(1));
    conv.forward(1, Data.segment(x), Data.segment(w), y.segment(), Epilogue.NONE, Crew.of(1));
    double[] want = new double[(int) conv.outputSize(1)];
    double[] size = new double[want.length];
    for (int at = 0; at < want.length; at++) {
      int f = at % filters;
      int ow = at / filters % conv.outWidth();
      int oh = at / filters / conv.outWidth();
      for (int tap = 0; tap < kernel * kernel; tap++) {
        int ih = oh * stride - pad + tap / kernel;
        int iw = ow * stride - pad + tap % kernel;
        for (int c = 0; c < channels && ih >= 0 && ih < height && iw >= 0 && iw < width; c++) {
          double term = (double) x[(ih * width + iw) * channels + c] * w[(tap * channels + c) * filters + f];
          want[at] += term;
          size[at] += Math.abs(term);
        }
      }
    }
    Bounds.gamma(kernel * kernel * channels).times(size).holds(y.floats(), want);
  }

  @Property(tries = 100)
  void aMaximumIsTheElementAtItsTapAndNoneOfItsWindowExceedsIt(
      @ForAll @IntRange(min = 2, max = 9) int height, @ForAll @IntRange(min = 2, max = 9) int width,
      @ForAll @IntRange(min = 1, max = 20) int channels, @ForAll @IntRange(min = 1, max = 3) int stride, @ForAll long seed) {
    Pool2d pool = Pool2d.of(height, width, channels, 2, 2, stride, stride);
    float[] x = Data.seeded(seed).uniform(height * width * channels, -1, 1);
    int outputs = pool.outHeight() * pool.outWidth() * channels;
    Guarded y = Guarded.nanFilled(outputs);
    Guarded taps = Guarded.nanFilled(outputs);
    pool.maxForward(1, Data.segment(x), y.segment(), taps.segment(), Crew.of(1));
    for (int at = 0; at < outputs; at++) {
      int oh = at / channels / pool.outWidth();
      int ow = at / channels % pool.outWidth();
      int tap = taps.ints()[at];
      assertThat(tap).isBetween(0, 3);
      for (int other = 0; other < 4; other++) {
        float element = x[((oh * stride + other / 2) * width + ow * stride + other % 2) * channels + at % channels];
        assertThat(element).isLessThanOrEqualTo(y.floats()[at]);
        if (other == tap) {
          assertThat(element).isEqualTo(y.floats()[at]);
        }
      }
    }
  }

  /** The sum of columns is the adjoint of adding a row to each row: exact on whole numbers. */
  @Property(tries = 100)
  void columnSumsAreTheAdjointOfAddingARow(
      @ForAll @IntRange(min = 1, max = 20) int rows, @ForAll @IntRange(min = 1, max = 70) int cols, @ForAll long seed) {
    Data data = Data.seeded(seed);
    float[] dy = data.integers(rows * cols, 20);
    float[] row = data.integers(cols, 20);
    Guarded sums = Guarded.nanFilled(cols);
    Guarded added = Guarded.nanFilled(rows * cols);
    Reductions.columnSums(rows, cols, Data.segment(dy), sums.segment(), false, Crew.of(1));
    MemorySegment zeros = Data.segment(new float[rows * cols]);
    Elementwise.addRow(rows, cols, zeros, Data.segment(row), added.segment());
    assertThat(inner(sums.floats(), row)).isEqualTo(inner(dy, added.floats()));
  }

  @Property(tries = 100)
  void sumsAndProductsOfVectorsFollowTheirAlgebraOnWholeNumbers(@ForAll @IntRange(max = 200) int n, @ForAll long seed) {
    Data data = Data.seeded(seed);
    MemorySegment x = Data.segment(data.integers(n, 30));
    MemorySegment y = Data.segment(data.integers(n, 30));
    MemorySegment z = Data.segment(new float[n]);
    Elementwise.add(n, x, y, z);
    assertThat(Reductions.sum(n, z)).isEqualTo(Reductions.sum(n, x) + Reductions.sum(n, y));
    assertThat(Reductions.dot(n, x, y)).isEqualTo(Reductions.dot(n, y, x));
    Elementwise.multiply(n, x, y, z);
    assertThat(Reductions.sum(n, z)).isEqualTo(Reductions.dot(n, x, y));
    Elementwise.subtract(n, x, y, z);
    assertThat(Reductions.sumOfSquares(n, z))
        .isEqualTo(Reductions.sumOfSquares(n, x) - 2 * Reductions.dot(n, x, y) + Reductions.sumOfSquares(n, y));
    Elementwise.scale(n, -3, x, z);
    Elementwise.axpy(n, 3, x, z);
    for (float each : z.toArray(JAVA_FLOAT)) {
      assertThat(each).isZero();
    }
  }

  private static double inner(float[] x, float[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += (double) x[i] * y[i];
    }
    return sum;
  }
}
