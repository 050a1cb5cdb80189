package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.reference.EmbeddingReference;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import dev.lanewise.kernels.testkit.Sizes;
import java.lang.foreign.MemorySegment;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class EmbeddingProperties {
  private static final Workers ONE = Crew.of(1);

  @Property(tries = 300)
  void everyElementHasTheBitsOfTheTwin(
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll(supplier = Sizes.Straddling.class) int width,
      @ForAll @IntRange(min = 0, max = 20) int n,
      @ForAll boolean accumulate,
      @ForAll long seed) {
    Guarded picked = Guarded.ofInts(Data.seeded(seed).patterns(rows * width));
    Guarded ids = Guarded.ofInts(Data.seeded(seed + 1).below(n, rows));
    Guarded got = Guarded.nanFilled(n * width);
    Guarded want = Guarded.nanFilled(n * width);
    Embedding.gather(rows, width, picked.segment(), n, ids.segment(), got.segment(), ONE);
    EmbeddingReference.gather(width, picked.segment(), n, ids.segment(), want.segment());
    assertThat(got.ints()).isEqualTo(want.ints());
    assertThat(got.guardsIntact()).isTrue();
    Guarded table = Guarded.of(Data.seeded(seed).edgy(rows * width));
    Guarded dy = Guarded.of(Data.seeded(seed + 2).edgy(n * width));
    Guarded sums = accumulate ? Guarded.of(table.floats()) : Guarded.nanFilled(rows * width);
    Guarded wanted = Guarded.of(accumulate ? table.floats() : new float[rows * width]);
    Embedding.scatterAdd(rows, width, n, ids.segment(), dy.segment(), sums.segment(), accumulate, ONE);
    EmbeddingReference.scatterAdd(width, n, ids.segment(), dy.segment(), wanted.segment());
    assertThat(sums.bits()).isEqualTo(wanted.bits());
    assertThat(sums.guardsIntact()).isTrue();
  }

  @Property(tries = 10)
  void anyNumberOfThreadsHasTheSameBits(@ForAll @IntRange(min = 2, max = Crew.LARGEST) int threads, @ForAll long seed) {
    int rows = 50;
    int width = 77;
    int n = 900;
    MemorySegment table = Data.segment(Data.seeded(seed).uniform(rows * width, -1f, 1f));
    MemorySegment ids = Guarded.ofInts(Data.seeded(seed).below(n, rows)).segment();
    MemorySegment dy = Data.segment(Data.seeded(~seed).uniform(n * width, -1f, 1f));
    Guarded one = Guarded.nanFilled(n * width);
    Guarded many = Guarded.nanFilled(n * width);
    Embedding.gather(rows, width, table, n, ids, one.segment(), ONE);
    Embedding.gather(rows, width, table, n, ids, many.segment(), Crew.of(threads));
    assertThat(many.bits()).isEqualTo(one.bits());
    Guarded oneSum = Guarded.nanFilled(rows * width);
    Guarded manySum = Guarded.nanFilled(rows * width);
    Embedding.scatterAdd(rows, width, n, ids, dy, oneSum.segment(), false, ONE);
    Embedding.scatterAdd(rows, width, n, ids, dy, manySum.segment(), false, Crew.of(threads));
    assertThat(manySum.bits()).isEqualTo(oneSum.bits());
  }

  @Property(tries = 100)
  void aScatterIsTheAdjointOfAGather(
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll(supplier = Sizes.NonZero.class) int width,
      @ForAll @IntRange(min = 1, max = 20) int n,
      @ForAll long seed) {
    // Small whole numbers: every sum is exact, so the two inner products are equal.
    float[] table = Data.seeded(seed).integers(rows * width, 9);
    float[] dy = Data.seeded(~seed).integers(n * width, 9);
    MemorySegment ids = Guarded.ofInts(Data.seeded(seed).below(n, rows)).segment();
    Guarded y = Guarded.nanFilled(n * width);
    Guarded dtable = Guarded.nanFilled(rows * width);
    Embedding.gather(rows, width, Data.segment(table), n, ids, y.segment(), ONE);
    Embedding.scatterAdd(rows, width, n, ids, Data.segment(dy), dtable.segment(), false, ONE);
    assertThat(inner(dy, y.floats())).isEqualTo(inner(dtable.floats(), table));
  }

  private static double inner(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  @Property(tries = 60)
  void sumsLieWithinTheirBound(@ForAll @IntRange(min = 1, max = 40) int n, @ForAll long seed) {
    float[] dy = Data.seeded(seed).uniform(n * 5, -9f, 9f);
    Guarded sums = Guarded.nanFilled(10);
    Embedding.scatterAdd(2, 5, n, Guarded.ofInts(new int[n]).segment(), Data.segment(dy), sums.segment(), false, ONE);
    double[] want = new double[10];
    double[] size = new double[10];
    for (int i = 0; i < n * 5; i++) {
      want[i % 5] += dy[i];
      size[i % 5] += Math.abs(dy[i]);
    }
    Bounds.gamma(n).times(size).holds(sums.floats(), want);
  }
}
