package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.Recurrent.Cell;
import dev.lanewise.kernels.reference.RecurrentInDouble;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Sizes;
import java.lang.foreign.MemorySegment;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RecurrentProperties {
  private static final Workers ONE = Crew.of(1);

  private static Recurrent door(Cell cell, int steps, int hidden, boolean reversed) {
    Recurrent door = Recurrent.of(cell, steps, hidden);
    return reversed ? door.reversed() : door;
  }

  @Property(tries = 300)
  void bothPassesHaveTheBitsOfTheTwin(@ForAll Cell cell, @ForAll @IntRange(min = 0, max = 15) int n,
      @ForAll @IntRange(min = 1, max = 4) int steps, @ForAll(supplier = Sizes.NonZero.class) int hidden,
      @ForAll boolean reversed, @ForAll boolean masked, @ForAll long seed) {
    Recurrent door = door(cell, steps, hidden, reversed);
    RecurrentCase got = new RecurrentCase(door, n, masked, seed).forward(ONE);
    RecurrentCase want = new RecurrentCase(door, n, masked, seed).forwardTwin();
    assertThat(RecurrentCase.same(got.bits(), want.bits())).as("forward").isTrue();
    assertThat(got.slackUntouched()).isTrue();
    got.backward(ONE);
    want.backwardTwin();
    assertThat(RecurrentCase.same(got.bits(), want.bits())).as("backward").isTrue();
    assertThat(got.guardsIntact()).isTrue();
  }

  /** Beyond a block of k and of rows, one row less than a block, and beyond a block of k by so few rows that none is a tile. */
  @Property(tries = 12)
  void largeLayersHaveTheBitsOfTheTwin(
      @ForAll Cell cell, @ForAll @IntRange(min = 161, max = 200) int hidden, @ForAll @IntRange(max = 4) int few, @ForAll long seed) {
    Recurrent door = Recurrent.of(cell, 2, hidden);
    int n = few == 0 ? 100 : few == 4 ? 95 : few;
    RecurrentCase got = new RecurrentCase(door, n, false, seed).forward(ONE);
    RecurrentCase want = new RecurrentCase(door, n, false, seed).forwardTwin();
    assertThat(RecurrentCase.same(got.bits(), want.bits())).as("forward").isTrue();
    assertThat(RecurrentCase.same(got.backward(ONE).bits(), want.backwardTwin().bits())).as("backward").isTrue();
  }

  @Property(tries = 40)
  void anyNumberOfThreadsHasTheSameBits(@ForAll Cell cell, @ForAll @IntRange(min = 2, max = Crew.LARGEST) int threads,
      @ForAll @IntRange(min = 1, max = 40) int n, @ForAll @IntRange(min = 1, max = 70) int hidden, @ForAll boolean masked,
      @ForAll long seed) {
    Recurrent door = Recurrent.of(cell, 3, hidden);
    Workers many = Crew.of(threads);
    RecurrentCase got = new RecurrentCase(door, n, masked, seed).forward(many);
    RecurrentCase want = new RecurrentCase(door, n, masked, seed).forward(ONE);
    assertThat(RecurrentCase.same(got.bits(), want.bits())).as("forward").isTrue();
    assertThat(RecurrentCase.same(got.backward(many).bits(), want.backward(ONE).bits())).as("backward").isTrue();
  }

  /** One sequence of 6 steps, and the same as 2 and 4 steps that hand on the state, and backwards its gradient. */
  @Property(tries = 100)
  void aSequenceInPiecesHasTheSameBits(
      @ForAll Cell cell, @ForAll @IntRange(min = 1, max = 40) int hidden, @ForAll boolean reversed, @ForAll long seed) {
    int first = reversed ? 4 : 2;
    RecurrentCase whole = new RecurrentCase(door(cell, 6, hidden, reversed), 1, false, seed);
    RecurrentCase early = new RecurrentCase(door(cell, first, hidden, reversed), 1, false, seed);
    RecurrentCase late = new RecurrentCase(door(cell, 6 - first, hidden, reversed), 1, false, seed);
    copy(whole.w.segment(), 0, early.w.segment());
    copy(whole.w.segment(), 0, late.w.segment());
    copy(whole.b.segment(), 0, early.b.segment());
    copy(whole.b.segment(), 0, late.b.segment());
    long cut = early.gates.segment().byteSize();
    copy(whole.gates.segment(), 0, early.gates.segment());
    copy(whole.gates.segment(), cut, late.gates.segment());
    RecurrentCase begin = reversed ? late : early;
    RecurrentCase end = reversed ? early : late;
    copy(whole.state.segment(), 0, begin.state.segment());
    begin.forward(ONE);
    copy(begin.state.segment(), 0, end.state.segment());
    end.forward(ONE);
    whole.forward(ONE);
    assertThat(end.state.bits()).isEqualTo(whole.state.bits());
    assertThat(joined(early.outputs(), late.outputs())).isEqualTo(whole.outputs());
    end.backward(ONE);
    copy(end.state.segment(), 0, begin.state.segment());
    begin.backward(ONE);
    whole.backward(ONE);
    assertThat(begin.state.bits()).isEqualTo(whole.state.bits());
    assertThat(joined(early.gates.floats(), late.gates.floats())).isEqualTo(whole.gates.floats());
  }

  /** Within one step of a state that is known exactly: a chain of hidden terms and fewer than 10 roundings of functions, 4 u each. */
  @Property(tries = 100)
  void aStepLiesWithinItsBound(@ForAll Cell cell, @ForAll @IntRange(min = 1, max = 60) int hidden, @ForAll long seed) {
    Recurrent door = Recurrent.of(cell, 1, hidden);
    RecurrentCase got = new RecurrentCase(door, 2, false, seed);
    double[] w = Data.widened(got.w.floats());
    double[] state = Data.widened(got.state.floats());
    double[] a = Data.widened(got.gates.floats());
    double[] want = RecurrentInDouble.forward(door, 2, a, w, Data.widened(got.b.floats()), new boolean[0], state.clone());
    got.forward(ONE);
    // |a| <= 2, |b| <= 1, |h|, |c| <= 1 and |w| <= 2 / sqrt(hidden): what a gate adds up, and all functions have slopes up to 1.
    double mass = 3 + 2 * Math.sqrt(hidden);
    double[] masses = new double[want.length];
    java.util.Arrays.fill(masses, 4 * mass);
    Bounds.gamma(hidden + 8).times(masses).holds(got.outputs(), want);
  }

  @Property(tries = 100)
  void paddingLeavesTheStateAndHasNoGradient(@ForAll Cell cell, @ForAll @IntRange(min = 1, max = 20) int hidden, @ForAll long seed) {
    RecurrentCase c = new RecurrentCase(Recurrent.of(cell, 4, hidden), 3, true, seed);
    float[] before = c.state.floats();
    float[] y = c.forward(ONE).outputs();
    int stateWidth = cell.states() * hidden;
    for (int i = 0; i < 3; i++) {
      for (int step = 0; step < 4; step++) {
        for (int j = 0; !c.kept(i, step) && j < hidden; j++) {
          float was = step == 0 ? before[i * stateWidth + j] : y[(i * 4 + step - 1) * hidden + j];
          assertThat(y[(i * 4 + step) * hidden + j]).isEqualTo(was);
        }
      }
    }
    float[] gradient = c.backward(ONE).gates.floats();
    int width = cell.gates() * hidden;
    for (int i = 0; i < 3; i++) {
      for (int step = 0; step < 4; step++) {
        for (int j = 0; !c.kept(i, step) && j < width; j++) {
          assertThat(gradient[(i * 4 + step) * width + j]).isZero();
        }
      }
    }
  }

  private static void copy(MemorySegment from, long at, MemorySegment to) {
    MemorySegment.copy(from, at, to, 0, to.byteSize());
  }

  private static float[] joined(float[] a, float[] b) {
    float[] both = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
