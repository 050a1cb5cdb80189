package dev.lanewise.training.data.text;

import dev.lanewise.kernels.Rng;
import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.data.Dataset;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Pieces of a text of {@code t} tokens that begin anywhere; the label at each place is the token after it.
 *
 * <p>{@link #every} has one window for each place where one fits, so an epoch sees each token {@code t} times in shuffled
 * order; {@link #sampled} has a chosen number of windows that begin at random places, for training by the number of
 * steps. Windows one after the other, for evaluation, are {@link TokenStreams#consecutive}.
 */
public final class TokenWindows implements Dataset {
  private final Tokens tokens;
  private final int t;
  private final int size;
  private final boolean sampled;
  private final long seed;
  private final Shape inputShape;

  private TokenWindows(Tokens tokens, int t, int size, boolean sampled, long seed) {
    Tokens.requireWindow("TokenWindows", t, tokens.length());
    this.tokens = tokens;
    this.t = t;
    this.size = size;
    this.sampled = sampled;
    this.seed = seed;
    this.inputShape = Shape.of(t);
  }

  /**
   * One window for each place: example i begins at token i, and there are length - t of them.
   *
   * @throws IllegalArgumentException when the text has fewer than t + 1 tokens
   */
  public static TokenWindows every(Tokens tokens, int t) {
    return new TokenWindows(tokens, t, tokens.length() - t, false, 0);
  }

  /**
   * {@code count} windows: example i begins at a place that is uniform over all, decided by (seed, i) alone.
   *
   * @throws IllegalArgumentException when the text has fewer than t + 1 tokens, or no window is asked for
   */
  public static TokenWindows sampled(Tokens tokens, int t, int count, long seed) {
    if (count < 1) {
      throw new IllegalArgumentException("TokenWindows: " + count + " windows; at least 1 is needed");
    }
    return new TokenWindows(tokens, t, count, true, seed);
  }

  @Override
  public int size() {
    return size;
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

  /** The place in the text where an example begins. */
  public int start(int example) {
    Objects.checkIndex(example, size);
    return sampled ? Rng.below(seed, Streams.WINDOWS, example, tokens.length() - t) : example;
  }

  @Override
  public void batch(int[] order, int from, int count, Tensor x, IntTensor y) {
    Tokens.requireRoom("TokenWindows", order, from, count, t, x, y);
    MemorySegment inputs = x.segment();
    MemorySegment labels = y.segment();
    for (int i = 0; i < count; i++) {
      tokens.copyWindow(start(order[from + i]), t, t, i, inputs, labels);
    }
  }
}
