package dev.lanewise.training.data.text;

import dev.lanewise.kernels.Rng;
import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.data.Dataset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Sentences in which some words are hidden, to be guessed from those around them: a model learns what words mean without any labels.
 *
 * <p>About a quarter of a sentence's tokens, at least one and at most {@code slots}, are to be guessed, but never one that is unknown: nothing is learned by
 * that. Of those to be guessed 80% are replaced by the mask token, 10% by any token of the sentences, and 10% stay, so that a model can trust no token
 * that it sees. The labels are the tokens to be guessed from left to right, then {@link Dataset#IGNORED}. The source takes 15% of a text that is read a few times;
 * where few sentences are read often, more teach more.
 *
 * <p>Each sentence occurs {@code rounds} times, with other words hidden; which ones is decided by (seed, example) alone.
 *
 * <p>Source: Devlin, Chang, Lee and Toutanova, BERT: Pre-training of Deep Bidirectional Transformers, 2019, section 3.1.
 */
public final class MaskedSentences implements Dataset {
  private static final int ONE_OF = 4;

  private final int[][] ids;
  /** Every known token as often as it occurs: what another one is drawn from. */
  private final int[] all;
  private final int vocabulary;
  private final int t;
  private final int slots;
  private final int rounds;
  private final int unknown;
  private final int padding;
  private final int mask;
  private final long seed;
  private final Shape inputShape;

  /**
   * Encodes sentences; those without a token are left out.
   *
   * @param t tokens that a model sees, at least 1
   * @param slots hidden tokens at most, at least 1
   * @param rounds how often each sentence occurs, at least 1; below 2^31 examples in all
   * @param unknown the token of words that are not in the vocabulary
   * @param padding the token after the end of a sentence
   * @param mask the token in the place of a hidden one
   * @throws IllegalArgumentException when no sentence has a known token, or a number is out of its range
   */
  public MaskedSentences(Tokenizer tokenizer, List<String> sentences, int t, int slots, int rounds, int unknown, int padding, int mask,
      long seed) {
    if (t < 1 || slots < 1 || rounds < 1) {
      throw new IllegalArgumentException("MaskedSentences: " + t + " tokens, " + slots + " hidden ones and " + rounds
          + " rounds; at least 1 of each is needed");
    }
    this.ids = sentences.stream().map(tokenizer::encode).filter(tokens -> tokens.length > 0).toArray(int[][]::new);
    this.all = Arrays.stream(ids).flatMapToInt(Arrays::stream).filter(token -> token != unknown).toArray();
    if (all.length == 0) {
      throw new IllegalArgumentException(
          "MaskedSentences: none of " + sentences.size() + " sentences has a word that is known; at least one is needed");
    }
    if ((long) ids.length * rounds > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "MaskedSentences: " + rounds + " rounds of " + ids.length + " sentences are more than 2^31 - 1 examples; at most "
              + Integer.MAX_VALUE / ids.length + " rounds are possible");
    }
    this.vocabulary = tokenizer.size();
    this.t = t;
    this.slots = slots;
    this.rounds = rounds;
    this.unknown = unknown;
    this.padding = padding;
    this.mask = mask;
    this.seed = seed;
    this.inputShape = Shape.of(t + slots);
  }

  @Override
  public int size() {
    return ids.length * rounds;
  }

  /** [t + slots]: token ids as whole numbers, then the places from 0 to t - 1 of those to be guessed, 0 where there are no more. */
  @Override
  public Shape inputShape() {
    return inputShape;
  }

  /** The vocabulary's size. */
  @Override
  public int classes() {
    return vocabulary;
  }

  /** The most tokens of a sentence that are to be guessed. */
  @Override
  public int labelsPerExample() {
    return slots;
  }

  @Override
  public void batch(int[] order, int from, int count, Tensor x, IntTensor y) {
    Tokens.requireRoom("MaskedSentences", order, from, count, t + slots, slots, x, y);
    for (int i = 0; i < count; i++) {
      int example = Objects.checkIndex(order[from + i], size());
      int[] sentence = ids[example % ids.length];
      int length = Math.min(t, sentence.length);
      int known = known(sentence, length);
      int left = Math.min(Math.clamp((length + ONE_OF / 2) / ONE_OF, 1, slots), known);
      long xs = (long) i * (t + slots);
      long ys = (long) i * slots;
      int slot = 0;
      for (int j = 0; j < t; j++) {
        x.set(xs + j, j < length ? sentence[j] : padding);
        if (j < length && sentence[j] != unknown) {
          long draw = (long) example * t + j;
          // Knuth's selection sampling: each of the known tokens to come is chosen with probability left / known.
          if (left > 0 && Rng.below(seed, Streams.MASKS, draw, known) < left) {
            x.set(xs + j, shown(sentence[j], draw));
            x.set(xs + t + slot, j);
            y.set(ys + slot++, sentence[j]);
            left--;
          }
          known--;
        }
      }
      while (slot < slots) {
        x.set(xs + t + slot, 0);
        y.set(ys + slot++, IGNORED);
      }
    }
  }

  private int known(int[] sentence, int length) {
    int known = 0;
    for (int j = 0; j < length; j++) {
      known += sentence[j] == unknown ? 0 : 1;
    }
    return known;
  }

  /** What stands in the place of a token that is to be guessed. */
  private int shown(int token, long draw) {
    int tenth = Rng.below(seed, Streams.SHOWN, draw, 10);
    return tenth > 1 ? mask : tenth == 1 ? all[Rng.below(seed, Streams.OTHERS, draw, all.length)] : token;
  }
}
