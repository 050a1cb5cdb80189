package dev.lanewise.layers;

import org.jspecify.annotations.Nullable;

/**
 * One table for two layers of a chain: vectors of the tokens at its beginning, and at its end logits that compare an output with each of them,
 * Z = X E'.
 *
 * <pre>
 * TiedEmbedding tied = TiedEmbedding.of(vocabulary, width, Initializer.normal(0.02f));
 * Sequential.build(Shape.of(t), seed, arena, tied.embed(), ..., tied.logits());
 * </pre>
 *
 * <p>The table's gradient is the sum of both layers': the last layer's, which backward meets first, and then the first layer's. Make one for each model.
 *
 * <p>Source: Press and Wolf, Using the Output Embedding to Improve Language Models, 2017.
 */
public final class TiedEmbedding {
  private final int vocabulary;
  private final int width;
  private final Initializer initializer;
  private @Nullable Embedding embedding;

  private TiedEmbedding(int vocabulary, int width, Initializer initializer) {
    this.vocabulary = vocabulary;
    this.width = width;
    this.initializer = initializer;
  }

  /**
   * A table to be shared.
   *
   * @param vocabulary how many tokens there are, at least 1
   * @param width length of a vector, at least 1
   */
  public static TiedEmbedding of(int vocabulary, int width, Initializer initializer) {
    Embedding.requireSizes(vocabulary, width);
    return new TiedEmbedding(vocabulary, width, initializer);
  }

  /** The layer that looks tokens up; it comes first. */
  public LayerSpec embed() {
    return (input, params) -> {
      Embedding made = new Embedding(vocabulary, width, initializer, true, input, params);
      embedding = made;
      return made;
    };
  }

  /** The layer that compares with all tokens; it comes later in the same chain. */
  public LayerSpec logits() {
    return (input, params) -> {
      if (embedding == null) {
        throw new IllegalStateException("TiedEmbedding: logits() before embed(); the layer that looks tokens up comes first");
      }
      return new TiedLogits(embedding.table(), input, params);
    };
  }
}
