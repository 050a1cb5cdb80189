package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.Recurrent.Cell;
import dev.lanewise.kernels.reference.RecurrentInDouble;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Differences;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All steps backwards against central differences of {@code sum dy y + sum dstate state} in double: for the projections and for the first state. */
class RecurrentGradientTest {
  private static final int N = 2;
  private static final int STEPS = 3;
  private static final int HIDDEN = 3;
  private static final MemorySegment NONE = MemorySegment.NULL;

  @ParameterizedTest
  @EnumSource(Cell.class)
  void projectionsAndFirstState(Cell cell) {
    holds(cell, Recurrent.of(cell, STEPS, HIDDEN));
  }

  @ParameterizedTest
  @EnumSource(Cell.class)
  void fromTheLastStepToTheFirstAndPastPadding(Cell cell) {
    holds(cell, Recurrent.of(cell, STEPS, HIDDEN).reversed(), 1, 1, 0, 1, 0, 1);
  }

  private static void holds(Cell cell, Recurrent r, int... kept) {
    MemorySegment mask = kept.length == 0 ? NONE : Guarded.ofInts(kept).segment();
    boolean gru = cell == Cell.GRU;
    int width = cell.gates() * HIDDEN;
    Data data = Data.seeded(11);
    float[] a = data.uniform(N * STEPS * width, -1f, 1f);
    float[] w = data.uniform(HIDDEN * width, -1f, 1f);
    float[] b = data.uniform(gru ? width : 0, -1f, 1f);
    float[] state = data.uniform(N * cell.states() * HIDDEN, -1f, 1f);
    float[] dy = data.uniform(N * STEPS * HIDDEN, -1f, 1f);
    float[] last = data.uniform(state.length, -1f, 1f);

    Guarded gates = Guarded.of(a);
    Guarded tape = Guarded.nanFilled(N * STEPS * cell.taped() * HIDDEN);
    MemorySegment u = gru ? Guarded.nanFilled(N * STEPS * width).segment() : NONE;
    r.forward(
        N, gates.segment(), Data.segment(w), gru ? Data.segment(b) : NONE, mask, Data.segment(state), tape.segment(), u,
        Guarded.nanFilled(dy.length).segment(), HIDDEN, 0, Crew.of(1));
    Guarded dstate = Guarded.of(last);
    r.backward(N, gates.segment(), Data.segment(w), mask, dstate.segment(), tape.segment(), u, Data.segment(dy), HIDDEN, 0, Crew.of(1));

    near(gates, Differences.gradient(Data.widened(a), at -> objective(r, at, w, b, kept, Data.widened(state), dy, last)));
    near(dstate, Differences.gradient(Data.widened(state), at -> objective(r, Data.widened(a), w, b, kept, at.clone(), dy, last)));
  }

  private static double objective(
      Recurrent r, double[] a, float[] w, float[] b, int[] kept, double[] state, float[] dy, float[] last) {
    boolean[] mask = new boolean[kept.length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = kept[i] != 0;
    }
    double[] y = RecurrentInDouble.forward(r, N, a, Data.widened(w), Data.widened(b), mask, state);
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      sum += dy[i] * y[i];
    }
    for (int i = 0; i < state.length; i++) {
      sum += last[i] * state[i];
    }
    return sum;
  }

  /** Operands are at most 1, and so are slopes: an element adds up at most 8 terms a unit and step, each through a product and functions of 2 ulp. */
  private static void near(Guarded got, double[] want) {
    double bound = Differences.ERROR + Bounds.gammaOf(2 * STEPS * (HIDDEN + 16)) * 8 * HIDDEN * STEPS;
    assertThat(bound).isLessThan(1e-3);
    double largest = 0;
    float[] floats = got.floats();
    for (int i = 0; i < want.length; i++) {
      assertThat(Math.abs(floats[i] - want[i])).as("element %d, %s by differences", i, want[i]).isLessThanOrEqualTo(bound);
      largest = Math.max(largest, Math.abs(want[i]));
    }
    assertThat(largest).isGreaterThan(0.2);
    assertThat(got.guardsIntact()).isTrue();
  }
}
