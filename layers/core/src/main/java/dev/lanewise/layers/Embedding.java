package dev.lanewise.layers;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A learned vector for each token: Y[i] = E[x[i]].
 *
 * <p>Shapes: x [n, t], token ids as whole numbers from 0 to below the vocabulary's size; E [vocabulary, width]; Y [n, t, width]. First values: uniform in
 * [-0.05, 0.05), as Keras, unless another initializer is given. Parameter: {@code embeddings}. Forward is exact.
 *
 * <p>With dY: dE[v] = sum of dY[i] over the positions i that hold v, in ascending order. There is no gradient for ids: where one is asked for, it is 0.
 *
 * <p>Source: Bengio and others, A Neural Probabilistic Language Model, 2003, section 2.
 */
public final class Embedding implements Stepwise {
  private static final Shape TOKEN = Shape.of();

  private final String name;
  private final Shape input;
  private final Shape output;
  private final Shape oneOutput;
  private final int vocabulary;
  private final int width;
  private final Param table;
  private final boolean tied;

  Embedding(int vocabulary, int width, Initializer initializer, boolean tied, Shape input, Params.Builder params) {
    this.name = params.name("embedding");
    if (input.rank() != 1) {
      throw new ShapeException(name + ": the input is " + Shapes.batch(input) + " but sequences of token ids [n, t] are expected");
    }
    this.input = input;
    this.output = Shape.of(input.dim(0), width);
    this.oneOutput = Shape.of(width);
    this.vocabulary = vocabulary;
    this.width = width;
    this.tied = tied;
    this.table = params.param(name + "/embeddings", Shape.of(vocabulary, width), initializer);
  }

  /**
   * With Keras's first values.
   *
   * @param vocabulary how many tokens there are, at least 1
   * @param width length of a vector, at least 1
   */
  public static LayerSpec of(int vocabulary, int width) {
    return of(vocabulary, width, Initializer.uniform(0.05f));
  }

  /** With other first values. */
  public static LayerSpec of(int vocabulary, int width, Initializer initializer) {
    requireSizes(vocabulary, width);
    return (input, params) -> new Embedding(vocabulary, width, initializer, false, input, params);
  }

  static void requireSizes(int vocabulary, int width) {
    if (vocabulary < 1 || width < 1) {
      throw new IllegalArgumentException(
          "Embedding: " + vocabulary + " tokens by " + width + " channels; at least 1 of each is needed");
    }
  }

  @Override
  public Tensor infer(Tensor x, Pass pass) {
    int n = Shapes.requireInput(this, x);
    return gather(x, pass.workspace().ints((int) x.size()), pass.workspace().batch(n, output), pass);
  }

  private Tensor gather(Tensor x, IntTensor ids, Tensor y, Pass pass) {
    int count = (int) x.size();
    dev.lanewise.kernels.Embedding.ids(count, x.segment(), ids.segment());
    dev.lanewise.kernels.Embedding.gather(
        vocabulary, width, table.value().segment(), count, ids.segment(), y.segment(), pass.workers());
    return y;
  }

  @Override
  public Tensor step(Tensor x, int position, Pass pass) {
    Shapes.requireStep(this, x, TOKEN);
    return gather(x, pass.workspace().ints(1), pass.workspace().batch(1, oneOutput), pass);
  }

  @Override
  public Tensor forward(Tensor x, Saved saved, Pass pass) {
    int n = Shapes.requireInput(this, x);
    IntTensor ids = pass.workspace().ints((int) x.size());
    Tensor y = gather(x, ids, pass.workspace().batch(n, output), pass);
    saved.keep(x, y);
    saved.keepInts(ids);
    return y;
  }

  @Override
  public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
    Tensor x = saved.input();
    int n = x.dim(0);
    Shapes.requireGradient(this, dy, n);
    dev.lanewise.kernels.Embedding.scatterAdd(vocabulary, width, (int) x.size(), saved.ints().segment(), dy.segment(),
        table.gradient().segment(), tied || pass.accumulateGradients(), pass.workers());
    return inputGradient ? pass.workspace().batch(n, input).fill(0) : null;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Shape inputShape() {
    return input;
  }

  @Override
  public Shape outputShape() {
    return output;
  }

  @Override
  public List<Param> params() {
    return List.of(table);
  }

  /** How many tokens there are. */
  public int vocabulary() {
    return vocabulary;
  }

  Param table() {
    return table;
  }
}
