package dev.lanewise.kernels.recurrent;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.kernels.Recurrent;
import dev.lanewise.kernels.Recurrent.Cell;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.gemm.StepProduct;
import java.lang.foreign.MemorySegment;

/**
 * The loop over the steps. A piece of work is a group of sequences over all of their steps: the weights are packed once and read by all
 * workers, and nobody waits for anybody until the last step.
 */
public final class RecurrentTask implements Workers.Task {
  /** Kept with the workers: packed weights and scratch live from call to call. */
  public static final Workers.Key<RecurrentTask> KEY = new Workers.Key<>(RecurrentTask::new);

  private final StepProduct product = new StepProduct();
  private StepProduct.Scratch[] scratch = {};

  private Cell cell = Cell.RNN_TANH;
  private boolean backward;
  private boolean descending;
  private int n;
  private int steps;
  private int hidden;
  private int rowsPerPiece;
  private MemorySegment gates = MemorySegment.NULL;
  private MemorySegment b = MemorySegment.NULL;
  private MemorySegment mask = MemorySegment.NULL;
  private MemorySegment state = MemorySegment.NULL;
  private MemorySegment tape = MemorySegment.NULL;
  private MemorySegment u = MemorySegment.NULL;
  private MemorySegment y = MemorySegment.NULL;
  private boolean masked;
  private boolean hasY;

  /** Bytes of one step of one sequence, and where in it an output begins. */
  private long gateBytes;

  private long stateBytes;
  private long tapeBytes;
  private long outputBytes;
  private long outputAt;

  private RecurrentTask() {}

  /** Arguments as for the door. */
  public void forward(
      Recurrent geometry, int newN, MemorySegment newGates, MemorySegment w, MemorySegment newB, MemorySegment newMask,
      MemorySegment newState, MemorySegment newTape, MemorySegment newU, MemorySegment newY, int ldy, int column,
      Workers workers) {
    backward = false;
    b = newB;
    set(geometry, newN, newGates, newMask, newState, newTape, newU, newY, ldy, column);
    product.pack(w, false, hidden, cell.gates() * hidden, workers);
    run(workers);
  }

  /** Arguments as for the door. */
  public void backward(
      Recurrent geometry, int newN, MemorySegment newGates, MemorySegment w, MemorySegment newMask,
      MemorySegment newDstate, MemorySegment newTape, MemorySegment newU, MemorySegment dy, int ldy, int column,
      Workers workers) {
    backward = true;
    set(geometry, newN, newGates, newMask, newDstate, newTape, newU, dy, ldy, column);
    product.pack(w, true, cell.gates() * hidden, hidden, workers);
    run(workers);
  }

  /** A step of one sequence without the product, forwards or back: what the self-test compares for many units, since a product would cost most. */
  public void step(
      Recurrent geometry, boolean back, MemorySegment newGates, MemorySegment newState, MemorySegment newTape, MemorySegment newU,
      MemorySegment newY) {
    backward = back;
    set(geometry, 1, newGates, MemorySegment.NULL, newState, newTape, newU, newY, geometry.hidden(), 0);
    try {
      if (back) {
        gradients(0, 1, 0);
      } else {
        cells(0, 1, 0);
      }
    } finally {
      clear();
    }
  }

  private void set(
      Recurrent geometry, int newN, MemorySegment newGates, MemorySegment newMask, MemorySegment newState,
      MemorySegment newTape, MemorySegment newU, MemorySegment newY, int ldy, int column) {
    cell = geometry.cell();
    steps = geometry.steps();
    hidden = geometry.hidden();
    descending = geometry.isReversed() != backward;
    n = newN;
    gates = newGates;
    mask = newMask;
    state = newState;
    tape = newTape;
    u = newU;
    y = newY;
    masked = mask.address() != 0;
    hasY = y.address() != 0;
    gateBytes = 4L * cell.gates() * hidden;
    stateBytes = 4L * cell.states() * hidden;
    tapeBytes = 4L * cell.taped() * hidden;
    outputBytes = 4L * ldy;
    outputAt = 4L * column;
  }

