package dev.lanewise.training.data.text;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.data.Dataset;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;

/** A sequence of tokens and the size of the vocabulary that they come from. Immutable; slices share memory. */
public final class Tokens {
  /** Ids travel through layers as floats, which hold each whole number below this one. */
  private static final int EXACT = 1 << 24;

  private final int[] ids;
  private final int from;
  private final int length;
  private final int vocabulary;

  /**
   * What is learned from, and what is held out to test on.
   *
   * @param train the beginning
   * @param heldOut the rest
   */
  public record Split(Tokens train, Tokens heldOut) {}

  private Tokens(int[] ids, int from, int length, int vocabulary) {
    this.ids = ids;
    this.from = from;
    this.length = length;
    this.vocabulary = vocabulary;
  }

  /** The tokens of a text; fails as {@link Tokenizer#encode} does. */
  public static Tokens of(Tokenizer tokenizer, String text) {
    return of(tokenizer.size(), tokenizer.encode(text));
  }

  /**
   * Tokens that exist; copied.
   *
   * @param vocabulary how many different tokens there may be
   * @throws IllegalArgumentException when there is no token, one lies outside [0, vocabulary), or the vocabulary is larger
   *     than 2^24
   */
  public static Tokens of(int vocabulary, int... ids) {
    if (vocabulary < 1 || vocabulary > EXACT) {
      throw new IllegalArgumentException("Tokens: a vocabulary of " + vocabulary + "; 1 to 2^24 tokens are needed");
    }
    if (ids.length == 0) {
      throw new IllegalArgumentException("Tokens: the sequence is empty; at least one token is needed");
    }
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || ids[i] >= vocabulary) {
        throw new IllegalArgumentException(
            "Tokens: token " + i + " is " + ids[i] + " but the vocabulary has " + vocabulary + " tokens");
      }
    }
    return new Tokens(Arrays.copyOf(ids, ids.length), 0, ids.length, vocabulary);
  }

  /** How many tokens there are; at least 1. */
  public int length() {
    return length;
  }

  /** How many different tokens there may be. */
  public int vocabulary() {
    return vocabulary;
  }

  /** The token at a place. */
  public int get(int index) {
    return ids[from + Objects.checkIndex(index, length)];
  }

  /**
   * The tokens {@code begin} (inclusive) to {@code end} (exclusive). A view: nothing is copied.
   *
   * @throws IllegalArgumentException when the range is empty or leaves the sequence
   */
  public Tokens slice(int begin, int end) {
    if (begin < 0 || end > length || begin >= end) {
      throw new IllegalArgumentException(
          "Tokens: [" + begin + ", " + end + ") is not a range of tokens within [0, " + length + ")");
    }
    return new Tokens(ids, from + begin, end - begin, vocabulary);
  }

  /**
   * Holds the end back: the first floor(length * share) tokens to train on, the others to test on. 0.9 is usual.
   *
   * @throws IllegalArgumentException when either side would be empty
   */
  public Split split(double share) {
    int begin = (int) (length * share);
    if (!(share > 0 && share < 1) || begin == 0) {
      throw new IllegalArgumentException("Tokens: a share of " + share + " of " + length
          + " tokens leaves one side empty; choose a share between 0 and 1, or give a longer text");
    }
    return new Split(slice(0, begin), slice(begin, length));
  }

  /**
   * Writes row {@code row} of a batch: tokens from {@code start} on, and the token after each as its label; from place
   * {@code count} to {@code t} token 0 and {@link Dataset#IGNORED}.
   *
   * @param x [n, t]
   * @param y [n * t]
   */
  void copyWindow(int start, int count, int t, int row, MemorySegment x, MemorySegment y) {
    Objects.checkFromIndexSize(start, count + 1, length);
    long at = (long) row * t;
    int first = from + start;
    for (int i = 0; i < count; i++) {
      x.setAtIndex(JAVA_FLOAT, at + i, ids[first + i]);
      y.setAtIndex(JAVA_INT, at + i, ids[first + i + 1]);
    }
    for (int i = count; i < t; i++) {
      x.setAtIndex(JAVA_FLOAT, at + i, 0);
      y.setAtIndex(JAVA_INT, at + i, Dataset.IGNORED);
    }
  }

  /** Windows of {@code t} need t + 1 tokens: the last one's label is the token after it. */
  static void requireWindow(String who, int t, int length) {
    if (t < 1) {
      throw new IllegalArgumentException(who + ": windows of " + t + " tokens; at least 1 is needed");
    }
    if (t >= length) {
      throw new IllegalArgumentException(who + ": windows of " + t + " tokens and the token after them do not fit into a "
          + "text of " + length + " tokens; choose at most " + (length - 1) + ", or give a longer text");
    }
  }

  static void requireRoom(String who, int[] order, int from, int count, int t, Tensor x, IntTensor y) {
    requireRoom(who, order, from, count, t, t, x, y);
  }

  static void requireRoom(String who, int[] order, int from, int count, int t, int labels, Tensor x, IntTensor y) {
    Objects.checkFromIndexSize(from, count, order.length);
    if (x.rank() != 2 || x.dim(0) < count || x.dim(1) != t) {
      throw new ShapeException(who + ": batch is [" + count + ", " + t + "] but x is " + x.shape());
    }
    if (y.size() < (long) count * labels) {
      throw new ShapeException(who + ": batch has " + count + " times " + labels + " labels but y is " + y.shape());
    }
  }
}
