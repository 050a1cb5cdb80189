package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.Recurrent;
import dev.lanewise.kernels.Recurrent.Cell;
import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.recurrent.RecurrentTask;
import dev.lanewise.kernels.reference.RecurrentReference;
import java.lang.foreign.MemorySegment;

/**
 * A step of a cell for one sequence, or back: with its product for one unit, without it for as many units as a vector has lanes and one more. The
 * product of so many would take the interpreter most of the time, and its loops are tried with products.
 */
public final class RecurrentCase implements SelfTest.Case {
  private static final int N = Lanes.COUNT + 1;

  private final Cell cell;
  private final boolean back;

  public RecurrentCase(Cell cell, boolean back) {
    this.cell = cell;
    this.back = back;
  }

  @Override
  public void run(Sample sample) {
    RecurrentTask task = sample.workers().state(RecurrentTask.KEY);
    compare(sample, task, Recurrent.of(cell, 1, 1), true);
    compare(sample, task, Recurrent.of(cell, 1, N), false);
  }

  private void compare(Sample sample, RecurrentTask task, Recurrent r, boolean whole) {
    boolean gru = cell == Cell.GRU;
    int units = r.hidden();
    int gates = cell.gates() * units;
    MemorySegment none = MemorySegment.NULL;
    MemorySegment w = sample.values(whole ? units * gates : 0);
    MemorySegment b = gru ? sample.values(gates) : none;
    MemorySegment a = sample.values(gates);
    MemorySegment wantA = sample.copy(a);
    MemorySegment state = sample.values(cell.states() * units);
    MemorySegment wantState = sample.copy(state);
    MemorySegment tape = sample.values(cell.taped() * units);
    MemorySegment wantTape = sample.copy(tape);
    MemorySegment u = gru ? sample.values(gates) : none;
    MemorySegment wantU = gru ? sample.copy(u) : none;
    MemorySegment y = back ? sample.values(units) : sample.blank(units);
    if (back) {
      backwards(sample, task, r, whole, w, new Operands(a, state, tape, u), new Operands(wantA, wantState, wantTape, wantU), y);
      return;
    }
    MemorySegment wantY = sample.blank(units);
    if (whole) {
      task.forward(r, 1, a, w, b, none, state, tape, u, y, units, 0, sample.workers());
      RecurrentReference.forward(r, 1, wantA, w, b, none, wantState, wantTape, wantU, wantY, units, 0);
    } else {
      task.step(r, false, a, state, tape, u, y);
      RecurrentReference.afterProduct(r, false, wantA, 0, wantState, 0, wantTape, 0, wantU, wantY, 0);
    }
    sample.same("the output", y, wantY);
    sample.same("the state", state, wantState);
    sample.same("the gates", a, wantA);
    sample.same("the tape", tape, wantTape);
  }

  private record Operands(MemorySegment gates, MemorySegment state, MemorySegment tape, MemorySegment u) {}

  private void backwards(
      Sample sample, RecurrentTask task, Recurrent r, boolean whole, MemorySegment w, Operands got, Operands want, MemorySegment dy) {
    int units = r.hidden();
    MemorySegment none = MemorySegment.NULL;
    if (whole) {
      task.backward(r, 1, got.gates, w, none, got.state, got.tape, got.u, dy, units, 0, sample.workers());
      RecurrentReference.backward(r, 1, want.gates, w, none, want.state, want.tape, want.u, dy, units, 0);
    } else {
      task.step(r, true, got.gates, got.state, got.tape, got.u, dy);
      RecurrentReference.beforeProduct(r, false, want.gates, 0, want.state, 0, want.tape, 0, want.u, dy, 0);
    }
    sample.same("the gradient for the state", got.state, want.state);
    sample.same("the gradient for the gates", got.gates, want.gates);
    if (cell == Cell.GRU) {
      sample.same("the gradient for the products", got.u, want.u);
    }
  }
}
