package dev.lanewise.kernels;

import dev.lanewise.kernels.recurrent.RecurrentTask;
import dev.lanewise.kernels.reference.RecurrentReference;
import java.lang.foreign.MemorySegment;

/**
 * A recurrent cell over all steps of a batch of sequences: the product with the recurrent weights and the gates of each step, forwards and
 * backwards. What does not depend on the step before is the caller's: the projection of all inputs in one product, and the
 * gradients for weights in one product each.
 *
 * <pre>
 * a = projection at this step [G hidden], given; h and c: state; W [hidden, G hidden]; s: sigmoid; .: element-wise
 * RNN_TANH  h = tanh(a + h W)                                                                           G = 1
 * RNN_RELU  h = max(a + h W, 0)                                                                         G = 1
 * GRU       u = b + h W;  r = s(a_r + u_r);  z = s(a_z + u_z);  n = tanh(a_n + r . u_n)                  G = 3: r, z, n
 *           h = (1 - z) . n + z . h
 * LSTM      i, f, o = s(a + h W);  g = tanh(a_g + h W_g);  c = f . c + i . g;  h = o . tanh(c)          G = 4: i, f, g, o
 * </pre>
 *
 * <p>The GRU is the one of cuDNN, PyTorch and Keras ({@code reset_after}): the reset gate acts after the product, so that one product makes
 * all gates.
 *
 * <p>Shapes, all row-major and dense: a and the gates [n, steps, G hidden]; state [n, S hidden] with h before c, S = 2 for the LSTM, else 1;
 * tape [n, steps, T hidden], kept for backward: h before the step, for the LSTM then c before it and tanh(c) after it, T = 3, else 1; u of the
 * GRU [n, steps, 3 hidden], {@link MemorySegment#NULL} for others; y [n, steps, ldy], of which columns from {@code column} on are
 * written.
 *
 * <p>Masked steps (mask[i, t] = 0) leave the state of their sequence as it is, and their output is that state's h, as in Keras.
 *
 * <p>Order of operations: each element of a + h W is one chain of fused multiply-adds over ascending k that starts from a (u: from b);
 * functions are those of {@link Activations}, of 2 ulp; a_n + r . u_n, f . c + (i . g), n + z . (h - n) and 1 - x^2 are one fma each. So an
 * element of a step lies within gamma_{hidden + 8} of what is exact for the state before it, relative to the sum of the magnitudes that it
 * adds up. The bits depend neither on width nor threads, nor on whether a sequence is computed in one call or in pieces.
 *
 * <table>
 *   <caption>IEEE edges</caption>
 *   <tr><th>kernel</th><th>NaN</th><th>infinity</th><th>zeros</th><th>overflow, underflow</th></tr>
 *   <tr><td>forward</td><td>in a projection: its own unit at that step and, by the product, all units of its sequence from the next step on; no other sequence</td><td>in a projection: gates saturate to 0 or 1 and tanh to -1 or 1, so that the state stays finite, except in RNN_RELU, which lets +infinity pass</td><td>projections and a state of zeros: the LSTM and RNNs stay 0</td><td>a projection plus product beyond the largest float: as infinity</td></tr>
 *   <tr><td>backward</td><td>in dy: the gradients of its sequence at that step and before; no other sequence</td><td>as NaN, or infinite</td><td>dy and dstate of zeros: zeros</td><td>as the products</td></tr>
 * </table>
 *
 * <p>No step, no sequence: nothing is written.
 *
 * <p>Sequences are shared out among the workers, who then need not wait for each other at a step. Operands are native segments, aligned to 4
 * bytes, and share no byte. A call allocates nothing once its {@link Workers} have seen the largest shape.
 *
 * <p>Source: Elman, Finding Structure in Time, 1990; Hochreiter and Schmidhuber, Long Short-Term Memory, 1997, with the forget gate of Gers,
 * Schmidhuber and Cummins, Learning to Forget, 2000; Cho and others, Learning Phrase Representations using RNN Encoder-Decoder, 2014.
 */
