package dev.lanewise.training.models;

import dev.lanewise.kernels.Elementwise;
import dev.lanewise.kernels.Embedding;
import dev.lanewise.layers.Layer;
import dev.lanewise.layers.LayerNorm;
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
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The encoder of {@link Bert} with another end: at each hidden place, scores of all words, by comparison with the vectors that the encoder
 * begins with: so every word's vector is taught at every step, also that of a rare one. The logarithm of a word's frequency is added to its score: the vectors
 * have only to tell what the neighbours add to that, else they would all grow into one direction. Only these places are multiplied with the vocabulary,
 * which is where nearly all the time would go.
 *
 * <p>Shapes: ids [n, t] to logits [n, {@value #SLOTS}, vocabulary], for the mask tokens from left to right; what is left over belongs to place
 * 0 and is to be ignored.
 */
public final class MaskedLanguageModel implements Model, Layer {
  /** Hidden places of a sentence at most: 15% of {@link Bert#CONTEXT} tokens. */
  public static final int SLOTS = 7;

  /** How often it goes through the sentences as a rule. */
  public static final int ROUNDS = 6;

  /** Examples per step. */
  public static final int BATCH = 32;

  private static final float DROPOUT = 0.1f;

  private final Bert recipe;
  private final int mask;
  private final Sequential encoder;
  private final Layer norm;
  private final Layer head;
  private final Params parameters;
  private final Tensor frequencies;

  private record Parts(Sequential encoder, Layer norm, Layer head) {}

  private MaskedLanguageModel(Bert recipe, Parts parts, Params parameters, Tensor frequencies) {
    this.recipe = recipe;
    this.frequencies = frequencies;
    this.mask = recipe.tokenizer().id(Bert.MASK);
    this.encoder = parts.encoder;
    this.norm = parts.norm;
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
        Sequential.spec(recipe.encoder(words.embed(), DROPOUT, 0)).build(Shape.of(Bert.CONTEXT), params),
        LayerNorm.of().build(Shape.of(SLOTS, Bert.WIDTH), params), words.logits().build(Shape.of(SLOTS, Bert.WIDTH), params)));
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
    return new MaskedSentences(recipe.tokenizer(), sentences, Bert.CONTEXT, SLOTS, rounds, recipe.tokenizer().id(Bert.PADDING),
        recipe.tokenizer().id(Bert.MASK), seed);
  }

  /** How it is taught: AdamW with a learning rate of 1e-3 that warms up and falls with the cosine. */
  public Trainer trainer() {
    return Trainer.of(Supervised.of(this, Loss.SPARSE_CATEGORICAL_CROSSENTROPY, AdamW.of(1e-3f).decayingMatricesOnly()))
        .schedule(Schedule.parse("cosine:warmup=200,end=0")).clipNorm(1);
  }

  /**
   * Gives the words' vectors to a classifier, centred and with the deviation that its own would have: guessing words lets all vectors grow, and
   * in part in one direction, which tells nothing of a word.
   *
   * @param classifier of the same recipe
   */
  public void teach(Sequential classifier) {
    Param own = encoder.params().getFirst();
    Tensor into = classifier.params().getFirst().value();
    if (!into.shape().equals(own.value().shape())) {
      throw new ShapeException("Bert: parameter " + own.name() + " is " + own.value().shape()
          + " but the classifier's is " + into.shape() + "; both need the same recipe");
    }
    int words = into.dim(0);
    double squares = 0;
    for (int c = 0; c < Bert.WIDTH; c++) {
      double sum = 0;
      for (int word = 0; word < words; word++) {
        sum += own.value().get((long) word * Bert.WIDTH + c);
      }
      for (int word = 0; word < words; word++) {
        double centred = own.value().get((long) word * Bert.WIDTH + c) - sum / words;
        squares += centred * centred;
        into.set((long) word * Bert.WIDTH + c, (float) centred);
      }
    }
    float scale = (float) (Bert.DEVIATION / Math.sqrt(squares / into.size()));
    Elementwise.scale(into.size(), scale, into.segment(), into.segment());
  }

  @Override
  public Tensor infer(Tensor x, Pass pass) {
    Tensor h = encoder.infer(x, pass);
    return scores(head.infer(norm.infer(hidden(h, places(x, pass), pass), pass), pass));
  }

  @Override
  public Tensor forward(Tensor x, Saved saved, Pass pass) {
    IntTensor places = places(x, pass);
    saved.keepInts(places);
    Tensor h = encoder.forward(x, saved.child(0), pass);
    return scores(head.forward(norm.forward(hidden(h, places, pass), saved.child(1), pass), saved.child(2), pass));
  }

  @Override
  public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
    int n = dy.dim(0);
    Tensor dnorm = Objects.requireNonNull(head.backward(dy, saved.child(2), pass, true));
    Tensor dhidden = Objects.requireNonNull(norm.backward(dnorm, saved.child(1), pass, true));
    Tensor dh = pass.workspace().batch(n, encoder.outputShape());
    Embedding.scatterAdd(n * Bert.CONTEXT, Bert.WIDTH, n * SLOTS, saved.ints().segment(), dhidden.segment(), dh.segment(), false,
        pass.workers());
    return encoder.backward(dh, saved.child(0), pass, inputGradient);
  }

  private Tensor scores(Tensor z) {
    int words = recipe.tokenizer().size();
    Elementwise.addRow((int) (z.size() / words), words, z.segment(), frequencies.segment(), z.segment());
    return z;
  }

  /** The rows of the encoder's output that belong to mask tokens, [n * slots]. */
  private IntTensor places(Tensor x, Pass pass) {
    int n = x.dim(0);
    IntTensor places = pass.workspace().ints(n * SLOTS);
    for (int i = 0; i < n; i++) {
      int slot = 0;
      for (int j = 0; j < Bert.CONTEXT && slot < SLOTS; j++) {
        if (x.get((long) i * Bert.CONTEXT + j) == mask) {
          places.set((long) i * SLOTS + slot++, i * Bert.CONTEXT + j);
        }
      }
      while (slot < SLOTS) {
        places.set((long) i * SLOTS + slot++, i * Bert.CONTEXT);
      }
    }
    return places;
  }

  private Tensor hidden(Tensor h, IntTensor places, Pass pass) {
    int n = h.dim(0);
    Tensor hidden = pass.workspace().batch(n, head.inputShape());
    Embedding.gather(n * Bert.CONTEXT, Bert.WIDTH, h.segment(), n * SLOTS, places.segment(), hidden.segment(), pass.workers());
    return hidden;
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
    return Stream.of(encoder, norm, head).flatMap(layer -> layer.params().stream()).toList();
  }

  @Override
  public Shape inputShape() {
    return encoder.inputShape();
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
