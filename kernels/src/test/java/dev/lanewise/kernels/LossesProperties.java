package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.reference.LossesInDouble;
import dev.lanewise.kernels.reference.LossesReference;
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

class LossesProperties {
  private static final Workers ONE = Crew.of(1);

  /** The dense losses; the sparse one has its targets as labels. */
  enum Dense {
    CROSS_ENTROPY(Losses::crossEntropy, Losses::crossEntropy, LossesReference::crossEntropy),
    BINARY_CROSS_ENTROPY(Losses::binaryCrossEntropy, Losses::binaryCrossEntropy, LossesReference::binaryCrossEntropy),
    SQUARED_ERROR(Losses::squaredError, Losses::squaredError, LossesReference::squaredError),
    SPARSE_CROSS_ENTROPY(Losses::sparseCrossEntropy, Losses::sparseCrossEntropy, LossesReference::sparseCrossEntropy);

    final WithGradient door;
    final Plain plain;
    final Twin twin;

    Dense(WithGradient door, Plain plain, Twin twin) {
      this.door = door;
      this.plain = plain;
      this.twin = twin;
    }

    MemorySegment targets(int rows, int cols, long seed) {
      return this == SPARSE_CROSS_ENTROPY
          ? Guarded.ofInts(Data.seeded(seed).below(rows, cols)).segment()
          : Data.segment(Data.seeded(seed).uniform(rows * cols, 0f, 1f));
    }
  }

  interface WithGradient {
    void apply(
        int rows, int cols, MemorySegment x, MemorySegment targets, MemorySegment losses, MemorySegment gradient,
        float scale, Workers workers);
  }

  interface Plain {
    void apply(int rows, int cols, MemorySegment x, MemorySegment targets, MemorySegment losses, Workers workers);
  }

  interface Twin {
    void apply(
        long from, long to, int cols, MemorySegment x, MemorySegment targets, MemorySegment losses,
        MemorySegment gradient, float scale);
  }

  @Property(tries = 400)
  void everyElementHasTheBitsOfTheTwinAlsoInPlace(
      @ForAll Dense loss,
      @ForAll @IntRange(min = 0, max = 5) int rows,
      @ForAll(supplier = Sizes.NonZero.class) int cols,
      @ForAll boolean edgy,
      @ForAll @FloatRange(min = -2f, max = 2f) float scale,
      @ForAll long seed) {
    Data data = Data.seeded(seed);
    Guarded x = Guarded.of(edgy ? data.edgy(rows * cols) : data.uniform(rows * cols, -9f, 9f));
    MemorySegment targets = loss.targets(rows, cols, ~seed);
    Guarded wantLosses = Guarded.nanFilled(rows);
    Guarded want = Guarded.nanFilled(rows * cols);
    loss.twin.apply(0, rows, cols, x.segment(), targets, wantLosses.segment(), want.segment(), scale);
    Guarded losses = Guarded.nanFilled(rows);
    Guarded gradient = Guarded.nanFilled(rows * cols);
    loss.door.apply(rows, cols, x.segment(), targets, losses.segment(), gradient.segment(), scale, ONE);
    assertThat(losses.bits()).isEqualTo(wantLosses.bits());
    assertThat(gradient.bits()).isEqualTo(want.bits());
    assertThat(losses.guardsIntact() && gradient.guardsIntact()).isTrue();
    Guarded plain = Guarded.nanFilled(rows);
    loss.plain.apply(rows, cols, x.segment(), targets, plain.segment(), ONE);
    assertThat(plain.bits()).isEqualTo(wantLosses.bits());
    loss.door.apply(rows, cols, x.segment(), targets, losses.segment(), x.segment(), scale, ONE);
    assertThat(losses.bits()).isEqualTo(wantLosses.bits());
    assertThat(x.bits()).isEqualTo(want.bits());
    assertThat(x.guardsIntact()).isTrue();
  }

  @Property(tries = 20)
  void anyNumberOfThreadsHasTheSameBits(
      @ForAll Dense loss, @ForAll @IntRange(min = 2, max = Crew.LARGEST) int threads, @ForAll long seed) {
    int rows = 397;
    int cols = 103;
    MemorySegment x = Data.segment(Data.seeded(seed).uniform(rows * cols, -9f, 9f));
    MemorySegment targets = loss.targets(rows, cols, ~seed);
    Guarded one = Guarded.nanFilled(rows * cols);
    Guarded many = Guarded.nanFilled(rows * cols);
    Guarded oneLosses = Guarded.nanFilled(rows);
    Guarded manyLosses = Guarded.nanFilled(rows);
    loss.door.apply(rows, cols, x, targets, oneLosses.segment(), one.segment(), 0.5f, ONE);
    loss.door.apply(rows, cols, x, targets, manyLosses.segment(), many.segment(), 0.5f, Crew.of(threads));
    assertThat(many.bits()).isEqualTo(one.bits());
    assertThat(manyLosses.bits()).isEqualTo(oneLosses.bits());
  }

