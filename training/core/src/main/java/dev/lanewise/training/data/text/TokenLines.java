package dev.lanewise.training.data.text;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.data.Dataset;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;

/**
 * One example for each line of a text, for short texts that stand for themselves, such as names: a boundary token, then
 * the line's tokens; the label at each place is the token after it, the last one the boundary again. A shorter line is
 * filled up with token 0 and the label {@link Dataset#IGNORED}.
 */
public final class TokenLines implements Dataset {
  private final Tokens tokens; // boundary, line, boundary, line, ..., boundary
  private final int[] starts; // of each line's boundary, and of the last one
  private final int t;
  private final Shape inputShape;

  private TokenLines(Tokens tokens, int[] starts, int t) {
    this.tokens = tokens;
    this.starts = starts;
    this.t = t;
    this.inputShape = Shape.of(t);
  }

  /**
   * The lines as examples, all as long as the longest line and its boundary.
   *
   * @param boundary the token before and after each line, such as that of newline
   * @throws IllegalArgumentException when there is no line, or the boundary is no token
   */
  public static TokenLines of(Tokenizer tokenizer, List<String> lines, int boundary) {
    return of(tokenizer, lines, boundary, 0);
  }

  /**
   * The lines as examples of {@code t} tokens.
   *
   * @param t 0 for the longest line and its boundary
   * @throws IllegalArgumentException when there is no line, the boundary is no token, or a line and its boundary are longer
   *     than t
   */
  public static TokenLines of(Tokenizer tokenizer, List<String> lines, int boundary, int t) {
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("TokenLines: there is no line; at least one is needed");
    }
    int[][] encoded = new int[lines.size()][];
    int[] starts = new int[lines.size() + 1];
    int longest = 0;
    for (int i = 0; i < encoded.length; i++) {
      encoded[i] = tokenizer.encode(lines.get(i));
      starts[i + 1] = Math.addExact(starts[i], encoded[i].length + 1);
      if (encoded[i].length > encoded[longest].length) {
        longest = i;
      }
    }
    int most = encoded[longest].length + 1;
    if (t != 0 && t < most) {
      throw new IllegalArgumentException("TokenLines: line " + (longest + 1) + " has " + (most - 1)
          + " tokens and a boundary, but an example has room for " + t);
    }
    int[] all = new int[starts[encoded.length] + 1];
    for (int i = 0; i < encoded.length; i++) {
      all[starts[i]] = boundary;
      System.arraycopy(encoded[i], 0, all, starts[i] + 1, encoded[i].length);
    }
    all[all.length - 1] = boundary;
    return new TokenLines(Tokens.of(tokenizer.size(), all), starts, t == 0 ? most : t);
  }

  /** How many labels count: the tokens of all lines and a boundary for each. */
  public int labels() {
    return starts[starts.length - 1];
  }

  @Override
  public int size() {
    return starts.length - 1;
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
    Tokens.requireRoom("TokenLines", order, from, count, t, x, y);
    MemorySegment inputs = x.segment();
    MemorySegment labels = y.segment();
    for (int i = 0; i < count; i++) {
      int line = Objects.checkIndex(order[from + i], size());
      tokens.copyWindow(starts[line], starts[line + 1] - starts[line], t, i, inputs, labels);
    }
  }
}
