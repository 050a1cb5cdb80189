package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.Recurrent.Cell;
import dev.lanewise.kernels.testkit.Allocation;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecurrentTest {
  private static final Workers ONE = Crew.of(1);
  private static final MemorySegment NULL = MemorySegment.NULL;

  private static MemorySegment floats(float... values) {
    return Data.segment(values);
  }

  private static float at(MemorySegment segment, int index) {
    return segment.getAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, index);
  }

  /** By hand: gates wide open or shut. */
  @Test
  void anLstmKeepsWritesAndShows() {
    Recurrent lstm = Recurrent.of(Cell.LSTM, 2, 1);
    // Step 1: i shut, f open, o open: c stays 0.5. Step 2: i open, f shut, g = tanh(100) = 1: c becomes 1; o shut.
    MemorySegment gates = floats(-200, 200, 0, 200, 200, -200, 100, -200);
    MemorySegment state = floats(0.25f, 0.5f);
    MemorySegment y = floats(0, 0);
    lstm.forward(1, gates, floats(0, 0, 0, 0), NULL, NULL, state, floats(new float[6]), NULL, y, 1, 0, ONE);
    assertThat(at(y, 0)).isCloseTo((float) Math.tanh(0.5), org.assertj.core.data.Offset.offset(2 * Math.ulp(0.5f)));
    assertThat(at(y, 1)).isZero();
    assertThat(at(state, 1)).isEqualTo(1f);
  }

  @Test
  void aGruResetsAfterTheProduct() {
    Recurrent gru = Recurrent.of(Cell.GRU, 1, 1);
    // r = 1/2 multiplies h W + b = 0.5 * 2 + 1, not h alone; z shut: h becomes tanh(0.25 + 1/2 * 2).
    MemorySegment state = floats(0.5f);
    gru.forward(1, floats(0, -200, 0.25f), floats(0, 0, 2), floats(0, 0, 1), NULL, state, floats(0), floats(new float[3]), NULL, 1,
        0, ONE);
    assertThat(at(state, 0)).isCloseTo((float) Math.tanh(1.25), org.assertj.core.data.Offset.offset(3 * Math.ulp(0.8f)));
  }

  /** The sum is -0, max(-0, 0) is +0; in whole vectors and beyond them. */
  @Test
  void reluLeavesNoMinusZero() {
    Recurrent relu = Recurrent.of(Cell.RNN_RELU, 1, 19);
    for (boolean twin : new boolean[] {false, true}) {
      RecurrentCase c = new RecurrentCase(relu, 2, false, 1);
      c.gates.segment().copyFrom(floats(filled(-0f, 2 * 19)));
      c.w.segment().copyFrom(floats(filled(-1, 19 * 19)));
      c.state.segment().copyFrom(floats(filled(0, 2 * 19)));
      assertThat((twin ? c.forwardTwin() : c.forward(ONE)).state.bits()).containsOnly(0);
    }
  }

  private static float[] filled(float value, int n) {
    float[] values = new float[n];
    Arrays.fill(values, value);
    return values;
  }

  @Test
  void aNanStaysInItsSequence() {
    Recurrent rnn = Recurrent.of(Cell.RNN_TANH, 2, 3);
    RecurrentCase clean = new RecurrentCase(rnn, 4, false, 5).forward(ONE);
    RecurrentCase dirty = new RecurrentCase(rnn, 4, false, 5);
    dirty.gates.segment().setAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, 2 * 2 * 3 + 1, Float.NaN);
    float[] got = dirty.forward(ONE).outputs();
    float[] want = clean.outputs();
    for (int i = 0; i < got.length; i++) {
      if (i / 6 != 2) {
        assertThat(got[i]).isEqualTo(want[i]);
      }
    }
    assertThat(got[2 * 6 + 1]).isNaN();
    // The next step of that sequence mixes all units.
    assertThat(new float[] {got[15], got[16], got[17]}).containsOnly(Float.NaN);
  }

  @Test
  void errorsNameBothSides() {
    Recurrent lstm = Recurrent.of(Cell.LSTM, 2, 3);
    MemorySegment w = floats(new float[36]);
    MemorySegment state = floats(new float[6]);
    MemorySegment tape = floats(new float[18]);
    MemorySegment gates = floats(new float[24]);
    assertThatThrownBy(() -> Recurrent.of(Cell.GRU, 0, 3)).hasMessage("Recurrent: 0 steps of 3 units; both must be at least 1");
    assertThatThrownBy(() -> lstm.forward(-1, gates, w, NULL, NULL, state, tape, NULL, NULL, 0, 0, ONE))
        .hasMessageContaining("-1 sequences");
    assertThatThrownBy(() -> lstm.forward(1, floats(new float[23]), w, NULL, NULL, state, tape, NULL, NULL, 0, 0, ONE))
        .hasMessage("Recurrent: the gates holds 23 elements but 24 are needed");
    assertThatThrownBy(() -> lstm.forward(1, gates, w, NULL, NULL, gates, tape, NULL, NULL, 0, 0, ONE))
        .hasMessageContaining("the gates overlaps the state");
    assertThatThrownBy(() -> lstm.forward(1, gates, w, NULL, NULL, state, tape, NULL, floats(new float[8]), 4, 2, ONE))
        .hasMessage("Recurrent: 3 units from column 2 on, but a step of the output has 4; they must fit");
    assertThatThrownBy(
        () -> Recurrent.of(Cell.GRU, 1, 3).forward(1, gates, w, NULL, NULL, state, tape, floats(new float[9]), NULL, 0, 0, ONE))
        .hasMessage("Recurrent: the recurrent bias holds 0 elements but 9 are needed");
  }

  @ParameterizedTest
  @EnumSource(Cell.class)
  void aSteadyCallAllocatesNothing(Cell cell) {
    RecurrentCase large = new RecurrentCase(Recurrent.of(cell, 5, 48), 13, false, 1);
    RecurrentCase small = new RecurrentCase(Recurrent.of(cell, 2, 19).reversed(), 3, true, 2);
    try (Workers two = Workers.threads(2)) {
      assertThat(Allocation.steady(() -> {
        large.forward(ONE).backward(ONE);
        small.forward(two).backward(two);
      })).isZero();
    }
  }
}