  private static float loss(Plain door, int cols, float[] x, MemorySegment targets) {
    Guarded losses = Guarded.nanFilled(1);
    door.apply(1, cols, Data.segment(x), targets, losses.segment(), ONE);
    return losses.floats()[0];
  }

  @Property(tries = 150)
  void crossEntropiesLieWithinTheirBounds(
      @ForAll @IntRange(min = 1, max = 200) int cols, @ForAll @FloatRange(min = 0.1f, max = 40f) float size, @ForAll long seed) {
    float[] x = Data.seeded(seed).uniform(cols, -size, size);
    float[] t = Data.seeded(~seed).uniform(cols, 0f, 1f);
    int label = Data.seeded(seed).below(1, cols)[0];
    double[] wide = Data.widened(x);
    double max = SoftmaxProperties.max(x);
    double first = Bounds.gammaOf(SoftmaxProperties.roundings(cols, SoftmaxProperties.spread(x)));
    double[] ofLabel = LossesInDouble.sparseCrossEntropy(1, cols, wide, new int[] {label});
    double logSum = ofLabel[0] + (x[label] - max);
    double bound = first + Bounds.gammaOf(4) * (max - x[label] + logSum);
    float got = loss(Losses::sparseCrossEntropy, cols, x, Guarded.ofInts(label).segment());
    Bounds.gamma(1).times(bound / Bounds.gammaOf(1)).holds(got, ofLabel[0]);

    double dense = 0;
    double terms = 0;
    for (int j = 0; j < cols; j++) {
      dense += t[j] * (first + Bounds.gammaOf(4) * (max - x[j] + logSum));
      terms += t[j] * (max - x[j] + logSum);
    }
    dense += Bounds.gammaOf(ReductionsProperties.chain(cols)) * terms;
    float gotDense = loss(Losses::crossEntropy, cols, x, Data.segment(t));
    double want = LossesInDouble.crossEntropy(1, cols, wide, Data.widened(t))[0];
    Bounds.gamma(1).times(dense / Bounds.gammaOf(1)).holds(gotDense, want);
  }

  @Property(tries = 150)
  void meansLieWithinTheirBounds(
      @ForAll @IntRange(min = 1, max = 200) int cols, @ForAll @FloatRange(min = 0.1f, max = 40f) float size, @ForAll long seed) {
    float[] x = Data.seeded(seed).uniform(cols, -size, size);
    float[] t = Data.seeded(~seed).uniform(cols, 0f, 1f);
    double[] wide = Data.widened(x);
    double magnitude = 0;
    for (int j = 0; j < cols; j++) {
      magnitude += (Math.abs(wide[j]) * (1 + t[j]) + Math.log1p(Math.exp(-Math.abs(wide[j])))) / cols;
    }
    Bounds.gamma(ReductionsProperties.chain(cols) + 8)
        .times(magnitude)
        .holds(
            loss(Losses::binaryCrossEntropy, cols, x, Data.segment(t)),
            LossesInDouble.binaryCrossEntropy(1, cols, wide, Data.widened(t))[0]);
    double squared = LossesInDouble.squaredError(1, cols, wide, Data.widened(t))[0];
    Bounds.gamma(ReductionsProperties.chain(cols) + 3)
        .times(squared)
        .holds(loss(Losses::squaredError, cols, x, Data.segment(t)), squared);
  }

  @Property(tries = 100)
  void denseOneHotTargetsGiveTheSparseLossAndGradient(@ForAll @IntRange(min = 1, max = 40) int cols, @ForAll long seed) {
    MemorySegment x = Data.segment(Data.seeded(seed).uniform(cols, -4f, 4f));
    int label = Data.seeded(seed).below(1, cols)[0];
    float[] onehot = new float[cols];
    onehot[label] = 1f;
    Guarded sparse = Guarded.nanFilled(cols);
    Guarded dense = Guarded.nanFilled(cols);
    Guarded sparseLoss = Guarded.nanFilled(1);
    Guarded denseLoss = Guarded.nanFilled(1);
    Losses.sparseCrossEntropy(1, cols, x, Guarded.ofInts(label).segment(), sparseLoss.segment(), sparse.segment(), 0.5f, ONE);
    Losses.crossEntropy(1, cols, x, Data.segment(onehot), denseLoss.segment(), dense.segment(), 0.5f, ONE);
    // The mass is exactly 1 and all other terms of the sum are zeros: not one rounding differs.
    assertThat(dense.floats()).isEqualTo(sparse.floats());
    assertThat(denseLoss.floats()).isEqualTo(sparseLoss.floats());
  }
}
