package dev.lanewise.training.data.text;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.data.Dataset;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A text cut into {@code streams} equal parts that are read side by side, {@code t} tokens at a time: for truncated
 * backpropagation through time, where a model carries its state from one batch to the next.
 *
 * <p>Example index = step * streams + stream, so batches of {@code streams} examples in the data set's own order (not
 * shuffled) hold at row r what follows on row r of the batch before. All begin a stream at step 0, where a carried state
 * must be reset.
 *
 * <p>Each token but the first is a label exactly once. A stream is ceil((length - 1) / streams) labels long, the last one
 * may be shorter; what is missing at the end of its last windows is token 0 with the label {@link Dataset#IGNORED}.
 */
public final class TokenStreams implements Dataset {
  private final Tokens tokens;
  private final int streams;
  private final int t;
  private final int streamLength; // labels of one stream
  private final int steps;
  private final Shape inputShape;

  private TokenStreams(Tokens tokens, int streams, int t) {
    this.tokens = tokens;
    this.streams = streams;
    this.t = t;
    this.streamLength = Math.ceilDiv(tokens.length() - 1, streams);
    this.steps = Math.ceilDiv(streamLength, t);
    this.inputShape = Shape.of(t);
    Math.multiplyExact(steps, streams);
  }

  /**
   * Cuts a text into streams.
   *
   * @throws IllegalArgumentException when a stream would be shorter than one window, or there is nothing in the last one
   */
  public static TokenStreams of(Tokens tokens, int streams, int t) {
    if (streams < 1) {
      throw new IllegalArgumentException("TokenStreams: " + streams + " streams; at least 1 is needed");
    }
    Tokens.requireWindow("TokenStreams", t, tokens.length());
    if ((tokens.length() - 1) / streams < t) {
      throw new IllegalArgumentException("TokenStreams: a text of " + tokens.length() + " tokens in " + streams
          + " streams has " + (tokens.length() - 1) / streams + " in each, fewer than the sequence of " + t
          + "; choose fewer streams or a shorter sequence, or give a longer text");
    }
    return new TokenStreams(tokens, streams, t);
  }

  /**
   * Windows one after the other: example i begins at token i t. For evaluation over a whole text, which may also be
   * shorter than one window.
   *
   * @throws IllegalArgumentException when the text has no second token, which would be the first label
   */
  public static TokenStreams consecutive(Tokens tokens, int t) {
    Tokens.requireWindow("TokenStreams", Math.min(t, 1), tokens.length());
    return new TokenStreams(tokens, 1, t);
  }

  /** How many tokens follow their predecessor at each step, side by side. */
  public int streams() {
    return streams;
  }

  /** How many windows a stream has; batches of {@link #streams} examples make so many steps. */
  public int steps() {
    return steps;
  }

  /** How many labels count: all tokens but the first. */
  public int labels() {
    return tokens.length() - 1;
  }

  @Override
  public int size() {
    return steps * streams;
  }

  /** [t]: token ids as whole numbers. */
  @Override
  public Shape inputShape() {
    return inputShape;
  }

  /** The vocabulary's size. */
  @Override
  public int classes() {
    return tokens.vocabulary();
  }

  /** t. */
  @Override
  public int labelsPerExample() {
    return t;
  }

  @Override
  public void batch(int[] order, int from, int count, Tensor x, IntTensor y) {
    Tokens.requireRoom("TokenStreams", order, from, count, t, x, y);
    MemorySegment inputs = x.segment();
    MemorySegment labels = y.segment();
    for (int i = 0; i < count; i++) {
      int example = Objects.checkIndex(order[from + i], size());
      int stream = example % streams;
      int inStream = example / streams * t;
      long start = (long) stream * streamLength + inStream;
      long left = Math.min(streamLength - inStream, tokens.length() - 1 - start);
      if (left <= 0) {
        tokens.copyWindow(0, 0, t, i, inputs, labels);
      } else {
        tokens.copyWindow((int) start, (int) Math.min(t, left), t, i, inputs, labels);
      }
    }
  }
}
