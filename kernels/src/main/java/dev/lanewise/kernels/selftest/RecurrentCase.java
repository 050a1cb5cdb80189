package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.Recurrent;
import dev.lanewise.kernels.Recurrent.Cell;
import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.recurrent.RecurrentTask;
import dev.lanewise.kernels.reference.RecurrentReference;
import java.lang.foreign.MemorySegment;

/**
 * A step of a cell for one sequence and back: with its product for one unit, without it for as many units as a vector has lanes and one more. The
 * product of so many would take the interpreter most of the time, and its loops are tried with products.
 */
public final class RecurrentCase implements SelfTest.Case {
  private static final int N = Lanes.COUNT + 1;

  private final Cell cell;

  public RecurrentCase(Cell cell) {
    this.cell = cell;
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
    MemorySegment tape = sample.blank(cell.taped() * units);
    MemorySegment wantTape = sample.blank(cell.taped() * units);
    MemorySegment u = gru ? sample.values(gates) : none;
    MemorySegment wantU = gru ? sample.copy(u) : none;
    MemorySegment y = sample.blank(units);
    MemorySegment wantY = sample.blank(units);
    if (whole) {
      task.forward(r, 1, a, w, b, none, state, tape, u, y, units, 0, sample.workers());
      RecurrentReference.forward(r, 1, wantA, w, b, none, wantState, wantTape, wantU, wantY, units, 0);
    } else {
      task.step(r, false, a, state, tape, u, y);
      RecurrentReference.afterProduct(r, false, wantA, 0, wantState, 0, wantTape, 0, wantU, wantY, 0);
    }
    sample.same(cell + " forwards", y, wantY);
    sample.same("the state of " + cell, state, wantState);
    sample.same("the gates of " + cell, a, wantA);
    MemorySegment dy = sample.values(units);
    if (whole) {
      task.backward(r, 1, a, w, none, state, tape, u, dy, units, 0, sample.workers());
      RecurrentReference.backward(r, 1, wantA, w, none, wantState, wantTape, wantU, dy, units, 0);
    } else {
      task.step(r, true, a, state, tape, u, dy);
      RecurrentReference.beforeProduct(r, false, wantA, 0, wantState, 0, wantTape, 0, wantU, dy, 0);
    }
    sample.same(cell + " backwards", state, wantState);
    sample.same("the gradient for the gates of " + cell, a, wantA);
    if (gru) {
      sample.same("the gradient for the products of " + cell, u, wantU);
    }
  }
}
