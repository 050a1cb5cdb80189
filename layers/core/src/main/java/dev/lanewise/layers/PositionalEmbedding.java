package dev.lanewise.layers;

import dev.lanewise.kernels.Elementwise;
import dev.lanewise.kernels.Reductions;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A learned vector for each position: Y[i] = X[i] + P[i].
 *
 * <p>Shapes: X and Y [n, t, width], P [t, width]. First values of P: uniform in [-0.05, 0.05), as Keras's embeddings, unless another initializer is given.
 * Parameter: {@code positions}. One rounding per element; dX = dY, dP = sum of dY over the examples, as {@link Reductions#columnSums} adds up.
 *
 * <p>Source: Gehring and others, Convolutional Sequence to Sequence Learning, 2017, section 3.1.
 */
public final class PositionalEmbedding implements Stepwise {
  private final String name;
  private final Shape shape;
  private final Shape one;
  private final int steps;
  private final int size;
  private final Param positions;
  private final Tensor[] rows;

  private PositionalEmbedding(Initializer initializer, Shape input, Params.Builder params) {
    this.name = params.name("positional_embedding");
    Shapes.requireSequence(name, input);
    this.shape = input;
    this.steps = input.dim(0);
    this.one = Shape.of(input.dim(1));
    this.size = Math.toIntExact(input.size());
    this.positions = params.param(name + "/positions", input, initializer);
    this.rows = new Tensor[steps];
    for (int i = 0; i < steps; i++) {
      rows[i] = positions.value().slice(i, i + 1);
    }
  }

  /** With Keras's first values, for sequences [t, width]. */
  public static LayerSpec of() {
    return of(Initializer.uniform(0.05f));
  }

  /** With other first values. */
  public static LayerSpec of(Initializer initializer) {
    return (input, params) -> new PositionalEmbedding(initializer, input, params);
  }

  @Override
  public Tensor infer(Tensor x, Pass pass) {
    int n = Shapes.requireInput(this, x);
    Tensor y = pass.workspace().batch(n, shape);
    Elementwise.addRow(n, size, x.segment(), positions.value().segment(), y.segment());
    return y;
  }

  @Override
  public Tensor step(Tensor x, int position, Pass pass) {
    Shapes.requireStep(this, x, one);
    Shapes.requirePosition(this, position, steps);
    Tensor y = pass.workspace().batch(1, one);
    Elementwise.add(y.size(), x.segment(), rows[position].segment(), y.segment());
    return y;
  }

  @Override
  public Tensor forward(Tensor x, Saved saved, Pass pass) {
    Tensor y = infer(x, pass);
    saved.keep(x, y);
    return y;
  }

  @Override
  public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
    int n = saved.input().dim(0);
    Shapes.requireGradient(this, dy, n);
    Reductions.columnSums(n, size, dy.segment(), positions.gradient().segment(), pass.accumulateGradients(), pass.workers());
    return inputGradient ? dy : null;
  }

  @Override
  public int context() {
    return steps;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Shape inputShape() {
    return shape;
  }

  @Override
  public Shape outputShape() {
    return shape;
  }

  @Override
  public List<Param> params() {
    return List.of(positions);
  }
}
