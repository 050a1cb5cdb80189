package dev.lanewise.training.models;

import dev.lanewise.layers.Dropout;
import dev.lanewise.layers.Initializer;
import dev.lanewise.layers.LayerNorm;
import dev.lanewise.layers.LayerSpec;
import dev.lanewise.layers.Model;
import dev.lanewise.layers.PositionalEmbedding;
import dev.lanewise.layers.Sequential;
import dev.lanewise.layers.TiedEmbedding;
import dev.lanewise.layers.TransformerBlock;
import dev.lanewise.tensor.Shape;
import dev.lanewise.training.AdamW;
import dev.lanewise.training.Loss;
import dev.lanewise.training.Schedule;
import dev.lanewise.training.Supervised;
import dev.lanewise.training.Trainer;
import dev.lanewise.training.data.text.Tokenizer;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A decoder-only transformer that predicts the next token at each position: the article's GPT.
 *
 * <p>Token and position vectors are added, go through blocks of causal attention and a GELU network, a last normalisation, and are compared with the token vectors
 * again, whose table is shared. First values: normal with 0.02, the two products of a block that end in a residual sum 0.02 / sqrt(2 layers). Trained by
 * AdamW (1e-3, betas 0.9 and 0.99, decay 0.1 of matrices only), 100 steps of warm-up, then a cosine down to a tenth, gradients clipped to a norm of 1: one pass over
 * as many random windows as there are steps.
 *
 * <p>Source: Radford and others, Language Models are Unsupervised Multitask Learners, 2019, with the settings of Karpathy's nanoGPT for characters on a small machine.
 *
 * @param tokenizer what the tokens are
 * @param layers blocks
 * @param heads of attention in each block, a divisor of the width
 * @param width channels
 * @param context positions that it can look at
 * @param dropout share of elements dropped in training, of the first sum and of each part of a block
 */
public record Gpt(Tokenizer tokenizer, int layers, int heads, int width, int context, float dropout) implements TextRecipe {
  /** Its name on the command line and in files. */
  public static final String NAME = "gpt";

  private static final float SPREAD = 0.02f;

  public Gpt {
    if (layers < 1 || heads < 1 || width < 1 || context < 1 || width % heads != 0) {
      throw new IllegalArgumentException("Gpt: " + layers + " layers, " + heads + " heads, width " + width + ", context " + context
          + "; at least 1 of each is needed, and a width that is a multiple of the heads");
    }
  }

  /** The small one: 4 layers, 4 heads, width 128, context 64, no dropout. */
  public static Gpt small(Tokenizer tokenizer) {
    return new Gpt(tokenizer, 4, 4, 128, 64, 0);
  }

  static Gpt find(Map<String, String> options) {
    return new Gpt(Tokenizer.restore(options), Recipes.number(NAME, options, "layers"), Recipes.number(NAME, options, "heads"),
        Recipes.number(NAME, options, "width"), Recipes.number(NAME, options, "context"), Recipes.fraction(NAME, options, "dropout"));
  }

  @Override
  public Sequential build(long seed, Arena arena) {
    TiedEmbedding tokens = TiedEmbedding.of(tokenizer.size(), width, Initializer.normal(SPREAD));
    TransformerBlock.Spec block = TransformerBlock.of(heads)
        .causally()
        .withDropout(dropout)
        .withInitializers(Initializer.normal(SPREAD), Initializer.normal((float) (SPREAD / Math.sqrt(2.0 * layers))));
    List<LayerSpec> specs = new ArrayList<>();
    specs.add(tokens.embed());
    specs.add(PositionalEmbedding.of(Initializer.normal(SPREAD)));
    if (dropout > 0) {
      specs.add(Dropout.of(dropout));
    }
    for (int i = 0; i < layers; i++) {
      specs.add(block);
    }
    specs.add(LayerNorm.of());
    specs.add(tokens.logits());
    return Sequential.build(Shape.of(context), seed, arena, specs.toArray(new LayerSpec[0]));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> options() {
    Map<String, String> options = new TreeMap<>(tokenizer.texts());
    options.put("layers", "" + layers);
    options.put("heads", "" + heads);
    options.put("width", "" + width);
    options.put("context", "" + context);
    options.put("dropout", "" + dropout);
    return options;
  }

  @Override
  public Supervised task(Model model) {
    AdamW optimizer = AdamW.of(1e-3f).withBetas(0.9f, 0.99f).withEpsilon(1e-8f).withWeightDecay(0.1f).decayingMatricesOnly();
    return Supervised.of(chain(model), Loss.SPARSE_CATEGORICAL_CROSSENTROPY, optimizer);
  }

  @Override
  public Schedule schedule() {
    return Schedule.parse("cosine:warmup=100,end=0.1");
  }

  @Override
  public Trainer trainer(Model model) {
    return TextRecipe.super.trainer(model).clipNorm(1);
  }

  @Override
  public int epochs() {
    return 1;
  }

  @Override
  public int batch() {
    return 12;
  }

  /** Steps that it is usually trained for. */
  public int iterations() {
    return 2000;
  }
}
