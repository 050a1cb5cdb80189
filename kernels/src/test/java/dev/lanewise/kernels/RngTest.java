package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.reference.MathReference;
import dev.lanewise.kernels.reference.RngReference;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Known answers of the generator, distributions, and refusals of {@link Rng}. */
class RngTest {
  private static final Workers ONE = Crew.of(1);

  private static void assertPhilox(int[] counter, int[] key, int... want) {
    long low = RngReference.philox(counter[0], counter[1], counter[2], counter[3], key[0], key[1], 0);
    long high = RngReference.philox(counter[0], counter[1], counter[2], counter[3], key[0], key[1], 1);
    assertThat(new int[] {(int) low, (int) (low >>> 32), (int) high, (int) (high >>> 32)}).isEqualTo(want);
  }

  /** The three vectors for philox4x32-10 of the file kat_vectors of Random123. */
  @Test
  void knownAnswersOfRandom123() {
    assertPhilox(new int[4], new int[2], 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    assertPhilox(new int[] {-1, -1, -1, -1}, new int[] {-1, -1}, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    assertPhilox(
        new int[] {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
        new int[] {0xa4093822, 0x299f31d0},
        0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
  }

  @Test
  void seedIsTheKeyAndStreamTheUpperCounter() {
    long pair = RngReference.pair(0x299f31d0_a4093822L, 0x03707344_13198a2eL, 0x85a308d3_243f6a88L, 1);
    assertThat(pair).isEqualTo(0x24126ea1_5001e420L);
  }

  @Test
  void groupsOf64WordsComeFrom16Blocks() {
    for (int index : new int[] {0, 15, 16, 40, 63, 64, 64 + 23, 6400 + 63}) {
      long pair = RngReference.pair(1, 2, index / 64 * 16 + index % 16, index % 64 / 32);
      assertThat(Rng.bits(1, 2, index)).isEqualTo((int) (index % 32 < 16 ? pair : pair >>> 32));
    }
  }

  private static final int MANY = 1 << 20;

  /** Mean of f over many numbers lies within six standard deviations of what it should be. */
  private static void assertMean(float[] x, DoubleUnaryOperator f, double mean, double deviation) {
    double sum = 0;
    for (float v : x) {
      sum += f.applyAsDouble(v);
    }
    assertThat(Math.abs(sum / x.length - mean)).isLessThan(6 * deviation / Math.sqrt(x.length));
  }

  @Test
  void uniformNumbersHaveTheMomentsOfTheirDistribution() {
    Guarded y = Guarded.nanFilled(MANY);
    Rng.uniform(1, 2, 0, MANY, y.segment(), 0f, 1f, ONE);
    float[] x = y.floats();
    assertMean(x, v -> v, 0.5, Math.sqrt(1 / 12.0));
    assertMean(x, v -> v * v, 1 / 3.0, Math.sqrt(1 / 5.0 - 1 / 9.0));
    assertMean(x, v -> v < 0.1 ? 1 : 0, 0.1, 0.3);
    for (float v : x) {
      assertThat(v >= 0f && v < 1f).isTrue();
    }
  }

  @Test
  void normalNumbersHaveTheMomentsOfTheirDistribution() {
    Guarded y = Guarded.nanFilled(MANY);
    Rng.normal(3, 4, 0, MANY, y.segment(), 0f, 1f, ONE);
    float[] x = y.floats();
    assertMean(x, v -> v, 0, 1);
    assertMean(x, v -> v * v, 1, Math.sqrt(2));
    assertMean(x, v -> v * v * v, 0, Math.sqrt(15));
    assertMean(x, v -> v * v * v * v, 3, Math.sqrt(96));
    assertMean(x, v -> Math.abs(v) > 2 ? 1 : 0, 0.04550026, 0.20840);
  }

  @Test
  void streamsSeedsAndTheTwoNumbersOfAPairAreNotCorrelated() {
    float[] a = normals(3, 4);
    assertProductMean(a, normals(3, 5));
    assertProductMean(a, normals(4, 4));
    float[] shifted = Arrays.copyOfRange(a, 16, a.length);
    assertProductMean(Arrays.copyOf(a, shifted.length), shifted);
    float[] neighbours = Arrays.copyOfRange(a, 1, a.length);
    assertProductMean(Arrays.copyOf(a, neighbours.length), neighbours);
  }

  private static float[] normals(long seed, long stream) {
    Guarded y = Guarded.nanFilled(MANY / 4);
    Rng.normal(seed, stream, 0, MANY / 4, y.segment(), 0f, 1f, ONE);
    return y.floats();
  }

  private static void assertProductMean(float[] a, float[] b) {
    float[] products = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      products[i] = a[i] * b[i];
    }
    assertMean(products, v -> v, 0, 1);
  }

  @Test
  void masksKeepTheirShareAndTheirMean() {
    Guarded y = Guarded.nanFilled(MANY);
    Rng.dropoutMask(5, 6, 0, MANY, y.segment(), 0.75f, ONE);
    float[] x = y.floats();
    assertMean(x, v -> v, 1, Math.sqrt(1 / 3.0));
    for (float v : x) {
      assertThat(v == 0f || v == 1f / 0.75f).isTrue();
    }
    Rng.dropoutMask(5, 6, 0, MANY, y.segment(), 1f, ONE);
    for (float v : y.floats()) {
      assertThat(v).isEqualTo(1f);
    }
  }

  @Test
  void sinesAndCosinesOfTurns() {
    double worst = 0;
    for (long turn = Integer.MIN_VALUE; turn <= Integer.MAX_VALUE; turn += 2503) {
      double angle = turn * 0x1p-31 * Math.PI;
      worst = Math.max(worst, Math.abs(MathReference.sineOfTurn((int) turn) - Math.sin(angle)));
      worst = Math.max(worst, Math.abs(MathReference.cosineOfTurn((int) turn) - Math.cos(angle)));
    }
    System.out.println("sine and cosine of a turn: worst error " + worst / 0x1p-24 + " * 2^-24 (promised 2)");
    assertThat(worst).isLessThanOrEqualTo(2 * 0x1p-24);
  }

  @Test
  void allOrdersOfFourAreEquallyLikely() {
    int[] counts = new int[256];
    for (int i = 0; i < 24_000; i++) {
      int[] order = {0, 1, 2, 3};
      Rng.shuffle(7, i, order);
      counts[order[0] << 6 | order[1] << 4 | order[2] << 2 | order[3]]++;
    }
    // 24 orders, 1000 expected of each, deviation 31.
    assertThat(Arrays.stream(counts).filter(c -> c > 0).count()).isEqualTo(24);
    for (int count : counts) {
      assertThat(count == 0 || Math.abs(count - 1000) < 6 * 31).isTrue();
    }
  }

  @Test
  void boundedNumbersAreEquallyLikely() {
    int[] counts = new int[7];
    for (int i = 0; i < 70_000; i++) {
      counts[Rng.below(8, 9, i, 7)]++;
    }
    for (int count : counts) {
      assertThat(Math.abs(count - 10_000)).isLessThan(6 * 93);
    }
    assertThat(Rng.below(8, 9, 0, 1)).isZero();
  }

  @Test
  void refusesWhatItCannotDo() {
    MemorySegment y = Data.segment(new float[4]);
    assertThatThrownBy(() -> Rng.uniform(1, 1, 0, 4, y, 1f, 1f, ONE)).hasMessageContaining("low = 1.0, high = 1.0");
    assertThatThrownBy(() -> Rng.uniform(1, 1, 0, 4, y, -3e38f, 3e38f, ONE)).hasMessageContaining("a finite float");
    assertThatThrownBy(() -> Rng.uniform(1, 1, 0, 5, y, 0f, 1f, ONE)).hasMessageContaining("y holds 4 elements but 5");
    assertThatThrownBy(() -> Rng.normal(1, 1, 0, 4, y, 0f, -1f, ONE)).hasMessageContaining("stddev = -1.0");
    assertThatThrownBy(() -> Rng.normal(1, 1, 0, 4, y, Float.NaN, 1f, ONE)).hasMessageContaining("mean = NaN");
    assertThatThrownBy(() -> Rng.dropoutMask(1, 1, 0, 4, y, 0f, ONE)).hasMessageContaining("keepProbability = 0.0");
    assertThatThrownBy(() -> Rng.dropoutMask(1, 1, 0, 4, MemorySegment.ofArray(new float[4]), 1f, ONE))
        .hasMessageContaining("y is a heap segment");
    assertThatThrownBy(() -> Rng.below(1, 1, 0, 0)).hasMessageContaining("bound 0");
  }

  /** So many that some words are rejected, one in 17,000: by the definition, those whose product leaves less than 2^32 mod the bound. */
  @Test
  void aShuffleTakesTheStreamsWordsInOrderAndRejectsThoseOfTheDefinition() {
    int n = 1_000_000;
    int[] order = new int[n];
    int[] want = new int[n];
    Arrays.setAll(order, i -> i);
    Arrays.setAll(want, i -> i);
    Rng.shuffle(5, 9, order);
    long index = 0;
    int rejected = 0;
    for (int bound = n; bound > 1; bound--) {
      long product = (Rng.bits(5, 9, index++) & 0xffff_ffffL) * bound;
      while ((product & 0xffff_ffffL) < (1L << 32) % bound) {
        product = (Rng.bits(5, 9, index++) & 0xffff_ffffL) * bound;
        rejected++;
      }
      int at = (int) (product >>> 32);
      int moved = want[bound - 1];
      want[bound - 1] = want[at];
      want[at] = moved;
    }
    assertThat(order).isEqualTo(want);
    assertThat(rejected).isPositive();
  }

  /** 2^16 divides 2^32, so no word may be rejected, not even one of which the product leaves nothing: the first stream that begins with one. */
  @Test
  void aShuffleTakesAWordThatLeavesExactlyTheThreshold() {
    int n = 1 << 16;
    long stream = 0;
    while ((Rng.bits(5, stream, 0) & 0xffff) != 0) {
      stream++;
    }
    int[] order = new int[n];
    Arrays.setAll(order, i -> i);
    Rng.shuffle(5, stream, order);
    assertThat(order[n - 1]).isEqualTo(Rng.bits(5, stream, 0) >>> 16);
  }

  /** low + u (high - low) is -0 for some u and rounds to high for others: both become the float below high, which is +0. */
  @Test
  void uniformNumbersBetweenTheLeastFloatsAreTheNegativeOneOrPlusZero() {
    Guarded y = Guarded.nanFilled(200);
    Rng.uniform(1, 2, 0, 200, y.segment(), -Float.MIN_VALUE, Float.MIN_VALUE, ONE);
    assertThat(y.bits()).contains(0).contains(Float.floatToIntBits(-Float.MIN_VALUE))
        .containsOnly(0, Float.floatToIntBits(-Float.MIN_VALUE));
    Guarded twin = Guarded.nanFilled(200);
    RngReference.uniform(1, 2, 0, 0, 200, twin.segment(), -Float.MIN_VALUE, Float.MIN_VALUE);
    assertThat(twin.bits()).isEqualTo(y.bits());
  }
}
