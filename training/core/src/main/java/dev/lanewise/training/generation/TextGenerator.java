package dev.lanewise.training.generation;

import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Layer;
import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Sequential;
import dev.lanewise.layers.Stepwise;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Goes on with a text, one token at a time, by a model of {@link Stepwise} layers: each token costs one position, since layers keep what they need of earlier
 * ones. The scores have the bits of the model's {@code infer} over the whole window.
 *
 * <p>A model with a context looks at that many positions at most. When they are full, the window slides: the latest half of it is read again from position 0, and
 * generation goes on behind it. So between one half and the whole of a context of earlier tokens decides each token, and the price is half a context once per half
 * a context.
 *
 * <p>One thread at a time. A steady step allocates nothing. Close it to give back its memory; the model and the workers stay the caller's.
 */
public final class TextGenerator implements AutoCloseable {
  private static final Shape TOKEN = Shape.of(1);

  private final Stepwise[] layers;
  private final int vocabulary;
  private final int context;
  private final Workspace inputs = Workspace.open();
  private final Workspace workspace = Workspace.open();
  private final Tensor token = inputs.lasting(TOKEN);
  private final Pass pass;

  private int[] window;
  private int filled;

  private TextGenerator(Stepwise[] layers, int vocabulary, int context, Workers workers) {
    this.layers = layers;
    this.vocabulary = vocabulary;
    this.context = context;
    this.window = new int[Math.min(context, 1024)];
    this.pass = Pass.of(workspace, workers, 0);
  }

  /**
   * A generator at the beginning of a text.
   *
   * @param model from token ids [t] to scores [t, vocabulary], a chain of stepwise layers
   * @throws IllegalArgumentException naming the layer that cannot be run position by position
   */
  public static TextGenerator of(Sequential model, Workers workers) {
    List<Layer> chain = model.layers();
    Stepwise[] layers = new Stepwise[chain.size()];
    int context = Integer.MAX_VALUE;
    for (int i = 0; i < layers.length; i++) {
      if (!(chain.get(i) instanceof Stepwise layer)) {
        throw new IllegalArgumentException("TextGenerator: the layer " + chain.get(i).name()
            + " cannot be run position by position; a chain of stepwise layers is needed");
      }
      layers[i] = layer;
      context = Math.min(context, layer.context());
    }
    Shape output = model.outputShape();
    if (output.rank() != 2) {
      throw new ShapeException("TextGenerator: the model puts out " + output + " but scores of all tokens at each position are expected");
    }
    return new TextGenerator(layers, output.dim(1), context, workers);
  }

  /** Positions that the model can look at, {@link Integer#MAX_VALUE} where nothing limits them. */
  public int context() {
    return context;
  }

  /** Begins a new text. */
  public void restart() {
    filled = 0;
  }

  /**
   * Reads one token more.
   *
   * @param id from 0 to below the vocabulary's size
   * @return [1, vocabulary]: scores of the token after it, valid until the next call
   * @throws IllegalArgumentException if there is no such token
   */
  public Tensor read(int id) {
    if (id < 0 || id >= vocabulary) {
      throw new IllegalArgumentException("TextGenerator: token " + id + " but the vocabulary has " + vocabulary + " tokens");
    }
    if (filled == context) {
      slide();
    }
    remember(id);
    return step(id, filled++);
  }

  private void slide() {
    int kept = context / 2;
    System.arraycopy(window, context - kept, window, 0, kept);
    for (filled = 0; filled < kept; filled++) {
      step(window[filled], filled);
    }
  }

  /** Only a limited context is ever read again. */
  private void remember(int id) {
    if (context == Integer.MAX_VALUE) {
      return;
    }
    if (filled == window.length) {
      window = Arrays.copyOf(window, Math.min(context, 2 * window.length));
    }
    window[filled] = id;
  }

  private Tensor step(int id, int position) {
    pass.begin(0);
    token.set(0, id);
    Tensor y = token;
    for (Stepwise layer : layers) {
      y = layer.step(y, position, pass);
    }
    return y;
  }

  /**
   * Reads a prompt and goes on behind it.
   *
   * @param prompt at least one token
   * @param count how many tokens to draw
   * @param sampler chooses them; draw i has index i
   * @param reader gets each token as soon as it is drawn
   * @throws IllegalArgumentException if the prompt is empty or has a token that is not in the vocabulary
   */
  public void generate(int[] prompt, int count, TextSampler sampler, IntConsumer reader) {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("TextGenerator: an empty prompt; at least one token is needed");
    }
    restart();
    // What lies before the last whole context would only slide out again.
    int from = Math.max(0, prompt.length - context);
    for (int i = from; i < prompt.length - 1; i++) {
      read(prompt[i]);
    }
    int last = prompt[prompt.length - 1];
    for (int i = 0; i < count; i++) {
      last = sampler.draw(read(last), i);
      reader.accept(last);
    }
  }

  /** Gives back the memory. */
  @Override
  public void close() {
    workspace.close();
    inputs.close();
  }
}
