package dev.lanewise.layers;

import dev.lanewise.kernels.Workers;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** A function of each element, of any shape: y = f(x) and dx = dy f'(x). */
abstract sealed class Pointwise implements Stepwise permits Relu, LeakyRelu, Elu, Gelu, Silu {
  private final String name;
  private final Shape shape;
  /** What a step takes: the channels of a position, or nothing but the number that it is. */
  private final Shape one;

  Pointwise(String kind, Shape shape, Params.Builder params) {
    this.name = params.name(kind);
    this.shape = shape;
    this.one = shape.rank() < 2 ? Shape.of() : Shape.of(shape.dim(shape.rank() - 1));
  }

  /** y = f(x). */
  abstract void apply(Tensor x, Tensor y, Workers workers);

  /** dy = dy f'(x), in place. */
  abstract void backward(Tensor x, Tensor y, Tensor dy, Workers workers);

  @Override
  public final Tensor infer(Tensor x, Pass pass) {
    Tensor y = pass.workspace().batch(Shapes.requireInput(this, x), shape);
    apply(x, y, pass.workers());
    return y;
  }

  @Override
  public final Tensor step(Tensor x, int position, Pass pass) {
    Shapes.requireStep(this, x, one);
    Tensor y = pass.workspace().batch(1, one);
    apply(x, y, pass.workers());
    return y;
  }

  @Override
  public final Tensor forward(Tensor x, Saved saved, Pass pass) {
    Tensor y = infer(x, pass);
    saved.keep(x, y);
    return y;
  }

  @Override
  public final @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
    Tensor x = saved.input();
    Shapes.requireGradient(this, dy, x.dim(0));
    if (!inputGradient) {
      return null;
    }
    backward(x, saved.output(), dy, pass.workers());
    return dy;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final Shape inputShape() {
    return shape;
  }

  @Override
  public final Shape outputShape() {
    return shape;
  }
}
