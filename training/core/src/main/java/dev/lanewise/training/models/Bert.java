package dev.lanewise.training.models;

import dev.lanewise.layers.Dense;
import dev.lanewise.layers.Dropout;
import dev.lanewise.layers.Embedding;
import dev.lanewise.layers.Initializer;
import dev.lanewise.layers.LayerNorm;
import dev.lanewise.layers.LayerSpec;
import dev.lanewise.layers.Model;
import dev.lanewise.layers.PositionalEmbedding;
import dev.lanewise.layers.Sequential;
import dev.lanewise.layers.TransformerBlock;
import dev.lanewise.tensor.Shape;
import dev.lanewise.training.AdamW;
import dev.lanewise.training.Loss;
import dev.lanewise.training.Metric;
import dev.lanewise.training.Schedule;
import dev.lanewise.training.Supervised;
import dev.lanewise.training.Trainer;
import dev.lanewise.training.data.text.Polarity;
import dev.lanewise.training.data.text.Sentences;
import dev.lanewise.training.data.text.Tokenizer;
import dev.lanewise.training.data.text.WordTokenizer;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An encoder of sentences, and a classifier on top of it: words and positions as vectors of 64 numbers, two transformer blocks in which
 * every word sees every other, the mean over the words, and a linear layer. In training 30% of the words are hidden: 8,500 sentences are few, and soon
 * learned by heart.
 *
 * <p>{@link MaskedLanguageModel} has the same encoder and teaches it beforehand to guess hidden words. Dropout of 0.2, AdamW with a learning
 * rate of 2e-3 that warms up and falls with the cosine, gradients clipped at 1; how each was chosen is in reports/decisions/0004.
 *
 * <p>Source: Devlin, Chang, Lee and Toutanova, BERT: Pre-training of Deep Bidirectional Transformers, 2019, much smaller and normalised
 * before each part.
 *
 * @param tokenizer with the tokens {@value #PADDING} and {@value #MASK}
 */
public record Bert(WordTokenizer tokenizer) implements Recipe {
  /** Its name on the command line and in files. */
  public static final String NAME = "bert";

  /** The token after the end of a sentence. */
  public static final String PADDING = "<pad>";

  /** The token in the place of a hidden word. */
  public static final String MASK = "<mask>";

  /** Words that the network sees of a sentence; fewer than 1 in 300 reviews are longer. */
  public static final int CONTEXT = 48;

  static final int WIDTH = 64;
  private static final int HEADS = 4;
  private static final int BLOCKS = 2;
  private static final float DROPOUT = 0.2f;
  private static final float HIDDEN = 0.3f;
  static final Initializer SMALL = Initializer.normal(0.02f);
  /** Keeps the size of vectors of {@link #WIDTH} numbers, which sums of {@code 2 BLOCKS} parts keep too if each has half of it. */
  private static final Initializer EVEN = Initializer.normal(0.125f);
  private static final Initializer HALF = Initializer.normal(0.0625f);

  /** A vocabulary of the words that occur at least twice in these sentences. */
  public static Bert of(List<String> sentences) {
    return new Bert(WordTokenizer.train(sentences, 1 << 24, 2, PADDING, MASK));
  }

  static Bert restore(Map<String, String> options) {
    if (!(Tokenizer.restore(options) instanceof WordTokenizer words)) {
      throw new IllegalArgumentException("Recipe " + NAME + ": its tokenizer is " + options.get("tokenizer") + "; one of words is needed");
    }
    return new Bert(words);
  }

  /** Sentences with their classes as this network reads them. */
  public Sentences examples(Polarity.Part part) {
    return new Sentences(tokenizer, part.sentences(), part.labels(), Polarity.CLASSES, CONTEXT, tokenizer.id(PADDING));
  }

  /**
   * What both networks begin with.
   *
   * @param words gives the words' vectors
   * @param dropout share of elements dropped from the vectors and from each part of a block
   * @param hidden share of words that are hidden in training
   */
  List<LayerSpec> encoder(LayerSpec words, float dropout, float hidden) {
    int padding = tokenizer.id(PADDING);
    List<LayerSpec> layers = new ArrayList<>();
    layers.add(PaddedEnd.of(padding));
    layers.add(TokenDropout.of(hidden, tokenizer.id(MASK), padding));
    layers.add(words);
    layers.add(PositionalEmbedding.of(SMALL));
    layers.add(Dropout.of(dropout));
    layers.addAll(Collections.nCopies(BLOCKS, TransformerBlock.of(HEADS).withDropout(dropout).withInitializers(EVEN, HALF)));
    layers.add(LayerNorm.of());
    return layers;
  }

  @Override
  public Sequential build(long seed, Arena arena) {
    List<LayerSpec> layers = encoder(Embedding.of(tokenizer.size(), WIDTH, SMALL), DROPOUT, HIDDEN);
    layers.add(MeanOfSteps.of());
    layers.add(Dropout.of(DROPOUT));
    layers.add(Dense.of(Polarity.CLASSES));
    return Sequential.build(Shape.of(CONTEXT), seed, arena, layers.toArray(new LayerSpec[0]));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> options() {
    return new LinkedHashMap<>(tokenizer.texts());
  }

  @Override
  public Supervised task(Model model) {
    return Supervised.of((Sequential) model, Loss.SPARSE_CATEGORICAL_CROSSENTROPY,
        AdamW.of(2e-3f).withWeightDecay(0.01f).decayingMatricesOnly());
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.accuracy(), Metric.macroF1());
  }

  @Override
  public Schedule schedule() {
    return Schedule.parse("cosine:warmup=100,end=0");
  }

  @Override
  public Trainer trainer(Model model) {
    return Recipe.super.trainer(model).clipNorm(1);
  }

  @Override
  public int epochs() {
    return 5;
  }

  @Override
  public int batch() {
    return 32;
  }
}
