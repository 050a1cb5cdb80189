package dev.lanewise.kernels;

import dev.lanewise.kernels.Recurrent.Cell;
import dev.lanewise.kernels.reference.RecurrentReference;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** Operands of a recurrent cell over all steps, guarded; outputs begin as NaN. Two cases of the same arguments hold the same numbers. */
final class RecurrentCase {
  private static final int SLACK = 3;
  private static final int COLUMN = 2;

  final Recurrent door;
  final int n;
  final Guarded gates;
  final Guarded w;
  final Guarded b;
  final Guarded state;
  final Guarded tape;
  final Guarded u;
  final Guarded y;
  final Guarded mask;
  final int ldy;
  private final boolean masked;

  RecurrentCase(Recurrent door, int n, boolean masked, long seed) {
    Data data = Data.seeded(seed);
    Cell cell = door.cell();
    int hidden = door.hidden();
    int steps = n * door.steps();
    this.door = door;
    this.n = n;
    this.masked = masked;
    this.ldy = hidden + SLACK;
    float scale = (float) (1 / Math.sqrt(hidden));
    gates = Guarded.of(data.uniform(steps * cell.gates() * hidden, -2f, 2f));
    w = Guarded.of(data.uniform(hidden * cell.gates() * hidden, -2 * scale, 2 * scale));
    b = Guarded.of(data.uniform(cell == Cell.GRU ? 3 * hidden : 0, -1f, 1f));
    state = Guarded.of(data.uniform(n * cell.states() * hidden, -1f, 1f));
    tape = Guarded.nanFilled(steps * cell.taped() * hidden);
    u = Guarded.nanFilled(cell == Cell.GRU ? 3 * steps * hidden : 0);
    y = Guarded.nanFilled(steps * ldy);
    int[] kept = data.below(steps, 3);
    mask = Guarded.ofInts(kept);
  }

  private MemorySegment maskOrNull() {
    return masked ? mask.segment() : MemorySegment.NULL;
  }

  private MemorySegment ofGru(Guarded operand) {
    return door.cell() == Cell.GRU ? operand.segment() : MemorySegment.NULL;
  }

  /** Whether a step of a sequence is computed. */
  boolean kept(int i, int step) {
    return !masked || mask.ints()[i * door.steps() + step] != 0;
  }

  RecurrentCase forward(Workers workers) {
    door.forward(n, gates.segment(), w.segment(), ofGru(b), maskOrNull(), state.segment(), tape.segment(), ofGru(u), y.segment(),
        ldy, COLUMN, workers);
    return this;
  }

  RecurrentCase forwardTwin() {
    RecurrentReference.forward(door, n, gates.segment(), w.segment(), ofGru(b), maskOrNull(), state.segment(),
        tape.segment(), ofGru(u), y.segment(), ldy, COLUMN);
    return this;
  }

  /** Takes the output for its own gradient and the state for the state's: any numbers will do. */
  RecurrentCase backward(Workers workers) {
    door.backward(n, gates.segment(), w.segment(), maskOrNull(), state.segment(), tape.segment(), ofGru(u), y.segment(), ldy,
        COLUMN, workers);
    return this;
  }

  RecurrentCase backwardTwin() {
    RecurrentReference.backward(door, n, gates.segment(), w.segment(), maskOrNull(), state.segment(), tape.segment(), ofGru(u),
        y.segment(), ldy, COLUMN);
    return this;
  }

  /** h after each step, [n, steps, hidden]. */
  float[] outputs() {
    int hidden = door.hidden();
    float[] rows = y.floats();
    float[] outputs = new float[n * door.steps() * hidden];
    for (int i = 0; i < n * door.steps(); i++) {
      System.arraycopy(rows, i * ldy + COLUMN, outputs, i * hidden, hidden);
    }
    return outputs;
  }

  /** Everything that a call may write, as bits. */
  List<int[]> bits() {
    return List.of(gates.bits(), state.bits(), tape.bits(), u.bits(), y.bits());
  }

  boolean guardsIntact() {
    return gates.guardsIntact() && w.guardsIntact() && b.guardsIntact() && state.guardsIntact() && tape.guardsIntact()
        && u.guardsIntact() && y.guardsIntact() && mask.guardsIntact();
  }

  /** Whether nothing but h was written to the rows of y. */
  boolean slackUntouched() {
    float[] rows = y.floats();
    for (int i = 0; i < rows.length; i++) {
      int j = i % ldy;
      if ((j < COLUMN || j >= COLUMN + door.hidden()) && !Float.isNaN(rows[i])) {
        return false;
      }
    }
    return true;
  }

  static boolean same(List<int[]> a, List<int[]> b) {
    return a.size() == b.size() && java.util.stream.IntStream.range(0, a.size()).allMatch(i -> Arrays.equals(a.get(i), b.get(i)));
  }
}
