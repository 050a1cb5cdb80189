package dev.lanewise.layers;

import dev.lanewise.kernels.Recurrent.Cell;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;

/**
 * What a recurrent layer is to be: {@code Lstm.of(128).returnSequences()}.
 *
 * @param cell what happens at a step
 * @param units length of the state h, at least 1
 * @param sequences whether the output is h after each step, [n, t, units], or after the last alone, [n, units]
 * @param tokens if not 0, the input is not vectors [n, t, in] but token ids [n, t], whole numbers from 0 to tokens - 1
 * @param bidirectional whether a second set of parameters runs from the last step to the first; its h stands behind the other's, and the
 *     output is twice as wide
 * @param stateful whether a batch begins with the state in which the last one of this pass ended, example by example
 * @param uniform whether all first values, biases too, are uniform in [-1/sqrt(units), 1/sqrt(units)), instead of Keras's
 */
public record RecurrentSpec(Cell cell, int units, boolean sequences, int tokens, boolean bidirectional, boolean stateful,
    boolean uniform) implements LayerSpec {

  /**
   * Checks what a shape cannot show.
   *
   * @throws IllegalArgumentException naming the value and the remedy
   */
  public RecurrentSpec {
    if (units < 1) {
      throw new IllegalArgumentException(cell + ": " + units + " units; at least 1 is needed");
    }
    if (tokens < 0) {
      throw new IllegalArgumentException(cell + ": " + tokens + " tokens; give the size of the vocabulary, or 0 for vectors");
    }
    if (bidirectional && stateful) {
      throw new IllegalArgumentException(
          cell + ": stateful and bidirectional; the way back would need the batches that come next, so leave one of them out");
    }
  }

  static RecurrentSpec of(Cell cell, int units) {
    return new RecurrentSpec(cell, units, false, 0, false, false, false);
  }

  /** With h after each step as the output. */
  public RecurrentSpec returnSequences() {
    return new RecurrentSpec(cell, units, true, tokens, bidirectional, stateful, uniform);
  }

  /**
   * For token ids as the input: the same as vectors of {@code size} elements of which one is 1 and the others 0, but a row of the kernel is
   * read where those would be multiplied.
   */
  public RecurrentSpec withTokens(int size) {
    return new RecurrentSpec(cell, units, sequences, size, bidirectional, stateful, uniform);
  }

  /** With a second set of parameters that runs from the last step to the first. */
  public RecurrentSpec withBothDirections() {
    return new RecurrentSpec(cell, units, sequences, tokens, true, stateful, uniform);
  }

  /** With the state carried from batch to batch of a pass ({@link Carried}): truncated backpropagation through time. */
  public RecurrentSpec withState() {
    return new RecurrentSpec(cell, units, sequences, tokens, bidirectional, true, uniform);
  }

  /**
   * With first values uniform in [-1/sqrt(units), 1/sqrt(units)), biases too, as PyTorch has them. An LSTM then begins without the bias that
   * makes Keras's remember: the better start where states are carried through a text for thousands of steps.
   */
  public RecurrentSpec withUniformValues() {
    return new RecurrentSpec(cell, units, sequences, tokens, bidirectional, stateful, true);
  }

  @Override
  public Layer build(Shape input, Params.Builder params) {
    return switch (cell) {
      case RNN_TANH, RNN_RELU -> new Rnn(this, input, params);
      case GRU -> new Gru(this, input, params);
      case LSTM -> new Lstm(this, input, params);
    };
  }

  /** Requires an input that such a layer can take. */
  void requireInput(String name, Shape input) {
    if (tokens == 0 && input.rank() != 2) {
      throw new ShapeException(name + ": the input is " + Shapes.batch(input) + " but sequences of vectors [n, t, in] are expected; "
          + "for token ids [n, t] call withTokens(size of the vocabulary)");
    }
    if (tokens > 0 && input.rank() != 1) {
      throw new ShapeException(name + ": the input is " + Shapes.batch(input) + " but token ids [n, t] are expected; "
          + "for vectors [n, t, in] leave out withTokens");
    }
    if (input.dim(0) < 1) {
      throw new ShapeException(name + ": the input is " + Shapes.batch(input) + "; a sequence needs at least 1 step");
    }
  }
}