public final class Recurrent {
  /** Which cell. */
  public enum Cell {
    /** Elman's network with tanh. */
    RNN_TANH(1, 1, 1),
    /** Elman's network with ReLU. */
    RNN_RELU(1, 1, 1),
    /** Gated recurrent unit, reset after the product. */
    GRU(3, 1, 1),
    /** Long short-term memory with a forget gate. */
    LSTM(4, 2, 3);

    private final int gates;
    private final int states;
    private final int taped;

    Cell(int gates, int states, int taped) {
      this.gates = gates;
      this.states = states;
      this.taped = taped;
    }

    /** G: vectors of length hidden that a step computes by a product. */
    public int gates() {
      return gates;
    }

    /** S: vectors of length hidden that pass from step to step. */
    public int states() {
      return states;
    }

    /** T: vectors of length hidden that are kept of each step for backward, beside the gates. */
    public int taped() {
      return taped;
    }
  }

  private final Cell cell;
  private final int steps;
  private final int hidden;
  private final boolean reversed;

  private Recurrent(Cell cell, int steps, int hidden, boolean reversed) {
    this.cell = cell;
    this.steps = steps;
    this.hidden = hidden;
    this.reversed = reversed;
  }

  /**
   * The geometry.
   *
   * @param steps of a sequence, at least 1
   * @param hidden units, at least 1
   * @throws IllegalArgumentException if a size is less than 1
   */
  public static Recurrent of(Cell cell, int steps, int hidden) {
    if (steps < 1 || hidden < 1) {
      throw new IllegalArgumentException(
          "Recurrent: " + steps + " steps of " + hidden + " units; both must be at least 1");
    }
    return new Recurrent(cell, steps, hidden, false);
  }

  /** The same from the last step to the first: the other direction of a bidirectional layer. */
  public Recurrent reversed() {
    return new Recurrent(cell, steps, hidden, !reversed);
  }

  public Cell cell() {
    return cell;
  }

  public int steps() {
    return steps;
  }

  public int hidden() {
    return hidden;
  }

  public boolean isReversed() {
    return reversed;
  }

  /**
   * All steps forwards.
   *
   * @param n sequences, at least 0
   * @param gates on entry a; on return the gates after their functions (RNN: h)
   * @param w [hidden, G hidden]
   * @param b GRU: [3 hidden]; others: NULL
   * @param mask [n, steps] int32, 0 where a step is padding; or NULL
   * @param state on entry before the first step, on return after the last
   * @param tape overwritten
   * @param u GRU: overwritten; others: NULL
   * @param y receives h after each step; or NULL
   * @param ldy floats from one step's output to the next
   * @param column where in a step's output h begins
   * @param workers share the sequences
   * @throws IllegalArgumentException if a size is negative or h does not fit into a row of y, or a segment is on the heap, too short,
   *     misaligned, not apart from another, or NULL where the cell needs it; nothing has been written then
   */
  public void forward(
      int n, MemorySegment gates, MemorySegment w, MemorySegment b, MemorySegment mask, MemorySegment state,
      MemorySegment tape, MemorySegment u, MemorySegment y, int ldy, int column, Workers workers) {
    require(n, gates, w, mask, state, tape, u, y, ldy, column);
    if (cell == Cell.GRU) {
      Segments.require("Recurrent", "the recurrent bias", b, 3L * hidden);
      Segments.requireApart("Recurrent", "u", u, steps(n) * 3 * hidden, "the recurrent bias", b, 3L * hidden);
    }
    if (Family.of(cell).vectors() && GemmFamilies.steps()) {
      workers.state(RecurrentTask.KEY).forward(this, n, gates, w, b, mask, state, tape, u, y, ldy, column, workers);
    } else {
      RecurrentReference.forward(this, n, gates, w, b, mask, state, tape, u, y, ldy, column);
    }
  }

