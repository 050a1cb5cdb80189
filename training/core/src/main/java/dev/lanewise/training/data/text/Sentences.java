package dev.lanewise.training.data.text;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.data.Dataset;
import dev.lanewise.training.data.Partition;
import java.util.List;
import java.util.Objects;

/**
 * Sentences of words with one class each, as token ids: cut off after {@code t} tokens, or filled up with a padding token.
 */
public final class Sentences implements Dataset {
  private final int[][] ids;
  private final int[] labels;
  private final int classes;
  private final int t;
  private final int padding;
  private final Shape inputShape;

  /**
   * Encodes sentences.
   *
   * @param labels their classes, in [0, classes)
   * @param t tokens that a model sees, at least 1
   * @param padding the token after the end of a sentence
   * @throws IllegalArgumentException when there are not as many labels as sentences, or not two classes occur
   */
  public Sentences(Tokenizer tokenizer, List<String> sentences, int[] labels, int classes, int t, int padding) {
    if (labels.length != sentences.size()) {
      throw new IllegalArgumentException(
          "Sentences: " + sentences.size() + " sentences but " + labels.length + " labels; each needs one");
    }
    if (t < 1) {
      throw new IllegalArgumentException("Sentences: " + t + " tokens of each sentence; at least 1 is needed");
    }
    Partition.requireClasses(labels, classes);
    this.ids = sentences.stream().map(tokenizer::encode).toArray(int[][]::new);
    this.labels = labels.clone();
    this.classes = classes;
    this.t = t;
    this.padding = padding;
    this.inputShape = Shape.of(t);
  }

  @Override
  public int size() {
    return ids.length;
  }

  /** [t]: token ids as whole numbers. */
  @Override
  public Shape inputShape() {
    return inputShape;
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public void batch(int[] order, int from, int count, Tensor x, IntTensor y) {
    Tokens.requireRoom("Sentences", order, from, count, t, 1, x, y);
    for (int i = 0; i < count; i++) {
      int[] sentence = ids[Objects.checkIndex(order[from + i], ids.length)];
      for (int j = 0; j < t; j++) {
        x.set((long) i * t + j, j < sentence.length ? sentence[j] : padding);
      }
      y.set(i, labels[order[from + i]]);
    }
  }
}
