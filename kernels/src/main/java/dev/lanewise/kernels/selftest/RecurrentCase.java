package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.Recurrent;
import dev.lanewise.kernels.Recurrent.Cell;
import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.recurrent.RecurrentTask;
import dev.lanewise.kernels.reference.RecurrentReference;
import java.lang.foreign.MemorySegment;

/** One step of a cell for one sequence, as many units as a vector has lanes and one more, and back. */
public final class RecurrentCase implements SelfTest.Case {
  private static final int N = Lanes.COUNT + 1;

  private final Cell cell;

  public RecurrentCase(Cell cell) {
    this.cell = cell;
  }

  @Override
  public void run(Sample sample) {
    Recurrent r = Recurrent.of(cell, 1, N);
    RecurrentTask task = sample.workers().state(RecurrentTask.KEY);
    boolean gru = cell == Cell.GRU;
    int gates = cell.gates() * N;
    MemorySegment none = MemorySegment.NULL;
    MemorySegment w = sample.values(N * gates);
    MemorySegment b = gru ? sample.values(gates) : none;
    MemorySegment a = sample.values(gates);
    MemorySegment wantA = sample.copy(a);
    MemorySegment state = sample.values(cell.states() * N);
    MemorySegment wantState = sample.copy(state);
    MemorySegment tape = sample.blank(cell.taped() * N);
    MemorySegment wantTape = sample.blank(cell.taped() * N);
    MemorySegment u = gru ? sample.blank(gates) : none;
    MemorySegment wantU = gru ? sample.blank(gates) : none;
    task.forward(r, 1, a, w, b, none, state, tape, u, none, N, 0, sample.workers());
    RecurrentReference.forward(r, 1, wantA, w, b, none, wantState, wantTape, wantU, none, N, 0);
    sample.same(cell + " forwards", state, wantState);
    sample.same("the gates of " + cell, a, wantA);
    MemorySegment dy = sample.values(N);
    task.backward(r, 1, a, w, none, state, tape, u, dy, N, 0, sample.workers());
    RecurrentReference.backward(r, 1, wantA, w, none, wantState, wantTape, wantU, dy, N, 0);
    sample.same(cell + " backwards", state, wantState);
    sample.same("the gradient for the gates of " + cell, a, wantA);
  }
}