  /**
   * All steps backwards, after {@link #forward} with the same gates, tape and u.
   *
   * @param gates on entry as forward left them; on return the gradient for a
   * @param w as forward had it
   * @param mask as forward had it
   * @param tape as forward left it; not written
   * @param u GRU: on entry as forward left it, on return the gradient for u: h W + b
   * @param dy gradient for y; or NULL for 0
   * @param dstate on entry the gradient for the state after the last step, on return that for the state before the first
   * @throws IllegalArgumentException as {@link #forward}
   */
  public void backward(
      int n, MemorySegment gates, MemorySegment w, MemorySegment mask, MemorySegment dstate, MemorySegment tape,
      MemorySegment u, MemorySegment dy, int ldy, int column, Workers workers) {
    require(n, gates, w, mask, dstate, tape, u, dy, ldy, column);
    if (Family.ofBackward(cell).vectors() && GemmFamilies.steps()) {
      workers.state(RecurrentTask.KEY).backward(this, n, gates, w, mask, dstate, tape, u, dy, ldy, column, workers);
    } else {
      RecurrentReference.backward(this, n, gates, w, mask, dstate, tape, u, dy, ldy, column);
    }
  }

  private long steps(int n) {
    return (long) n * steps;
  }

  private void require(
      int n, MemorySegment gates, MemorySegment w, MemorySegment mask, MemorySegment state, MemorySegment tape,
      MemorySegment u, MemorySegment y, int ldy, int column) {
    if (n < 0) {
      throw new IllegalArgumentException("Recurrent: " + n + " sequences; there cannot be fewer than 0");
    }
    long g = (long) cell.gates * hidden;
    long gateElements = steps(n) * g;
    long stateElements = (long) n * cell.states * hidden;
    long tapeElements = steps(n) * cell.taped * hidden;
    requireOutput("the gates", gates, gateElements, w, g * hidden);
    requireOutput("the state", state, stateElements, w, g * hidden);
    requireOutput("the tape", tape, tapeElements, w, g * hidden);
    Segments.requireApart("Recurrent", "the gates", gates, gateElements, "the state", state, stateElements);
    Segments.requireApart("Recurrent", "the gates", gates, gateElements, "the tape", tape, tapeElements);
    Segments.requireApart("Recurrent", "the state", state, stateElements, "the tape", tape, tapeElements);
    if (cell == Cell.GRU) {
      requireOutput("u", u, gateElements, w, g * hidden);
      Segments.requireApart("Recurrent", "u", u, gateElements, "the gates", gates, gateElements);
      Segments.requireApart("Recurrent", "u", u, gateElements, "the state", state, stateElements);
      Segments.requireApart("Recurrent", "u", u, gateElements, "the tape", tape, tapeElements);
    }
    if (mask.address() != 0) {
      Segments.require("Recurrent", "the mask", mask, steps(n));
    }
    if (y.address() != 0) {
      if (column < 0 || column > ldy - hidden) {
        throw new IllegalArgumentException("Recurrent: " + hidden + " units from column " + column
            + " on, but a step of the output has " + ldy + "; they must fit");
      }
      long elements = n == 0 ? 0 : (steps(n) - 1) * ldy + column + hidden;
      requireOutput("y", y, elements, w, g * hidden);
      Segments.requireApart("Recurrent", "y", y, elements, "the gates", gates, gateElements);
      Segments.requireApart("Recurrent", "y", y, elements, "the state", state, stateElements);
      Segments.requireApart("Recurrent", "y", y, elements, "the tape", tape, tapeElements);
    }
  }

  private static void requireOutput(String name, MemorySegment o, long elements, MemorySegment w, long weights) {
    Segments.require("Recurrent", "the recurrent weights", w, weights);
    Segments.require("Recurrent", name, o, elements);
    Segments.requireApart("Recurrent", name, o, elements, "the recurrent weights", w, weights);
  }
}
