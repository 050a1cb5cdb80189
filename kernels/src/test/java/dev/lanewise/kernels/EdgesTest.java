package dev.lanewise.kernels;

import static dev.lanewise.kernels.testkit.Data.filled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.Recurrent.Cell;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** IEEE edges that a door's Javadoc states and no other test of the door holds: how far a NaN or an infinity reaches, overflow, and nothing to do. */
class EdgesTest {
  private static final Workers ONE = Crew.of(1);
  private static final float NAN = Float.NaN;
  private static final float INFINITY = Float.POSITIVE_INFINITY;
  private static final MemorySegment NONE = MemorySegment.NULL;

  @Test
  void aPixelThatIsNanReachesTheWindowsThatSeeItAndAWeightEvenTheBorder() {
    Conv2d conv = Conv2d.of(5, 5, 1, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    float[] x = filled(25, 1f);
    x[0] = NAN;
    float[] w = filled(9, 1f);
    Guarded y = Guarded.nanFilled(25);
    conv.forward(1, Data.segment(x), Data.segment(w), y.segment(), Epilogue.NONE, ONE);
    for (int i = 0; i < 25; i++) {
      assertThat(Float.isNaN(y.floats()[i])).as("pixel %d", i).isEqualTo(i / 5 < 2 && i % 5 < 2);
    }
    w[0] = INFINITY;
    conv.forward(1, Data.segment(filled(25, 1f)), Data.segment(w), y.segment(), Epilogue.NONE, ONE);
    // The first weight meets padding, a 0, in the first row and column.
    for (int i = 0; i < 25; i++) {
      assertThat(y.floats()[i]).as("pixel %d", i).isEqualTo(Float.valueOf(i / 5 == 0 || i % 5 == 0 ? NAN : INFINITY));
    }
  }

  /** 40 parameters, of which one has the gradient: among whole vectors, or in the rest. */
  @ParameterizedTest
  @CsvSource({"3, NaN, NaN", "39, NaN, NaN", "3, Infinity, NaN", "39, Infinity, NaN", "3, 1e20, 1", "39, 1e20, 1", "3, 0, NaN",
      "39, 0, NaN"})
  void aBadGradientSpoilsItsOwnWeightAndOneTooLargeToSquareTakesNoAdaptiveStep(int at, float gradient, float weight) {
    float[] g = filled(40, 1f);
    g[at] = gradient;
    Guarded adam = Guarded.of(filled(40, 1f));
    Optimizers.adam(40, adam.segment(), Data.segment(g), zeros(40), zeros(40), 0.1f, 0.9f, 0.999f, 0f, 1, ONE);
    Guarded rmsprop = Guarded.of(filled(40, 1f));
    Optimizers.rmsprop(40, rmsprop.segment(), Data.segment(g), zeros(40), 0.1f, 0.9f, 0f, 0f, ONE);
    for (float[] w : new float[][] {adam.floats(), rmsprop.floats()}) {
      assertThat(w[at]).isEqualTo(Float.valueOf(weight));
      w[at] = 0f;
      for (float each : w) {
        assertThat(each).isBetween(0f, 0.95f);
      }
    }
  }

  @Test
  void anAverageOfWeightsKeepsANan() {
    Guarded average = Guarded.of(1f, 1f);
    Optimizers.ema(2, Data.segment(NAN, 1f), average.segment(), 0.9f, ONE);
    Optimizers.ema(2, Data.segment(1f, 1f), average.segment(), 0.9f, ONE);
    assertThat(average.floats()).containsExactly(NAN, 1f);
  }

  /** Three steps of two sequences, 17 units: a vector and a rest. */
  private static float[] recurrent(Cell cell, float everywhere, float first) {
    int hidden = 17;
    int gates = cell.gates() * hidden;
    float[] a = filled(2 * 3 * gates, everywhere);
    a[0] = first;
    Guarded y = Guarded.nanFilled(2 * 3 * hidden);
    boolean gru = cell == Cell.GRU;
    Recurrent.of(cell, 3, hidden).forward(
        2, Data.segment(a), Data.segment(filled(gates * hidden, 0.01f)), gru ? zeros(gates) : NONE, NONE, zeros(2 * cell.states() * hidden),
        zeros(2 * 3 * cell.taped() * hidden), gru ? zeros(2 * 3 * gates) : NONE, y.segment(), hidden, 0, ONE);
    return y.floats();
  }

  @ParameterizedTest
  @EnumSource(Cell.class)
  void aNanReachesAllUnitsOfItsSequenceAtTheNextStepAndNoOtherSequence(Cell cell) {
    float[] y = recurrent(cell, 0.5f, NAN);
    for (int i = 0; i < y.length; i++) {
      assertThat(Float.isNaN(y[i])).as("output %d", i).isEqualTo(i == 0 || (i >= 17 && i < 3 * 17));
    }
  }

  @ParameterizedTest
  @EnumSource(Cell.class)
  void infiniteProjectionsSaturateTheGates(Cell cell) {
    for (float projection : new float[] {INFINITY, -INFINITY}) {
      float[] y = recurrent(cell, projection, projection);
      // LSTM: open gates add 1 to the cell at each step, closed ones keep nothing; GRU: an update gate of 1 keeps the state of 0.
      float want = switch (cell) {
        case RNN_TANH -> projection > 0 ? 1f : -1f;
        case RNN_RELU -> projection > 0 ? INFINITY : 0f;
        case LSTM -> projection > 0 ? (float) Math.tanh(1) : 0f;
        case GRU -> projection > 0 ? 0f : -1f;
      };
      assertThat(Math.abs(y[0] - want) <= Math.ulp(1f) || y[0] == want).as("%s by %s gives %s", cell, projection, y[0]).isTrue();
    }
  }

  @Test
  void scatteredNansStayInTheirRowAndInfinitiesOfBothSignsMakeOne() {
    Guarded table = Guarded.of(filled(3 * 17, 1f));
    float[] dy = filled(4 * 17, 1f);
    dy[0] = INFINITY;
    dy[17] = -INFINITY;
    dy[2 * 17 + 16] = NAN;
    Embedding.scatterAdd(3, 17, 4, Guarded.ofInts(0, 0, 2, 0).segment(), Data.segment(dy), table.segment(), true, ONE);
    float[] got = table.floats();
    for (int i = 0; i < got.length; i++) {
      assertThat(got[i]).as("element %d", i)
          .isEqualTo(Float.valueOf(i == 0 || i == 2 * 17 + 16 ? NAN : i / 17 == 0 ? 4f : i / 17 == 1 ? 1f : 2f));
    }
  }

  @Test
  void anEnlargedPixelKeepsItsBitsAndItsGradientStartsFromPlusZero() {
    UpSample2d up = new UpSample2d(1, 2, 1, 2, 2);
    Guarded y = Guarded.nanFilled(8);
    int nan = 0x7fc0_1234;
    int zero = Float.floatToRawIntBits(-0f);
    up.forward(1, Guarded.ofInts(nan, zero).segment(), y.segment(), ONE);
    assertThat(y.ints()).containsExactly(nan, nan, zero, zero, nan, nan, zero, zero);
    Guarded dx = Guarded.nanFilled(2);
    up.backward(1, Data.segment(INFINITY, 1f, -0f, -0f, -INFINITY, 1f, -0f, -0f), dx.segment(), ONE);
    assertThat(dx.floats()).containsExactly(NAN, 0f);
  }

  @Test
  void whereThereIsNothingToDoNothingIsWritten() {
    MemorySegment nothing = Data.segment();
    Guarded untouched = Guarded.nanFilled(3);
    MemorySegment y = untouched.segment();
    Activations.gelu(0, nothing, y, ONE);
    Activations.geluBackward(0, nothing, nothing, y, ONE);
    Elementwise.add(0, nothing, nothing, y);
    Softmax.forward(0, 3, nothing, y, ONE);
    Gemm.multiply(false, false, 0, 3, 2, nothing, 2, zeros(6), 3, y, 3, false, Epilogue.NONE, ONE);
    Gemm.multiply(false, false, 3, 0, 2, zeros(6), 2, nothing, 0, y, 0, false, Epilogue.NONE, ONE);
    Conv2d.of(2, 2, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1).forward(0, nothing, zeros(1), y, Epilogue.NONE, ONE);
    Pool2d.of(2, 2, 1, 2, 2, 2, 2).maxForward(0, nothing, y, ONE);
    new UpSample2d(1, 1, 1, 2, 2).forward(0, nothing, y, ONE);
    Norms.layerNorm(0, 3, nothing, zeros(3), zeros(3), 1e-5f, y, nothing, nothing, ONE);
    Embedding.gather(2, 3, zeros(6), 0, nothing, y, ONE);
    Optimizers.sgd(0, y, nothing, 0.1f, 0f, ONE);
    Rng.normal(1, 2, 0, 0, y, 0f, 1f, ONE);
    Attention.self(1, 3, true).infer(0, 1, 1, nothing, nothing, NONE, y, ONE);
    assertThat(untouched.floats()).containsOnly(NAN);
    assertThat(untouched.guardsIntact()).isTrue();
    assertThat(Reductions.sum(0, nothing)).isZero();
    assertThat(Reductions.firstNonFinite(0, nothing)).isEqualTo(-1);
  }

  private static MemorySegment zeros(int n) {
    return Data.segment(new float[n]);
  }
}
