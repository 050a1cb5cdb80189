package dev.lanewise.kernels;

import static dev.lanewise.kernels.testkit.Data.filled;
import static dev.lanewise.kernels.testkit.Data.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.Recurrent.Cell;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cells of the tables of IEEE edges in the doors' Javadoc that neither {@link EdgesTest} nor a door's own test holds. Sizes are a vector and a rest. */
class EdgeTablesTest {
  private static final Workers ONE = Crew.of(1);
  private static final float NAN = Float.NaN;
  private static final float INFINITY = Float.POSITIVE_INFINITY;
  private static final MemorySegment NONE = MemorySegment.NULL;
  private static final int N = 19;

  /** Where exactly the elements are that are not finite. */
  private static int[] spoiled(Guarded y) {
    assertThat(y.guardsIntact()).isTrue();
    float[] got = y.floats();
    int[] places = new int[got.length];
    int n = 0;
    for (int i = 0; i < got.length; i++) {
      if (!Float.isFinite(got[i])) {
        places[n++] = i;
      }
    }
    return Arrays.copyOf(places, n);
  }

  private static int[] range(int from, int to) {
    int[] range = new int[to - from];
    Arrays.setAll(range, i -> from + i);
    return range;
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void aBadGradientSpoilsItsRowOfSoftmaxAndAYItsOwnElementOfTheLogarithm(float bad) {
    float[] dy = with(filled(3 * N, 1f), N + 3, bad);
    Guarded dx = Guarded.nanFilled(3 * N);
    Softmax.backward(3, N, Data.segment(filled(3 * N, 1f / N)), Data.segment(dy), dx.segment(), ONE);
    assertThat(spoiled(dx)).isEqualTo(range(N, 2 * N));
    Softmax.logSoftmaxBackward(3, N, Data.segment(filled(3 * N, -3f)), Data.segment(dy), dx.segment(), ONE);
    assertThat(spoiled(dx)).isEqualTo(range(N, 2 * N));
    float[] y = with(filled(3 * N, -3f), N + 3, bad);
    Softmax.logSoftmaxBackward(3, N, Data.segment(y), Data.segment(filled(3 * N, 1f)), dx.segment(), ONE);
    assertThat(spoiled(dx)).isEqualTo(bad < 0 ? new int[0] : new int[] {N + 3});
    assertThat(bad < 0 ? dx.floats()[N + 3] : 1f).isEqualTo(1f);
  }

  private interface Loss {
    void of(int rows, int cols, MemorySegment x, MemorySegment t, MemorySegment losses, MemorySegment dx, float scale, Workers workers);
  }

  private static float loss(Loss door, float[] x, float[] t, Guarded dx) {
    Guarded loss = Guarded.nanFilled(1);
    door.of(1, x.length, Data.segment(x), Data.segment(t), loss.segment(), dx.segment(), 1f, ONE);
    return loss.floats()[0];
  }

  @Test
  void lossesOfTargetsAreAsTheirTableSays() {
    Guarded dx = Guarded.nanFilled(N);
    float[] shares = filled(N, 1f / N);
    for (float bad : new float[] {NAN, INFINITY}) {
      assertThat(loss(Losses::crossEntropy, with(filled(N, 1f), 3, bad), shares, dx)).isNaN();
      assertThat(spoiled(dx)).isEqualTo(range(0, N));
    }
    assertThat(loss(Losses::crossEntropy, filled(N, 1f), with(filled(N, 1f), 3, NAN), dx)).isNaN();
    assertThat(loss(Losses::crossEntropy, with(filled(N, 1f), 3, -INFINITY), with(filled(N, 1f), 3, 0f), dx)).isNaN();
    assertThat(loss(Losses::crossEntropy, filled(N, 1f), filled(N, 0f), dx)).isZero();
    assertThat(dx.floats()).containsOnly(0f);
    assertThat(loss(Losses::binaryCrossEntropy, filled(N, 1f), with(filled(N, 1f), 3, NAN), dx)).isNaN();
    Bounds.gamma(ReductionsProperties.chain(N) + 8).times(Math.log(2))
        .holds(loss(Losses::binaryCrossEntropy, filled(N, 0f), filled(N, 1f), dx), Math.log(2));
    assertThat(loss(Losses::binaryCrossEntropy, filled(N, 3e38f), filled(N, 1f), dx)).isZero();
    assertThat(loss(Losses::squaredError, with(filled(N, 1f), 3, NAN), filled(N, 1f), dx)).isNaN();
    assertThat(spoiled(dx)).containsExactly(3);
    assertThat(loss(Losses::squaredError, with(filled(N, 1f), 3, -INFINITY), filled(N, 1f), dx)).isEqualTo(INFINITY);
    assertThat(dx.floats()[3]).isEqualTo(-INFINITY);
    assertThat(loss(Losses::squaredError, with(filled(N, 1f), 3, 1.9e19f), filled(N, 1f), dx)).isEqualTo(INFINITY);
    assertThat(loss(Losses::squaredError, with(filled(N, 1f), 3, 1.8e19f), filled(N, 1f), dx)).isFinite();
    assertThat(loss(Losses::squaredError, filled(N, 1f), filled(N, 1f), dx)).isZero();
  }

  @Test
  void aVarianceThatOverflowsMakesEachElementBetaOrNan() {
    float[] x = filled(2 * N, 1f);
    for (int i = 0; i < N; i++) {
      x[i] = i % 2 == 0 ? 3e38f : -3e38f;
    }
    Guarded y = Guarded.nanFilled(2 * N);
    Norms.layerNorm(2, N, Data.segment(x), ones(N), Data.segment(filled(N, 5f)), 1e-5f, y.segment(), zeros(2), zeros(2), ONE);
    for (int i = 0; i < 2 * N; i++) {
      assertThat((Float.isNaN(y.floats()[i]) && i < N) || y.floats()[i] == 5f).isTrue();
    }
  }

  @Test
  void inferenceKeepsABadElementToItselfAndABadAverageToItsChannel() {
    Guarded y = Guarded.nanFilled(3 * N);
    float[] x = with(with(filled(3 * N, 1f), N + 3, NAN), 2 * N + 17, INFINITY);
    Norms.batchNormInference(3, N, Data.segment(x), ones(N), zeros(N), 1e-3f, zeros(N), ones(N), y.segment(), ONE);
    assertThat(spoiled(y)).containsExactly(N + 3, 2 * N + 17);
    Norms.batchNormInference(
        3, N, ones(3 * N), ones(N), zeros(N), 0f, Data.segment(with(filled(N, 0f), 4, NAN)), Data.segment(with(filled(N, 1f), 18, 0f)),
        y.segment(), ONE);
    assertThat(spoiled(y)).containsExactly(4, 18, N + 4, N + 18, 2 * N + 4, 2 * N + 18);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void aBadGradientSpoilsItsRowOrChannelOfANormAndItsOwnSums(float bad) {
    float[] x = Data.seeded(1).uniform(3 * N, -2f, 2f);
    float[] dy = with(filled(3 * N, 1f), N + 3, bad);
    Guarded dx = Guarded.nanFilled(3 * N);
    Guarded dgamma = Guarded.nanFilled(N);
    Guarded dbeta = Guarded.nanFilled(N);
    Norms.layerNormBackward(
        3, N, Data.segment(x), ones(N), zeros(3), ones(3), Data.segment(dy), dx.segment(), dgamma.segment(), dbeta.segment(), false, ONE);
    assertThat(spoiled(dx)).isEqualTo(range(N, 2 * N));
    assertThat(spoiled(dgamma)).containsExactly(3);
    assertThat(spoiled(dbeta)).containsExactly(3);
    Norms.batchNormBackward(
        3, N, Data.segment(x), ones(N), zeros(N), ones(N), Data.segment(dy), dx.segment(), dgamma.segment(), dbeta.segment(), false, ONE);
    assertThat(spoiled(dx)).containsExactly(3, N + 3, 2 * N + 3);
    assertThat(spoiled(dgamma)).containsExactly(3);
    assertThat(spoiled(dbeta)).containsExactly(3);
  }

  @Test
  void infiniteGradientsMakeSgdsWeightsInfiniteAndAnAverageNanAtTheNextStep() {
    MemorySegment g = Data.segment(with(filled(N, 1f), 3, INFINITY));
    Guarded w = Guarded.of(filled(N, 1f));
    Optimizers.sgd(N, w.segment(), g, 0.1f, 0f, ONE);
    assertThat(spoiled(w)).containsExactly(3);
    assertThat(w.floats()[3]).isEqualTo(-INFINITY);
    Guarded pushed = Guarded.of(filled(N, 1f));
    Guarded velocity = Guarded.of(filled(N, 0f));
    Optimizers.momentum(N, pushed.segment(), g, velocity.segment(), 0.1f, 0.9f, false, 0f, ONE);
    assertThat(pushed.floats()[3]).isEqualTo(-INFINITY);
    assertThat(spoiled(velocity)).containsExactly(3);
    Guarded average = Guarded.of(filled(N, 1f));
    Optimizers.ema(N, Data.segment(with(filled(N, 1f), 3, INFINITY)), average.segment(), 0.9f, ONE);
    assertThat(average.floats()[3]).isEqualTo(INFINITY);
    Optimizers.ema(N, ones(N), average.segment(), 0.9f, ONE);
    assertThat(average.floats()[3]).isNaN();
  }

  @Test
  void aBadElementSpoilsItsOwnColumn() {
    Guarded sums = Guarded.nanFilled(N);
    Reductions.columnSums(3, N, Data.segment(with(filled(3 * N, 1f), N + 18, NAN)), sums.segment(), false, ONE);
    assertThat(spoiled(sums)).containsExactly(18);
    Reductions.columnSums(3, N, Data.segment(filled(3 * N, -0f)), sums.segment(), false, ONE);
    assertThat(sums.bits()).containsOnly(0);
  }

  /** Causal, two heads of 3 channels, 5 positions: query 2 sees keys 0 to 2. */
  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void aBadQueryKeyOrValueReachesTheOutputsThatSeeIt(float bad) {
    int all = 6;
    for (int which = 0; which < 3; which++) {
      MemorySegment x = Data.segment(with(Data.seeded(7).uniform(5 * 3 * all, 0.1f, 1f), 2 * 3 * all + which * all + 1, bad));
      Guarded y = Guarded.nanFilled(5 * all);
      Attention.self(2, 3, true).infer(1, 5, 5, x, x, NONE, y.segment(), ONE);
      int[] firstHead =
          which == 0 ? new int[] {12, 13, 14} : which == 1 ? new int[] {12, 13, 14, 18, 19, 20, 24, 25, 26} : new int[] {13, 19, 25};
      assertThat(spoiled(y)).isEqualTo(firstHead);
    }
  }

  @Test
  void poolsPassABadGradientToWhereItsWindowLooked() {
    Pool2d pool = Pool2d.of(4, 4, N, 2, 2, 2, 2);
    Guarded dx = Guarded.nanFilled(16 * N);
    MemorySegment dy = Data.segment(with(filled(4 * N, 1f), 3 * N + 17, NAN));
    pool.averageBackward(1, dy, dx.segment(), ONE);
    assertThat(spoiled(dx)).containsExactly(10 * N + 17, 11 * N + 17, 14 * N + 17, 15 * N + 17);
    Guarded taps = Guarded.nanFilled(4 * N);
    pool.maxForward(1, Data.segment(with(filled(16 * N, 1f), 11 * N + 17, INFINITY)), Guarded.nanFilled(4 * N).segment(), taps.segment(),
        ONE);
    pool.maxBackward(1, dy, taps.segment(), dx.segment(), ONE);
    assertThat(spoiled(dx)).containsExactly(11 * N + 17);
    Guarded y = Guarded.nanFilled(4 * N);
    float[] x = with(filled(16 * N, -0f), 5 * N, NAN);
    x[2 * N + 1] = INFINITY;
    pool.averageForward(1, Data.segment(x), y.segment(), ONE);
    assertThat(spoiled(y)).containsExactly(0, N + 1);
    assertThat(y.floats()[N + 1]).isEqualTo(INFINITY);
    assertThat(y.bits()[2]).isZero();
  }

  /** Two sequences, three steps. */
  @ParameterizedTest
  @EnumSource(Cell.class)
  void aBadGradientGoesBackThroughItsOwnSequenceAlone(Cell cell) {
    int hidden = 17;
    int gates = cell.gates() * hidden;
    boolean gru = cell == Cell.GRU;
    Recurrent r = Recurrent.of(cell, 3, hidden);
    Guarded a = Guarded.of(filled(6 * gates, 0.5f));
    MemorySegment w = Data.segment(filled(gates * hidden, 0.01f));
    MemorySegment tape = zeros(6 * cell.taped() * hidden);
    MemorySegment u = gru ? zeros(6 * gates) : NONE;
    r.forward(2, a.segment(), w, gru ? zeros(gates) : NONE, NONE, zeros(2 * cell.states() * hidden), tape, u, zeros(6 * hidden), hidden, 0,
        ONE);
    float[] dy = with(filled(6 * hidden, 1f), hidden + 3, NAN); // the first sequence, its second step
    r.backward(2, a.segment(), w, NONE, zeros(2 * cell.states() * hidden), tape, u, Data.segment(dy), hidden, 0, ONE);
    int[] bad = spoiled(a);
    assertThat(bad).isNotEmpty();
    assertThat(bad[bad.length - 1]).as("the last place of two steps").isLessThan(2 * gates);
    // At the step itself the unit alone, at the step before every unit.
    assertThat(Arrays.stream(bad).filter(i -> i < gates).mapToObj(i -> i % hidden).distinct().count()).isEqualTo(hidden);
    assertThat(Arrays.stream(bad).filter(i -> i >= gates).mapToObj(i -> i % hidden).distinct()).containsExactly(3);
  }

  @Test
  void rowsAndPixelsAreCopiedWithThePayloadOfTheirNans() {
    int payload = 0x7fc0_1234;
    Guarded table = Guarded.ofInts(range(payload, payload + 2 * N));
    Guarded y = Guarded.nanFilled(N);
    Embedding.gather(2, N, table.segment(), 1, Guarded.ofInts(1).segment(), y.segment(), ONE);
    assertThat(y.ints()).isEqualTo(range(payload + N, payload + 2 * N));
    Guarded ids = Guarded.nanFilled(1);
    Embedding.ids(1, Data.segment(-0f), ids.segment());
    assertThat(ids.ints()).containsExactly(0);
    for (float bad : new float[] {NAN, INFINITY, -INFINITY, 0.5f}) {
      assertThatThrownBy(() -> Embedding.ids(1, Data.segment(bad), ids.segment())).hasMessageContaining("no whole number");
    }
  }

  @Test
  void aBadPixelOrGradientReachesTheWeightsItMetAndNoOtherPixel() {
    Conv2d conv = Conv2d.of(4, 4, 1, 2, 2, 2, 2, 2, 0, 0, 0, 0, 1, 1); // four patches side by side
    Guarded dx = Guarded.nanFilled(16);
    MemorySegment dy = Data.segment(with(filled(8, 1f), 2, NAN)); // the second patch, first filter
    conv.backwardInput(1, dy, ones(8), dx.segment(), ONE);
    assertThat(spoiled(dx)).containsExactly(2, 3, 6, 7);
    Guarded dw = Guarded.nanFilled(8);
    conv.backwardWeights(1, ones(16), dy, dw.segment(), false, ONE);
    assertThat(spoiled(dw)).containsExactly(0, 2, 4, 6);
    conv.backwardWeights(1, Data.segment(with(filled(16, 1f), 7, NAN)), ones(8), dw.segment(), false, ONE);
    assertThat(spoiled(dw)).containsExactly(6, 7);
  }

  @Test
  void elementsKeepTheirSignsAndBytesMeetTheirFactor() {
    Guarded z = Guarded.nanFilled(N);
    Elementwise.subtract(N, ones(N), ones(N), z.segment());
    assertThat(z.bits()).containsOnly(0);
    Elementwise.add(N, Data.segment(filled(N, -0f)), Data.segment(filled(N, -0f)), z.segment());
    assertThat(z.floats()).containsOnly(-0f);
    MemorySegment bytes = zeros(N).fill((byte) 1);
    bytes.set(java.lang.foreign.ValueLayout.JAVA_BYTE, 2, (byte) 0);
    Elementwise.scaleBytes(N, bytes, INFINITY, z.segment());
    assertThat(z.floats()[1]).isEqualTo(INFINITY);
    assertThat(z.floats()[2]).isNaN();
  }

  private static MemorySegment zeros(int n) {
    return Data.segment(new float[n]);
  }

  private static MemorySegment ones(int n) {
    return Data.segment(filled(n, 1f));
  }
}
