package dev.lanewise.training.models;

import dev.lanewise.kernels.Elementwise;
import dev.lanewise.kernels.Embedding;
import dev.lanewise.layers.Dense;
import dev.lanewise.layers.Gelu;
import dev.lanewise.layers.Layer;
import dev.lanewise.layers.LayerNorm;
import dev.lanewise.layers.LayerSpec;
import dev.lanewise.layers.Model;
import dev.lanewise.layers.Param;
import dev.lanewise.layers.Params;
import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Saved;
import dev.lanewise.layers.Sequential;
import dev.lanewise.layers.TiedEmbedding;
import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.AdamW;
import dev.lanewise.training.Loss;
import dev.lanewise.training.Schedule;
import dev.lanewise.training.Supervised;
import dev.lanewise.training.Trainer;
import dev.lanewise.training.data.text.MaskedSentences;
import dev.lanewise.training.data.text.Tokenizer;
import dev.lanewise.training.data.text.WordTokenizer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The encoder of {@link Bert} with another end: at each place that is to be guessed a linear layer with GELU, normalised, and scores of all words, by comparison
 * with the vectors that the encoder begins with: so every word's vector is taught at every step, also that of a rare one. The logarithm of a word's frequency is
 * added to its score: the vectors have only to tell what the neighbours add to that. Only these places are multiplied with the vocabulary, which is where nearly
 * all the time would go.
 *
 * <p>Shapes: ids and places [n, t + {@value #SLOTS}], as {@link MaskedSentences} gives them, to logits [n, {@value #SLOTS}, vocabulary]. What is left over belongs to
 * place 0 and is to be ignored.
 */
public final class MaskedLanguageModel implements Model, Layer {
  /** Places of a sentence that are guessed at most: a quarter of {@link Bert#CONTEXT}. */
  public static final int SLOTS = Bert.CONTEXT / 4;

  /** How often it goes through the sentences as a rule. */
  public static final int ROUNDS = 50;

  /** Examples per step. */
  public static final int BATCH = 32;

  private static final float DROPOUT = 0.1f;

  private final Bert recipe;
  private final Sequential encoder;
  private final Sequential head;
  private final Params parameters;
  private final Tensor frequencies;

  private record Parts(Sequential encoder, Sequential head) {}

  private MaskedLanguageModel(Bert recipe, Parts parts, Params parameters, Tensor frequencies) {
    this.recipe = recipe;
    this.frequencies = frequencies;
    this.encoder = parts.encoder;
    this.head = parts.head;
    this.parameters = parameters;
  }

  /**
   * Makes a model with fresh parameters.
   *
   * @param sentences of which it will guess words: they tell how frequent each is
   */
  public static MaskedLanguageModel build(Bert recipe, List<String> sentences, long seed, Arena arena) {
    TiedEmbedding words = TiedEmbedding.of(recipe.tokenizer().size(), Bert.WIDTH, Bert.SMALL);
    Params.Built<Parts> built = Params.build(seed, arena, params -> new Parts(
        Sequential.spec(recipe.encoder(words.embed(), DROPOUT, 0).toArray(new LayerSpec[0])).build(Shape.of(Bert.CONTEXT), params),
        Sequential.spec(Dense.of(Bert.WIDTH), Gelu.of(), LayerNorm.of(), words.logits()).build(Shape.of(SLOTS, Bert.WIDTH), params)));
    return new MaskedLanguageModel(recipe, built.model(), built.params(), frequencies(recipe.tokenizer(), sentences, arena));
  }

  private static Tensor frequencies(Tokenizer tokenizer, List<String> sentences, Arena arena) {
    int[] counts = new int[tokenizer.size()];
    Arrays.fill(counts, 1);
    int all = counts.length;
    for (String sentence : sentences) {
      for (int token : tokenizer.encode(sentence)) {
        counts[token]++;
        all++;
      }
    }
    Tensor frequencies = Tensor.allocate(arena, Shape.of(counts.length));
    for (int i = 0; i < counts.length; i++) {
      // StrictMath: the same bits on every machine.
      frequencies.set(i, (float) StrictMath.log(counts[i] / (double) all));
    }
    return frequencies;
  }

  /** The sentences as this model reads them, each {@code rounds} times with other words hidden. */
  public static MaskedSentences examples(Bert recipe, List<String> sentences, int rounds, long seed) {
    WordTokenizer words = recipe.tokenizer();
    return new MaskedSentences(words, sentences, Bert.CONTEXT, SLOTS, rounds, words.id(WordTokenizer.UNKNOWN), words.id(Bert.PADDING),
        words.id(Bert.MASK), seed);
  }

  /** How it is taught: AdamW with a learning rate of 2e-3 that warms up and falls with the cosine. */
  public Trainer trainer() {
    return Trainer
        .of(Supervised.of(this, Loss.SPARSE_CATEGORICAL_CROSSENTROPY, AdamW.of(2e-3f).withWeightDecay(0.01f).decayingMatricesOnly()))
        .schedule(Schedule.parse("cosine:warmup=400,end=0")).clipNorm(1);
  }

  /**
   * Gives the encoder's parameters to a classifier.
   *
   * @param classifier of the same recipe
   * @throws ShapeException if a parameter differs in shape; nothing is given then
   */
  public void teach(Sequential classifier) {
    List<Param> own = encoder.params();
    List<Param> into = classifier.params();
    for (int i = 0; i < own.size(); i++) {
      if (!own.get(i).shape().equals(into.get(i).shape())) {
        throw new ShapeException("Bert: parameter " + own.get(i).name() + " is " + own.get(i).shape()
            + " but the classifier's is " + into.get(i).shape() + "; both need the same recipe");
      }
    }
    for (int i = 0; i < own.size(); i++) {
      into.get(i).value().copyFrom(own.get(i).value());
    }
  }

  @Override
  public Tensor infer(Tensor x, Pass pass) {
    Tensor h = encoder.infer(ids(x, pass), pass);
    return scores(head.infer(guessed(h, places(x, pass), pass), pass));
  }

  @Override
  public Tensor forward(Tensor x, Saved saved, Pass pass) {
    IntTensor places = places(x, pass);
    saved.keepInts(places);
    Tensor h = encoder.forward(ids(x, pass), saved.child(0), pass);
    return scores(head.forward(guessed(h, places, pass), saved.child(1), pass));
  }

  /** Null: ids and places have no gradient. */
  @Override
  public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
    int n = dy.dim(0);
    Tensor dguessed = Objects.requireNonNull(head.backward(dy, saved.child(1), pass, true));
    Tensor dh = pass.workspace().batch(n, encoder.outputShape());
    Embedding.scatterAdd(n * Bert.CONTEXT, Bert.WIDTH, n * SLOTS, saved.ints().segment(), dguessed.segment(), dh.segment(), false,
        pass.workers());
    return encoder.backward(dh, saved.child(0), pass, false);
  }

  private Tensor scores(Tensor z) {
    int words = recipe.tokenizer().size();
    Elementwise.addRow((int) (z.size() / words), words, z.segment(), frequencies.segment(), z.segment());
    return z;
  }

  private Tensor ids(Tensor x, Pass pass) {
    Tensor ids = pass.workspace().batch(x.dim(0), encoder.inputShape());
    for (int i = 0; i < x.dim(0); i++) {
      MemorySegment.copy(x.segment(), Float.BYTES * (long) i * (Bert.CONTEXT + SLOTS), ids.segment(), Float.BYTES * (long) i * Bert.CONTEXT,
          Float.BYTES * (long) Bert.CONTEXT);
    }
    return ids;
  }

  /** The rows of the encoder's output that are guessed from, [n * slots]. */
  private IntTensor places(Tensor x, Pass pass) {
    int n = x.dim(0);
    IntTensor places = pass.workspace().ints(n * SLOTS);
    for (int i = 0; i < n; i++) {
      for (int slot = 0; slot < SLOTS; slot++) {
        places.set((long) i * SLOTS + slot, i * Bert.CONTEXT + (int) x.get((long) i * (Bert.CONTEXT + SLOTS) + Bert.CONTEXT + slot));
      }
    }
    return places;
  }

  private Tensor guessed(Tensor h, IntTensor places, Pass pass) {
    int n = h.dim(0);
    Tensor guessed = pass.workspace().batch(n, head.inputShape());
    Embedding.gather(n * Bert.CONTEXT, Bert.WIDTH, h.segment(), n * SLOTS, places.segment(), guessed.segment(), pass.workers());
    return guessed;
  }

  @Override
  public String name() {
    return "masked_language_model";
  }

  @Override
  public Params parameters() {
    return parameters;
  }

  @Override
  public List<Param> params() {
    return Stream.of(encoder, head).flatMap(layer -> layer.params().stream()).toList();
  }

  @Override
  public Shape inputShape() {
    return Shape.of(Bert.CONTEXT + SLOTS);
  }

  @Override
  public Shape outputShape() {
    return head.outputShape();
  }

  @Override
  public long flops() {
    return encoder.flops() + head.flops();
  }

  @Override
  public long trainingFlops() {
    return 3 * flops();
  }

  @Override
  public String summary() {
    return architecture() + "\n";
  }

  @Override
  public String architecture() {
    return "masked language model: " + inputShape() + " > encoder " + encoder.outputShape() + " > " + outputShape() + ", "
        + recipe.tokenizer().size() + " words, " + parameters.count() + " parameters";
  }
}