  private void run(Workers workers) {
    try {
      int threads = workers.threads();
      if (scratch.length < threads) {
        scratch = new StepProduct.Scratch[threads];
        for (int i = 0; i < threads; i++) {
          scratch[i] = new StepProduct.Scratch();
        }
      }
      rowsPerPiece = Math.max(1, (n + threads - 1) / threads);
      workers.run(this, (n + rowsPerPiece - 1) / rowsPerPiece);
    } finally {
      clear();
    }
  }

  private void clear() {
    gates = MemorySegment.NULL;
    b = MemorySegment.NULL;
    mask = MemorySegment.NULL;
    state = MemorySegment.NULL;
    tape = MemorySegment.NULL;
    u = MemorySegment.NULL;
    y = MemorySegment.NULL;
  }

  @Override
  public void run(int index, int worker) {
    int from = index * rowsPerPiece;
    int to = Math.min(n, from + rowsPerPiece);
    for (int k = 0; k < steps; k++) {
      int step = descending ? steps - 1 - k : k;
      if (backward) {
        gradients(from, to, step);
        multiplyBack(from, to, step, scratch[worker]);
      } else {
        multiply(from, to, step, scratch[worker]);
        cells(from, to, step);
      }
    }
  }

  private void multiply(int from, int to, int step, StepProduct.Scratch mine) {
    MemorySegment sums = cell == Cell.GRU ? u : gates;
    if (cell == Cell.GRU) {
      for (int i = from; i < to; i++) {
        Rows.copy(b, 0, u, gateAt(i, step), gateBytes);
      }
    }
    product.addTo(
        to - from, state, from * stateBytes, stateBytes, sums, gateAt(from, step), steps * gateBytes, mine);
  }

  private void multiplyBack(int from, int to, int step, StepProduct.Scratch mine) {
    MemorySegment sums = cell == Cell.GRU ? u : gates;
    product.addTo(
        to - from, sums, gateAt(from, step), steps * gateBytes, state, from * stateBytes, stateBytes, mine);
  }

  private long gateAt(int i, int step) {
    return ((long) i * steps + step) * gateBytes;
  }

  private long outputAt(int i, int step) {
    return ((long) i * steps + step) * outputBytes + outputAt;
  }

  private boolean padded(int i, int step) {
    return masked && mask.getAtIndex(JAVA_INT, (long) i * steps + step) == 0;
  }

  private void cells(int from, int to, int step) {
    long bytes = 4L * hidden;
    for (int i = from; i < to; i++) {
      long g = gateAt(i, step);
      long s = i * stateBytes;
      long t = ((long) i * steps + step) * tapeBytes;
      Rows.copy(state, s, tape, t, bytes);
      if (!padded(i, step)) {
        switch (cell) {
          case RNN_TANH -> RnnKernel.tanh(bytes, gates, g, state, s);
          case RNN_RELU -> RnnKernel.relu(bytes, gates, g, state, s);
          case GRU -> GruKernel.forward(bytes, gates, g, u, state, s);
          case LSTM -> LstmKernel.forward(bytes, gates, g, state, s, tape, t);
        }
      }
      if (hasY) {
        Rows.copy(state, s, y, outputAt(i, step), bytes);
      }
    }
  }

  private void gradients(int from, int to, int step) {
    long bytes = 4L * hidden;
    for (int i = from; i < to; i++) {
      long g = gateAt(i, step);
      long s = i * stateBytes;
      long t = ((long) i * steps + step) * tapeBytes;
      if (hasY) {
        Rows.add(y, outputAt(i, step), state, s, bytes);
      }
      if (padded(i, step)) {
        Rows.zero(gates, g, gateBytes);
        if (cell == Cell.GRU) {
          Rows.zero(u, g, gateBytes);
        }
      } else {
        switch (cell) {
          case RNN_TANH -> RnnKernel.tanhBackward(bytes, gates, g, state, s);
          case RNN_RELU -> RnnKernel.reluBackward(bytes, gates, g, state, s);
          case GRU -> GruKernel.backward(bytes, gates, g, u, tape, t, state, s);
          case LSTM -> LstmKernel.backward(bytes, gates, g, tape, t, state, s);
        }
      }
    }
  }
}
