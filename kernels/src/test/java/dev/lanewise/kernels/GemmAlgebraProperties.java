package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What algebra promises of products, where rounding leaves it exact or within a bound. */
class GemmAlgebraProperties {
  private static float[] product(int m, int n, int k, float[] a, float[] b) {
    Guarded c = Guarded.nanFilled(m * n);
    Gemm.multiply(
        false, false, m, n, k, Data.segment(a), k, Data.segment(b), n, c.segment(), n, false, Epilogue.NONE, Crew.of(1));
    assertThat(c.guardsIntact()).isTrue();
    return c.floats();
  }

  private static float[] identity(int n) {
    float[] i = new float[n * n];
    for (int j = 0; j < n; j++) {
      i[j * n + j] = 1;
    }
    return i;
  }

  @Property(tries = 60)
  void theIdentityChangesNothingFromEitherSide(
      @ForAll @IntRange(min = 1, max = 70) int m, @ForAll @IntRange(min = 1, max = 70) int n, @ForAll long seed) {
    float[] a = Data.seeded(seed).uniform(m * n, -1, 1);
    assertThat(product(m, n, m, identity(m), a)).isEqualTo(a);
    assertThat(product(m, n, n, a, identity(n))).isEqualTo(a);
  }

  @Property(tries = 60)
  void productsDistributeOverSumsExactlyOnWholeNumbers(
      @ForAll @IntRange(min = 1, max = 70) int m, @ForAll @IntRange(min = 1, max = 70) int n,
      @ForAll @IntRange(min = 1, max = 170) int k, @ForAll long seed) {
    Data data = Data.seeded(seed);
    float[] a = data.integers(m * k, 50);
    float[] b = data.integers(k * n, 50);
    float[] c = data.integers(k * n, 50);
    float[] sum = new float[b.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = b[i] + c[i];
    }
    float[] ab = product(m, n, k, a, b);
    float[] ac = product(m, n, k, a, c);
    float[] whole = product(m, n, k, a, sum);
    for (int i = 0; i < whole.length; i++) {
      assertThat(whole[i]).isEqualTo(ab[i] + ac[i]);
    }
  }

  @Property(tries = 60)
  void aPowerOfTwoPassesThroughAProduct(
      @ForAll @IntRange(min = 1, max = 40) int m, @ForAll @IntRange(min = 1, max = 40) int n,
      @ForAll @IntRange(min = 1, max = 170) int k, @ForAll long seed) {
    Data data = Data.seeded(seed);
    float[] a = data.uniform(m * k, -1, 1);
    float[] b = data.uniform(k * n, -1, 1);
    float[] eight = a.clone();
    for (int i = 0; i < eight.length; i++) {
      eight[i] *= 8;
    }
    float[] plain = product(m, n, k, a, b);
    for (int i = 0; i < plain.length; i++) {
      plain[i] *= 8;
    }
    assertThat(product(m, n, k, eight, b)).isEqualTo(plain);
  }

  @Property(tries = 60)
  void rowsOfTheResultFollowTheRowsOfA(
      @ForAll @IntRange(min = 1, max = 60) int m, @ForAll @IntRange(min = 1, max = 60) int n,
      @ForAll @IntRange(min = 1, max = 170) int k, @ForAll long seed) {
    Data data = Data.seeded(seed);
    float[] a = data.uniform(m * k, -1, 1);
    float[] b = data.uniform(k * n, -1, 1);
    int[] order = new int[m];
    for (int i = 0; i < m; i++) {
      order[i] = i;
    }
    Rng.shuffle(seed, 1, order);
    float[] shuffled = new float[m * k];
    float[] c = product(m, n, k, a, b);
    float[] want = new float[m * n];
    for (int i = 0; i < m; i++) {
      System.arraycopy(a, order[i] * k, shuffled, i * k, k);
      System.arraycopy(c, order[i] * n, want, i * n, n);
    }
    assertThat(product(m, n, k, shuffled, b)).isEqualTo(want);
  }

  @Property(tries = 60)
  void columnsComputedInTwoPartsHaveTheBitsOfTheWhole(
      @ForAll @IntRange(min = 1, max = 60) int m, @ForAll @IntRange(min = 2, max = 150) int n,
      @ForAll @IntRange(min = 1, max = 170) int k, @ForAll @IntRange(min = 1, max = 149) int cut, @ForAll long seed) {
    Data data = Data.seeded(seed);
    MemorySegment a = Data.segment(data.uniform(m * k, -1, 1));
    MemorySegment b = Data.segment(data.uniform(k * n, -1, 1));
    int first = cut % n;
    Guarded whole = Guarded.nanFilled(m * n);
    Guarded parts = Guarded.nanFilled(m * n);
    Gemm.multiply(false, false, m, n, k, a, k, b, n, whole.segment(), n, false, Epilogue.NONE, Crew.of(1));
    Gemm.multiply(false, false, m, first, k, a, k, b, n, parts.segment(), n, false, Epilogue.NONE, Crew.of(1));
    Gemm.multiply(
        false, false, m, n - first, k, a, k, b.asSlice(4L * first), n, parts.segment().asSlice(4L * first), n, false,
        Epilogue.NONE, Crew.of(1));
    assertThat(parts.bits()).isEqualTo(whole.bits());
  }

  /** With whole numbers both inner products are exact, so they must be equal. */
  @Property(tries = 60)
  void theTransposeIsTheAdjoint(
      @ForAll @IntRange(min = 1, max = 40) int m, @ForAll @IntRange(min = 1, max = 40) int n,
      @ForAll @IntRange(min = 1, max = 100) int k, @ForAll long seed) {
    Data data = Data.seeded(seed);
    float[] a = data.integers(m * k, 5);
    float[] x = data.integers(k * n, 5);
    float[] dy = data.integers(m * n, 5);
    Guarded dx = Guarded.nanFilled(k * n);
    Gemm.multiply(
        true, false, k, n, m, Data.segment(a), k, Data.segment(dy), n, dx.segment(), n, false, Epilogue.NONE, Crew.of(1));
    assertThat(inner(dx.floats(), x)).isEqualTo(inner(dy, product(m, n, k, a, x)));
  }

  @Property(tries = 40)
  void threeFactorsAssociateWithinTheBound(
      @ForAll @IntRange(min = 1, max = 20) int m, @ForAll @IntRange(min = 1, max = 20) int k, @ForAll long seed) {
    Data data = Data.seeded(seed);
    float[] a = data.uniform(m * k, 0, 1);
    float[] b = data.uniform(k * k, 0, 1);
    float[] c = data.uniform(k * m, 0, 1);
    float[] left = product(m, m, k, product(m, k, k, a, b), c);
    float[] right = product(m, m, k, a, product(k, m, k, b, c));
    // All terms are positive: each side is within gamma_2k of the exact product, which is within gamma_2k of the other side.
    Bounds.gamma(4.0 * k + 1).times(Data.widened(right)).holds(left, Data.widened(right));
  }

  private static double inner(float[] x, float[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += (double) x[i] * y[i];
    }
    return sum;
  }
}
