package dev.lanewise.training.data.text;

import dev.lanewise.kernels.Rng;
import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.data.Dataset;
import java.util.List;
import java.util.Objects;

/**
 * Sentences in which some words are hidden, to be guessed from those around them: a model learns what words mean without any labels.
 *
 * <p>About 15% of a sentence's tokens, at least one and at most {@code slots}, are replaced by the mask token. The labels are the hidden
 * tokens from left to right, then {@link Dataset#IGNORED}. Unlike in the source every chosen token is masked: none is kept or replaced by
 * another word.
 *
 * <p>Each sentence occurs {@code rounds} times, with other words hidden; which ones is decided by (seed, example) alone.
 *
 * <p>Source: Devlin, Chang, Lee and Toutanova, BERT: Pre-training of Deep Bidirectional Transformers, 2019, section 3.1.
 */
public final class MaskedSentences implements Dataset {
  private static final int ONE_OF = 20; // 3 of 20 are 15%

  private final int[][] ids;
  private final int vocabulary;
  private final int t;
  private final int slots;
  private final int rounds;
  private final int padding;
  private final int mask;
  private final long seed;
  private final Shape inputShape;

  /**
   * Encodes sentences; those without a token are left out.
   *
   * @param t tokens that a model sees, at least 1
   * @param slots hidden tokens at most, at least 1
   * @param rounds how often each sentence occurs
   * @param padding the token after the end of a sentence
   * @param mask the token in the place of a hidden one
   * @throws IllegalArgumentException when no sentence is left
   */
  public MaskedSentences(Tokenizer tokenizer, List<String> sentences, int t, int slots, int rounds, int padding, int mask, long seed) {
    if (t < 1 || slots < 1 || rounds < 1) {
      throw new IllegalArgumentException("MaskedSentences: " + t + " tokens, " + slots + " hidden ones and " + rounds
          + " rounds; at least 1 of each is needed");
    }
    this.ids = sentences.stream().map(tokenizer::encode).filter(tokens -> tokens.length > 0).toArray(int[][]::new);
    if (ids.length == 0) {
      throw new IllegalArgumentException(
          "MaskedSentences: none of " + sentences.size() + " sentences has a word; at least one is needed");
    }
    Math.multiplyExact(ids.length, rounds);
    this.vocabulary = tokenizer.size();
    this.t = t;
    this.slots = slots;
    this.rounds = rounds;
    this.padding = padding;
    this.mask = mask;
    this.seed = seed;
    this.inputShape = Shape.of(t);
  }

  @Override
  public int size() {
    return ids.length * rounds;
  }

  /** [t]: token ids as whole numbers. */
  @Override
  public Shape inputShape() {
    return inputShape;
  }

  /** The vocabulary's size. */
  @Override
  public int classes() {
    return vocabulary;
  }

  /** The most tokens that are hidden in a sentence. */
  @Override
  public int labelsPerExample() {
    return slots;
  }

  @Override
  public void batch(int[] order, int from, int count, Tensor x, IntTensor y) {
    Tokens.requireRoom("MaskedSentences", order, from, count, t, slots, x, y);
    for (int i = 0; i < count; i++) {
      int example = Objects.checkIndex(order[from + i], size());
      int[] sentence = ids[example % ids.length];
      int length = Math.min(t, sentence.length);
      int left = Math.clamp((3L * length + ONE_OF / 2) / ONE_OF, 1, slots);
      int slot = 0;
      for (int j = 0; j < t; j++) {
        long place = (long) i * t + j;
        // Knuth's selection sampling: each of the tokens to come is chosen with probability left / (length - j).
        boolean hide = j < length && left > 0 && Rng.below(seed, Streams.MASKS, (long) example * t + j, length - j) < left;
        x.set(place, j >= length ? padding : hide ? mask : sentence[j]);
        if (hide) {
          y.set((long) i * slots + slot++, sentence[j]);
          left--;
        }
      }
      while (slot < slots) {
        y.set((long) i * slots + slot++, IGNORED);
      }
    }
  }
}
