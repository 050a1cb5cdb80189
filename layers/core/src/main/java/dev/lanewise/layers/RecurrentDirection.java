package dev.lanewise.layers;

import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Gemm;
import dev.lanewise.kernels.Recurrent;
import dev.lanewise.kernels.Recurrent.Cell;
import dev.lanewise.kernels.Reductions;
import dev.lanewise.kernels.Workers;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a recurrent layer, with parameters of its own: the projection of all steps in one product, the steps, and backwards one
 * product over all steps for each gradient.
 */
final class RecurrentDirection {
  private final Recurrent kernel;
  private final Recurrent oneStep;
  private final boolean gru;
  private final int steps;
  private final int in;
  private final int units;
  private final int gates;
  private final int taped;
  private final Shape stateShape;
  private final String stateName;
  private final boolean stateful;
  private final boolean sequences;
  private final boolean tokens;
  private final int column;
  private final int width;
  private final Param weight;
  private final Param recurrent;
  private final Param bias;
  private final @Nullable Param recurrentBias;
  private final Epilogue epilogue;

  /** @param d 0 forwards in time, 1 the way back, whose output stands behind the other's */
  RecurrentDirection(RecurrentSpec spec, String name, int steps, int in, int d, Params.Builder params) {
    Cell cell = spec.cell();
    Recurrent ahead = Recurrent.of(cell, steps, spec.units());
    this.kernel = d == 0 ? ahead : ahead.reversed();
    this.oneStep = Recurrent.of(cell, 1, spec.units());
    this.gru = cell == Cell.GRU;
    this.steps = steps;
    this.in = in;
    this.units = spec.units();
    this.gates = cell.gates() * units;
    this.taped = cell.taped() * units;
    this.stateShape = Shape.of(cell.states() * units);
    this.stateName = name + "/state";
    this.stateful = spec.stateful();
    this.sequences = spec.sequences();
    this.tokens = spec.tokens() > 0;
    this.column = d * units;
    this.width = spec.bidirectional() ? 2 * units : units;
    String prefix = name + (d == 0 ? "/" : "/backward_");
    Initializer uniform = Initializer.uniform((float) (1 / Math.sqrt(units)));
    Initializer biases = cell == Cell.LSTM ? (value, seed, stream) -> openForgetGates(value) : Initializer.ZEROS;
    this.weight = params.param(prefix + "kernel", Shape.of(in, gates), spec.uniform() ? uniform : Initializer.GLOROT_UNIFORM);
    this.recurrent = params.param(prefix + "recurrent_kernel", Shape.of(units, gates),
        spec.uniform() ? uniform : Initializer.ORTHOGONAL);
    this.bias = params.param(prefix + "bias", Shape.of(gates), spec.uniform() ? uniform : biases);
    this.recurrentBias = gru
        ? params.param(prefix + "recurrent_bias", Shape.of(gates), spec.uniform() ? uniform : Initializer.ZEROS)
        : null;
    this.epilogue = Epilogue.bias(bias.value().segment());
  }

  private void openForgetGates(Tensor value) {
    value.fill(0);
    for (int j = units; j < 2 * units; j++) {
      value.set(j, 1);
    }
  }

  List<Param> params() {
    List<Param> params = new ArrayList<>(List.of(weight, recurrent, bias));
    if (recurrentBias != null) {
      params.add(recurrentBias);
    }
    return params;
  }

  /**
   * Writes this direction's columns of y.
   *
   * @param x vectors, or token ids as int32 in a tensor of that many floats
   * @param mask as for the kernel
   * @param saved receives the gates, the tape and u; null if nobody will go back
   */
  void forward(int n, Tensor x, MemorySegment ids, MemorySegment mask, Tensor y, @Nullable Saved saved, Pass pass) {
    Workspace workspace = pass.workspace();
    Tensor a = workspace.tensor(n, steps, gates);
    if (tokens) {
      TokenProjection.forward(n * steps, in, gates, ids, weight, bias, workspace.tensor(in, gates), a, pass.workers());
    } else {
      project(n * steps, x, a, pass.workers());
    }
    Tensor state = workspace.batch(n, stateShape);
    if (stateful) {
      state.copyFrom(pass.carried().state(stateName, n, stateShape));
    } else {
      state.fill(0);
    }
    Tensor tape = workspace.tensor(n, steps, taped);
    Tensor u = workspace.tensor(n, steps, gru ? gates : 0);
    if (saved != null) {
      saved.keep(a, tape);
      saved.keepExtra(u);
    }
    kernel.forward(n, a.segment(), recurrent.value().segment(), biasOfState(), mask, state.segment(), tape.segment(),
        gru ? u.segment() : MemorySegment.NULL, sequences ? y.segment() : MemorySegment.NULL, width, column, pass.workers());
    if (stateful) {
      pass.carried().state(stateName, n, stateShape).copyFrom(state);
    }
    if (!sequences) {
      columns(n, state, (int) stateShape.size(), 0, y, width, column);
    }
  }

