package dev.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Symmetries that rounding respects: numbers that are computed apart may be permuted or split, a factor that is a power of two passes through every
 * rounding, a sign through every product. So each law asks for equal bits; operands are far from overflow and underflow. (Longer than most files: one law a kernel.)
 */
class SymmetryProperties {
  private static final Workers ONE = Crew.of(1);

  private static float[] times(float factor, float[] x) {
    float[] y = x.clone();
    for (int i = 0; i < y.length; i++) {
      y[i] *= factor;
    }
    return y;
  }

  private static int[] order(int n, long seed) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    Rng.shuffle(seed, 3, order);
    return order;
  }

  /** Row i of the result is row order[i]. */
  private static float[] rows(float[] x, int[] order) {
    int width = x.length / order.length;
    float[] y = new float[x.length];
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(x, order[i] * width, y, i * width, width);
    }
    return y;
  }

  private static float[] columns(float[] x, int[] order) {
    float[] y = new float[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = x[i / order.length * order.length + order[i % order.length]];
    }
    return y;
  }

  private static float[] result(Guarded y) {
    assertThat(y.guardsIntact()).isTrue();
    return y.floats();
  }

  private static float[] product(int m, int n, int k, float[] a, float[] b) {
    Guarded c = Guarded.nanFilled(m * n);
    Gemm.multiply(false, false, m, n, k, Data.segment(a), k, Data.segment(b), n, c.segment(), n, false, Epilogue.NONE, ONE);
    return result(c);
  }

  @Property(tries = 40)
  void columnsOfAProductFollowTheColumnsOfB(
      @ForAll @IntRange(min = 1, max = 40) int m, @ForAll @IntRange(min = 1, max = 80) int n, @ForAll @IntRange(min = 1, max = 170) int k,
      @ForAll long seed) {
    Data data = Data.seeded(seed);
    float[] a = data.uniform(m * k, -1, 1);
    float[] b = data.uniform(k * n, -1, 1);
    int[] order = order(n, seed);
    assertThat(product(m, n, k, a, columns(b, order))).isEqualTo(columns(product(m, n, k, a, b), order));
  }

  /** The zeros beside a block add +0 or -0 to a chain, which changes no finite number and leaves +0 as it is. */
  @Property(tries = 40)
  void aBlockDiagonalMatrixMultipliesBlockByBlock(
      @ForAll @IntRange(min = 1, max = 20) int m, @ForAll @IntRange(min = 1, max = 50) int n, @ForAll @IntRange(min = 1, max = 50) int k,
      @ForAll long seed) {
    Data data = Data.seeded(seed);
    float[] a = data.uniform(2 * m * k, -1, 1);
    float[] b = data.uniform(2 * k * n, -1, 1);
    float[] diagonal = new float[4 * m * k];
    for (int i = 0; i < 2 * m; i++) {
      System.arraycopy(a, i * k, diagonal, i * 2 * k + i / m * k, k);
    }
    Guarded blocks = Guarded.nanFilled(2 * m * n);
    Gemm.multiplyBatched(
        2, false, false, m, n, k, Data.segment(a), k, (long) m * k, Data.segment(b), n, (long) k * n, blocks.segment(), n, (long) m * n,
        false, Epilogue.NONE, ONE);
    assertThat(product(2 * m, n, 2 * k, diagonal, b)).isEqualTo(result(blocks));
  }

  @Property(tries = 30)
  void filtersOfAConvolutionFollowTheColumnsOfItsWeights(
      @ForAll @IntRange(min = 1, max = 5) int channels, @ForAll @IntRange(min = 1, max = 40) int filters, @ForAll long seed) {
    Data data = Data.seeded(seed);
    Conv2d conv = Conv2d.same(5, 4, channels, 3, 2, filters);
    MemorySegment x = Data.segment(data.uniform((int) conv.inputSize(2), -1, 1));
    float[] w = data.uniform((int) conv.weightSize(), -1, 1);
    int[] order = order(filters, seed);
    Guarded y = Guarded.nanFilled((int) conv.outputSize(2));
    Guarded permuted = Guarded.nanFilled((int) conv.outputSize(2));
    conv.forward(2, x, Data.segment(w), y.segment(), Epilogue.NONE, ONE);
    conv.forward(2, x, Data.segment(columns(w, order)), permuted.segment(), Epilogue.NONE, ONE);
    assertThat(result(permuted)).isEqualTo(columns(result(y), order));
  }

  private static float[] attention(Attention attention, int n, int t, float[] qkv) {
    Guarded y = Guarded.nanFilled(qkv.length / 3);
    MemorySegment x = Data.segment(qkv);
    attention.infer(n, t, t, x, x, MemorySegment.NULL, y.segment(), ONE);
    return result(y);
  }

  /** A causal position sees none behind it, so a shorter sequence is the beginning of a longer one. */
  @Property(tries = 30)
  void aCausalPrefixIsThePrefixOfTheWhole(
      @ForAll @IntRange(min = 2, max = 40) int t, @ForAll @IntRange(min = 1, max = 3) int heads,
      @ForAll @IntRange(min = 1, max = 20) int width, @ForAll long seed) {
    Data data = Data.seeded(seed);
    int all = heads * width;
    float[] qkv = data.uniform(t * 3 * all, -1, 1);
    int first = 1 + data.below(1, t - 1)[0];
    Attention causal = Attention.self(heads, width, true);
    assertThat(attention(causal, 1, first, Arrays.copyOf(qkv, first * 3 * all)))
        .isEqualTo(Arrays.copyOf(attention(causal, 1, t, qkv), first * all));
  }

  /** Head h is columns h d to (h + 1) d of each of the three projections. */
  @Property(tries = 30)
  void headsAreAttentionsOfTheirOwn(
      @ForAll @IntRange(min = 1, max = 30) int t, @ForAll @IntRange(min = 2, max = 3) int heads,
      @ForAll @IntRange(min = 1, max = 20) int width, @ForAll boolean causal, @ForAll long seed) {
    int all = heads * width;
    float[] qkv = Data.seeded(seed).uniform(t * 3 * all, -1, 1);
    float[] whole = attention(Attention.self(heads, width, causal), 1, t, qkv);
    for (int h = 0; h < heads; h++) {
      float[] own = new float[t * 3 * width];
      float[] want = new float[t * width];
      for (int i = 0; i < t; i++) {
        for (int part = 0; part < 3; part++) {
          System.arraycopy(qkv, (i * 3 + part) * all + h * width, own, (i * 3 + part) * width, width);
        }
        System.arraycopy(whole, i * all + h * width, want, i * width, width);
      }
      assertThat(attention(Attention.self(1, width, causal), 1, t, own)).as("head %d", h).isEqualTo(want);
    }
  }

  @Property(tries = 30)
  void examplesOfAnAttentionMayComeInAnyOrder(
      @ForAll @IntRange(min = 2, max = 6) int n, @ForAll @IntRange(min = 1, max = 20) int t, @ForAll @IntRange(min = 1, max = 20) int width,
      @ForAll long seed) {
    float[] qkv = Data.seeded(seed).uniform(n * t * 3 * width, -1, 1);
    Attention attention = Attention.self(1, width, false);
    int[] order = order(n, seed);
    assertThat(attention(attention, n, t, rows(qkv, order))).isEqualTo(rows(attention(attention, n, t, qkv), order));
  }

  /** Probabilities do not know the values, and outputs are linear in them. */
  @Property(tries = 30)
  void aPowerOfTwoPassesFromValuesToOutputs(
      @ForAll @IntRange(min = 1, max = 30) int t, @ForAll @IntRange(min = 1, max = 20) int width, @ForAll boolean causal,
      @ForAll long seed) {
    float[] qkv = Data.seeded(seed).uniform(t * 3 * width, -1, 1);
    float[] quadruple = qkv.clone();
    for (int i = 0; i < qkv.length; i++) {
      quadruple[i] *= i % (3 * width) < 2 * width ? 1 : 4;
    }
    Attention attention = Attention.self(1, width, causal);
    assertThat(attention(attention, 1, t, quadruple)).isEqualTo(times(4, attention(attention, 1, t, qkv)));
  }

  private static Guarded layerNorm(int rows, int cols, float[] x, float[] gamma, float[] beta, float epsilon, Guarded mean, Guarded rstd) {
    Guarded y = Guarded.nanFilled(rows * cols);
    Norms.layerNorm(
        rows, cols, Data.segment(x), Data.segment(gamma), Data.segment(beta), epsilon, y.segment(), mean.segment(), rstd.segment(), ONE);
    return y;
  }

  /** With x by 2^s and epsilon by 4^s every deviation is by 2^s, the variance by 4^s and its root's reciprocal by 2^-s: nothing rounds otherwise. */
  @Property(tries = 40)
  void aNormDoesNotSeeAPowerOfTwo(
      @ForAll @IntRange(min = 1, max = 5) int rows, @ForAll @IntRange(min = 2, max = 70) int cols,
      @ForAll @IntRange(min = -6, max = 6) int s, @ForAll long seed) {
    Data data = Data.seeded(seed);
    float[] x = data.uniform(rows * cols, -2, 2);
    float[] gamma = data.uniform(cols, -2, 2);
    float[] beta = data.uniform(cols, -2, 2);
    Guarded mean = Guarded.nanFilled(rows);
    Guarded rstd = Guarded.nanFilled(rows);
    float[] y = result(layerNorm(rows, cols, x, gamma, beta, 1e-3f, mean, rstd));
    Guarded scaledMean = Guarded.nanFilled(rows);
    Guarded scaledRstd = Guarded.nanFilled(rows);
    float scale = Math.scalb(1f, s);
    assertThat(result(layerNorm(rows, cols, times(scale, x), gamma, beta, 1e-3f * scale * scale, scaledMean, scaledRstd))).isEqualTo(y);
    assertThat(result(scaledMean)).isEqualTo(times(scale, result(mean)));
    assertThat(result(scaledRstd)).isEqualTo(times(1 / scale, result(rstd)));
  }

  @Property(tries = 40)
  void theNormOfTheNegativeIsTheNormByTheNegativeGain(
      @ForAll @IntRange(min = 1, max = 5) int rows, @ForAll @IntRange(min = 2, max = 70) int cols, @ForAll long seed) {
    Data data = Data.seeded(seed);
    float[] x = data.uniform(rows * cols, -2, 2);
    float[] gamma = data.uniform(cols, -2, 2);
    float[] beta = data.uniform(cols, 1, 2);
    Guarded mean = Guarded.nanFilled(rows);
    Guarded rstd = Guarded.nanFilled(rows);
    assertThat(result(layerNorm(rows, cols, times(-1, x), gamma, beta, 1e-3f, mean, rstd)))
        .isEqualTo(result(layerNorm(rows, cols, x, times(-1, gamma), beta, 1e-3f, mean, rstd)));
  }

  private static float[] batchNorm(int rows, int channels, float[] x, float[] gamma, float[] beta, Guarded mean) {
    Guarded y = Guarded.nanFilled(rows * channels);
    Norms.batchNorm(
        rows, channels, Data.segment(x), Data.segment(gamma), Data.segment(beta), 1e-3f, 0.9f, Data.segment(new float[channels]),
        Data.segment(new float[channels]), y.segment(), mean.segment(), Guarded.nanFilled(channels).segment(), ONE);
    return result(y);
  }

  @Property(tries = 40)
  void channelsOfABatchNormMayComeInAnyOrder(
      @ForAll @IntRange(min = 2, max = 40) int rows, @ForAll @IntRange(min = 1, max = 70) int channels, @ForAll long seed) {
    Data data = Data.seeded(seed);
    float[] x = data.uniform(rows * channels, -2, 2);
    float[] gamma = data.uniform(channels, -2, 2);
    float[] beta = data.uniform(channels, -2, 2);
    int[] order = order(channels, seed);
    Guarded mean = Guarded.nanFilled(channels);
    Guarded permuted = Guarded.nanFilled(channels);
    float[] y = batchNorm(rows, channels, x, gamma, beta, mean);
    assertThat(batchNorm(rows, channels, columns(x, order), columns(gamma, order), columns(beta, order), permuted))
        .isEqualTo(columns(y, order));
    assertThat(result(permuted)).isEqualTo(columns(result(mean), order));
  }

  private interface Loss {
    void of(int rows, int cols, MemorySegment x, MemorySegment t, MemorySegment losses, MemorySegment dx, float scale, Workers workers);
  }

  private static final Loss[] LOSSES = {Losses::crossEntropy, Losses::binaryCrossEntropy, Losses::squaredError};

  @Property(tries = 40)
  void rowsOfALossMayComeInAnyOrder(
      @ForAll @IntRange(min = 2, max = 9) int rows, @ForAll @IntRange(min = 1, max = 70) int cols,
      @ForAll @IntRange(min = 0, max = 2) int which,
      @ForAll long seed) {
    Data data = Data.seeded(seed);
    float[] x = data.uniform(rows * cols, -4, 4);
    float[] t = data.uniform(rows * cols, 0, 1);
    int[] order = order(rows, seed);
    Guarded[] got = loss(LOSSES[which], rows, cols, rows(x, order), rows(t, order), 0.3f);
    Guarded[] want = loss(LOSSES[which], rows, cols, x, t, 0.3f);
    assertThat(result(got[0])).isEqualTo(rows(result(want[0]), order));
    assertThat(result(got[1])).isEqualTo(rows(result(want[1]), order));
  }

  @Property(tries = 40)
  void aLossDoesNotSeeTheScaleOfItsGradientAndTheGradientIsByIt(
      @ForAll @IntRange(min = 1, max = 5) int rows, @ForAll @IntRange(min = 1, max = 70) int cols,
      @ForAll @IntRange(min = 0, max = 2) int which,
      @ForAll @IntRange(min = -6, max = 6) int s, @ForAll long seed) {
    Data data = Data.seeded(seed);
    float[] x = data.uniform(rows * cols, -4, 4);
    float[] t = data.uniform(rows * cols, 0, 1);
    Guarded[] plain = loss(LOSSES[which], rows, cols, x, t, 0.3f);
    Guarded[] scaled = loss(LOSSES[which], rows, cols, x, t, Math.scalb(0.3f, s));
    assertThat(result(scaled[0])).isEqualTo(result(plain[0]));
    assertThat(result(scaled[1])).isEqualTo(times(Math.scalb(1f, s), result(plain[1])));
  }

  /** y - t and t - y are each other's negative, and their squares equal. */
  @Property(tries = 40)
  void theSquaredErrorIsSymmetricAndItsGradientOdd(
      @ForAll @IntRange(min = 1, max = 5) int rows, @ForAll @IntRange(min = 1, max = 70) int cols, @ForAll long seed) {
    Data data = Data.seeded(seed);
    float[] y = data.uniform(rows * cols, -4, -1);
    float[] t = data.uniform(rows * cols, 1, 4);
    Guarded[] there = loss(Losses::squaredError, rows, cols, y, t, 0.3f);
    Guarded[] back = loss(Losses::squaredError, rows, cols, t, y, 0.3f);
    assertThat(result(back[0])).isEqualTo(result(there[0]));
    assertThat(result(back[1])).isEqualTo(times(-1, result(there[1])));
  }

  private static Guarded[] loss(Loss loss, int rows, int cols, float[] x, float[] t, float scale) {
    Guarded[] results = {Guarded.nanFilled(rows), Guarded.nanFilled(rows * cols)};
    loss.of(rows, cols, Data.segment(x), Data.segment(t), results[0].segment(), results[1].segment(), scale, ONE);
    return results;
  }

  /** A gradient by 2^s, its averages and epsilon with it, leaves quotient and step as they were: the scale of a loss does not matter to Adam. */
  @Property(tries = 40)
  void adamDoesNotSeeAPowerOfTwo(
      @ForAll @IntRange(min = 1, max = 70) int n, @ForAll @IntRange(min = -6, max = 6) int s, @ForAll @IntRange(min = 1, max = 50) int step,
      @ForAll long seed) {
    Data data = Data.seeded(seed);
    float[] w = data.uniform(n, -1, 1);
    float[] g = data.uniform(n, -1, 1);
    float[] m = data.uniform(n, -1, 1);
    float[] v = data.uniform(n, 0.01f, 1);
    float scale = Math.scalb(1f, s);
    MemorySegment plain = Data.segment(w);
    MemorySegment scaled = Data.segment(w);
    Optimizers.adamW(n, plain, Data.segment(g), Data.segment(m), Data.segment(v), 0.1f, 0.9f, 0.999f, 1e-3f, 0.01f, step, ONE);
    Optimizers.adamW(
        n, scaled, Data.segment(times(scale, g)), Data.segment(times(scale, m)), Data.segment(times(scale * scale, v)), 0.1f, 0.9f, 0.999f,
        1e-3f * scale, 0.01f, step, ONE);
    assertThat(scaled.mismatch(plain)).isEqualTo(-1);
    assertThat(plain.mismatch(Data.segment(w))).isNotEqualTo(-1);
  }

  /** Its epsilon stands under the root and scales as a square does. */
  @Property(tries = 40)
  void rmspropDoesNotSeeAPowerOfTwo(
      @ForAll @IntRange(min = 1, max = 70) int n, @ForAll @IntRange(min = -6, max = 6) int s, @ForAll long seed) {
    Data data = Data.seeded(seed);
    float[] w = data.uniform(n, -1, 1);
    float[] g = data.uniform(n, -1, 1);
    float[] squares = data.uniform(n, 0.01f, 1);
    float scale = Math.scalb(1f, s);
    MemorySegment plain = Data.segment(w);
    MemorySegment scaled = Data.segment(w);
    Optimizers.rmsprop(n, plain, Data.segment(g), Data.segment(squares), 0.1f, 0.9f, 1e-3f, 0f, ONE);
    Optimizers.rmsprop(
        n, scaled, Data.segment(times(scale, g)), Data.segment(times(scale * scale, squares)), 0.1f, 0.9f, 1e-3f * scale * scale, 0f, ONE);
    assertThat(scaled.mismatch(plain)).isEqualTo(-1);
    assertThat(plain.mismatch(Data.segment(w))).isNotEqualTo(-1);
  }

  /** Where each row of the table is asked for once, its sum has one term. */
  @Property(tries = 40)
  void whatIsScatteredToRowsOfItsOwnIsGatheredAgain(
      @ForAll @IntRange(min = 1, max = 20) int rows, @ForAll @IntRange(min = 1, max = 70) int width, @ForAll long seed) {
    float[] dy = Data.seeded(seed).uniform(rows * width, -1, 1);
    MemorySegment ids = Data.segment(new float[rows]);
    int[] order = order(rows, seed);
    for (int i = 0; i < rows; i++) {
      ids.setAtIndex(JAVA_INT, i, order[i]);
    }
    Guarded table = Guarded.nanFilled(rows * width);
    Guarded back = Guarded.nanFilled(rows * width);
    Embedding.scatterAdd(rows, width, rows, ids, Data.segment(dy), table.segment(), false, ONE);
    Embedding.gather(rows, width, table.segment(), rows, ids, back.segment(), ONE);
    assertThat(result(back)).isEqualTo(dy);
    assertThat(rows(result(table), order)).isEqualTo(dy);
  }

  /** Each window of the enlarged image holds one number many times. */
  @Property(tries = 40)
  void anEnlargedImageIsPooledBackToItself(
      @ForAll @IntRange(min = 1, max = 4) int height, @ForAll @IntRange(min = 1, max = 4) int width,
      @ForAll @IntRange(min = 1, max = 40) int channels, @ForAll @IntRange(min = 1, max = 3) int factor, @ForAll long seed) {
    float[] x = Data.seeded(seed).uniform(height * width * channels, -1, 1);
    UpSample2d up = new UpSample2d(height, width, channels, factor, factor);
    Pool2d pool = Pool2d.of(up.outHeight(), up.outWidth(), channels, factor, factor, factor, factor);
    Guarded large = Guarded.nanFilled(x.length * factor * factor);
    Guarded back = Guarded.nanFilled(x.length);
    up.forward(1, Data.segment(x), large.segment(), ONE);
    pool.maxForward(1, large.segment(), back.segment(), ONE);
    assertThat(result(large)).hasSize(x.length * factor * factor);
    assertThat(result(back)).isEqualTo(x);
  }

  /** Both keep the order of numbers, so they may change places: what a fused layer relies on. */
  @Property(tries = 40)
  void maximaAndReluChangePlaces(
      @ForAll @IntRange(min = 2, max = 6) int side, @ForAll @IntRange(min = 1, max = 40) int channels,
      @ForAll @IntRange(min = 1, max = 2) int stride, @ForAll long seed) {
    float[] x = Data.seeded(seed).uniform(side * side * channels, -1, 0.5f);
    Pool2d pool = Pool2d.of(side, side, channels, 2, 2, stride, stride);
    int outputs = pool.outHeight() * pool.outWidth() * channels;
    Guarded positive = Guarded.nanFilled(x.length);
    Guarded first = Guarded.nanFilled(outputs);
    Guarded maxima = Guarded.nanFilled(outputs);
    Guarded last = Guarded.nanFilled(outputs);
    Activations.relu(x.length, Data.segment(x), positive.segment(), ONE);
    pool.maxForward(1, positive.segment(), first.segment(), ONE);
    pool.maxForward(1, Data.segment(x), maxima.segment(), ONE);
    Activations.relu(outputs, maxima.segment(), last.segment(), ONE);
    assertThat(result(last)).isEqualTo(result(first));
  }

  /** The divergence knows mu by its square alone; a sample without noise is mu. */
  @Property(tries = 40)
  void theDivergenceIsEvenInTheMeanAndASampleWithoutNoiseIsTheMean(
      @ForAll @IntRange(min = 1, max = 5) int rows, @ForAll @IntRange(min = 1, max = 70) int d, @ForAll long seed) {
    float[] h = Data.seeded(seed).uniform(rows * 2 * d, -2, 2);
    float[] mirrored = h.clone();
    float[] mu = new float[rows * d];
    for (int i = 0; i < h.length; i++) {
      if (i % (2 * d) < d) {
        mirrored[i] = -h[i];
        mu[i / (2 * d) * d + i % (2 * d)] = h[i];
      }
    }
    Guarded sigma = Guarded.nanFilled(rows * d);
    Guarded z = Guarded.nanFilled(rows * d);
    Variational.sample(rows, d, Data.segment(h), Data.segment(new float[rows * d]), sigma.segment(), z.segment(), ONE);
    assertThat(result(z)).isEqualTo(mu);
    Guarded losses = Guarded.nanFilled(rows);
    Guarded same = Guarded.nanFilled(rows);
    Variational.divergence(rows, d, Data.segment(h), sigma.segment(), losses.segment(), ONE);
    Variational.divergence(rows, d, Data.segment(mirrored), sigma.segment(), same.segment(), ONE);
    assertThat(result(same)).isEqualTo(result(losses));
  }

  /** Of one stream: whoever stays with a small share stays with a greater one, since both look at the same number. */
  @Property(tries = 40)
  void whoeverIsKeptByASmallShareIsKeptByAGreaterOne(
      @ForAll @IntRange(min = 1, max = 900) int n, @ForAll @IntRange(min = 1, max = 98) int percent, @ForAll long seed) {
    float small = percent / 100f;
    float great = (percent + 1 + (int) Math.floorMod(seed, 99L - percent)) / 100f;
    Guarded few = Guarded.nanFilled(n);
    Guarded many = Guarded.nanFilled(n);
    Rng.dropoutMask(seed, 5, 0, n, few.segment(), small, ONE);
    Rng.dropoutMask(seed, 5, 0, n, many.segment(), great, ONE);
    float[] kept = result(few);
    float[] among = result(many);
    for (int i = 0; i < n; i++) {
      assertThat(kept[i] != 0 && among[i] == 0).as("element %d", i).isFalse();
      assertThat(kept[i]).isGreaterThanOrEqualTo(0f);
    }
  }

  @Property(tries = 40)
  void aPowerOfTwoPassesThroughRandomFills(
      @ForAll @IntRange(min = 1, max = 300) int n, @ForAll @IntRange(min = -6, max = 6) int s, @ForAll long seed) {
    float scale = Math.scalb(1f, s);
    Guarded plain = Guarded.nanFilled(n);
    Guarded scaled = Guarded.nanFilled(n);
    Rng.normal(seed, 2, 0, n, plain.segment(), -0.5f, 0.7f, ONE);
    Rng.normal(seed, 2, 0, n, scaled.segment(), -0.5f * scale, 0.7f * scale, ONE);
    assertThat(result(scaled)).isEqualTo(times(scale, result(plain)));
    Rng.uniform(seed, 2, 0, n, plain.segment(), -0.5f, 0.7f, ONE);
    Rng.uniform(seed, 2, 0, n, scaled.segment(), -0.5f * scale, 0.7f * scale, ONE);
    assertThat(result(scaled)).isEqualTo(times(scale, result(plain)));
  }

  /** The lanes and the tree are the same for all three. */
  @Property(tries = 40)
  void aDotProductIsSymmetricAndOfItselfTheSumOfSquares(@ForAll @IntRange(min = 1, max = 500) int n, @ForAll long seed) {
    Data data = Data.seeded(seed);
    MemorySegment x = Data.segment(data.uniform(n, -1, 1));
    MemorySegment y = Data.segment(data.uniform(n, -1, 1));
    assertThat(Reductions.dot(n, x, y)).isEqualTo(Reductions.dot(n, y, x));
    assertThat(Reductions.sumOfSquares(n, x)).isEqualTo(Reductions.dot(n, x, x));
  }
}
