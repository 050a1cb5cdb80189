package dev.lanewise.layers;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Probabilities from logits, along the last axis: y_j = e^(x_j - max x) / sum over i of e^(x_i - max x).
 *
 * <p>Shapes: X and Y [n, ..., classes]. Backward: dx_j = y_j (dy_j - sum over i of dy_i y_i). Error: see
 * {@link dev.lanewise.kernels.Softmax}. In training a cross-entropy works from the logits and leaves a model's last softmax out
 * ({@link Sequential#forwardLogits}): faster, and exact where a probability underflows.
 */
public final class Softmax implements Layer {
  private final String name;
  private final Shape shape;
  private final int classes;

  private Softmax(Shape shape, Params.Builder params) {
    this.name = params.name("softmax");
    if (shape.rank() == 0 || shape.dim(shape.rank() - 1) == 0) {
      throw new ShapeException(name + ": the input is " + Shapes.batch(shape) + " but [n, ..., classes] is expected, with classes >= 1");
    }
    this.shape = shape;
    this.classes = shape.dim(shape.rank() - 1);
  }

  /** Along the last axis of examples of any shape. */
  public static LayerSpec of() {
    return Softmax::new;
  }

  @Override
  public Tensor infer(Tensor x, Pass pass) {
    Tensor y = pass.workspace().batch(Shapes.requireInput(this, x), shape);
    dev.lanewise.kernels.Softmax.forward(rows(x), classes, x.segment(), y.segment(), pass.workers());
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
    Tensor y = saved.output();
    Shapes.requireGradient(this, dy, y.dim(0));
    if (!inputGradient) {
      return null;
    }
    Tensor dx = pass.workspace().batch(y.dim(0), shape);
    dev.lanewise.kernels.Softmax.backward(rows(y), classes, y.segment(), dy.segment(), dx.segment(), pass.workers());
    return dx;
  }

  private int rows(Tensor x) {
    return (int) (x.size() / classes);
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
}
