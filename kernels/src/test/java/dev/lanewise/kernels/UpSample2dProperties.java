package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.reference.UpSample2dReference;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import dev.lanewise.kernels.testkit.Sizes;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class UpSample2dProperties {
  @Property(tries = 250)
  void bothPassesHaveTheBitsOfTheirDefinitions(
      @ForAll @IntRange(min = 1, max = 5) int height, @ForAll @IntRange(min = 1, max = 5) int width,
      @ForAll(supplier = Sizes.NonZero.class) int channels, @ForAll @IntRange(min = 1, max = 3) int down,
      @ForAll @IntRange(min = 1, max = 3) int across, @ForAll @IntRange(min = 0, max = 3) int n, @ForAll long seed,
      @ForAll @IntRange(min = 1, max = Crew.LARGEST) int threads) {
    UpSample2d up = new UpSample2d(height, width, channels, down, across);
    int inputs = n * height * width * channels;
    int outputs = n * up.outHeight() * up.outWidth() * channels;
    Guarded x = Guarded.ofInts(Data.seeded(seed).patterns(inputs));
    Guarded y = Guarded.nanFilled(outputs);
    Guarded wantY = Guarded.nanFilled(outputs);
    up.forward(n, x.segment(), y.segment(), Crew.of(threads));
    UpSample2dReference.forward(up, n, x.segment(), wantY.segment());
    assertThat(y.ints()).isEqualTo(wantY.ints());
    assertThat(y.guardsIntact()).isTrue();
    Guarded dy = Guarded.of(Data.seeded(~seed).edgy(outputs));
    Guarded dx = Guarded.nanFilled(inputs);
    Guarded wantDx = Guarded.nanFilled(inputs);
    up.backward(n, dy.segment(), dx.segment(), Crew.of(threads));
    UpSample2dReference.backward(up, n, dy.segment(), wantDx.segment());
    assertThat(dx.bits()).isEqualTo(wantDx.bits());
    assertThat(dx.guardsIntact()).isTrue();
  }

  /** With small whole numbers every sum is exact, so both inner products must be equal. */
  @Property(tries = 100)
  void backwardIsTheAdjointOfForward(
      @ForAll @IntRange(min = 1, max = 5) int size, @ForAll(supplier = Sizes.NonZero.class) int channels,
      @ForAll @IntRange(min = 1, max = 4) int factor, @ForAll long seed) {
    UpSample2d up = new UpSample2d(size, size + 1, channels, factor, factor);
    float[] x = Data.seeded(seed).integers(size * (size + 1) * channels, 9);
    float[] dy = Data.seeded(~seed).integers(x.length * factor * factor, 9);
    Guarded y = Guarded.nanFilled(dy.length);
    Guarded dx = Guarded.nanFilled(x.length);
    up.forward(1, Data.segment(x), y.segment(), Crew.of(1));
    up.backward(1, Data.segment(dy), dx.segment(), Crew.of(1));
    assertThat(inner(y.floats(), dy)).isEqualTo(inner(x, dx.floats()));
  }

  @Property(tries = 50)
  void sumsLieWithinTheStatedBound(
      @ForAll(supplier = Sizes.NonZero.class) int channels, @ForAll @IntRange(min = 1, max = 6) int down,
      @ForAll @IntRange(min = 1, max = 6) int across, @ForAll long seed) {
    UpSample2d up = new UpSample2d(1, 1, channels, down, across);
    float[] dy = Data.seeded(seed).uniform(down * across * channels, -1f, 1f);
    Guarded dx = Guarded.nanFilled(channels);
    up.backward(1, Data.segment(dy), dx.segment(), Crew.of(1));
    double[] want = new double[channels];
    double[] magnitude = new double[channels];
    for (int i = 0; i < dy.length; i++) {
      want[i % channels] += dy[i];
      magnitude[i % channels] += Math.abs(dy[i]);
    }
    Bounds.gamma(down * across - 1).times(magnitude).holds(dx.floats(), want);
  }

  private static double inner(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