  private void project(int rows, Tensor x, Tensor a, Workers workers) {
    Gemm.multiply(false, false, rows, gates, in, x.segment(), in, weight.value().segment(), gates, a.segment(), gates, false,
        epilogue, workers);
  }

  /**
   * One step of one sequence, from the state that the pass carries and back to it.
   *
   * @param id of the token, -1 for vectors
   */
  void step(Tensor x, int id, boolean first, Tensor y, Pass pass) {
    Workspace workspace = pass.workspace();
    Tensor a = workspace.tensor(1, gates);
    if (tokens) {
      for (int j = 0; j < gates; j++) {
        a.set(j, weight.value().get((long) id * gates + j) + bias.value().get(j));
      }
    } else {
      project(1, x, a, pass.workers());
    }
    Tensor state = pass.carried().state(stateName, 1, stateShape);
    if (first) {
      state.fill(0);
    }
    Tensor tape = workspace.tensor(1, taped);
    Tensor u = workspace.tensor(1, gru ? gates : 0);
    oneStep.forward(1, a.segment(), recurrent.value().segment(), biasOfState(), MemorySegment.NULL, state.segment(),
        tape.segment(), gru ? u.segment() : MemorySegment.NULL, y.segment(), units, 0, pass.workers());
  }

  private MemorySegment biasOfState() {
    return recurrentBias == null ? MemorySegment.NULL : recurrentBias.value().segment();
  }

  /**
   * Writes the parameters' gradients and adds to the input's.
   *
   * @param dx [n, steps, in], overwritten by the first direction; null if not wanted
   */
  void backward(
      int n, Tensor x, MemorySegment ids, MemorySegment mask, Tensor dy, @Nullable Tensor dx, Saved saved, Pass pass) {
    Workers workers = pass.workers();
    boolean add = pass.accumulateGradients();
    Tensor dstate = pass.workspace().batch(n, stateShape).fill(0);
    if (!sequences) {
      columns(n, dy, width, column, dstate, (int) stateShape.size(), 0);
    }
    Tensor da = saved.input();
    Tensor tape = saved.output();
    MemorySegment u = gru ? saved.extra().segment() : MemorySegment.NULL;
    kernel.backward(n, da.segment(), recurrent.value().segment(), mask, dstate.segment(), tape.segment(), u,
        sequences ? dy.segment() : MemorySegment.NULL, width, column, workers);
    int rows = n * steps;
    MemorySegment du = gru ? u : da.segment();
    Gemm.multiply(true, false, units, gates, rows, tape.segment(), taped, du, gates, recurrent.gradient().segment(), gates, add,
        Epilogue.NONE, workers);
    if (recurrentBias != null) {
      Reductions.columnSums(rows, gates, du, recurrentBias.gradient().segment(), add, workers);
    }
    Reductions.columnSums(rows, gates, da.segment(), bias.gradient().segment(), add, workers);
    if (tokens) {
      TokenProjection.backward(rows, in, gates, ids, da, weight, add, workers);
      return;
    }
    Gemm.multiply(true, false, in, gates, rows, x.segment(), in, da.segment(), gates, weight.gradient().segment(), gates, add,
        Epilogue.NONE, workers);
    if (dx != null) {
      Gemm.multiply(false, true, rows, in, gates, da.segment(), gates, weight.value().segment(), gates, dx.segment(), in,
          column > 0, Epilogue.NONE, workers);
    }
  }

  /** Copies h of each example between a tensor of rows of states and one of rows of outputs. */
  private void columns(int n, Tensor from, int fromRow, int fromColumn, Tensor to, int toRow, int toColumn) {
    for (int i = 0; i < n; i++) {
      MemorySegment.copy(from.segment(), 4L * ((long) i * fromRow + fromColumn), to.segment(),
          4L * ((long) i * toRow + toColumn), 4L * units);
    }
  }

  /** Of the products of one example's forward pass. */
  long flops() {
    return 2L * steps * gates * (units + (tokens ? 0L : in));
  }
}
