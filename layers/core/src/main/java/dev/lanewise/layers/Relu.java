package dev.lanewise.layers;

import dev.lanewise.kernels.Activations;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * y = max(x, 0) of each element, of any shape; dx = dy where y > 0, else 0 (so 0 at the kink). Exact; NaN stays NaN. As the activation
 * of a {@link Dense} or {@link Conv2d} it costs no pass over memory of its own.
 */
public final class Relu implements Layer {
  private final String name;
  private final Shape shape;

  private Relu(Shape shape, Params.Builder params) {
    this.name = params.name("relu");
    this.shape = shape;
  }

  /** For examples of any shape. */
  public static LayerSpec of() {
    return Relu::new;
  }

  @Override
  public Tensor infer(Tensor x, Pass pass) {
    Tensor y = pass.workspace().batch(Shapes.requireInput(this, x), shape);
    Activations.relu(x.size(), x.segment(), y.segment(), pass.workers());
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
    Activations.reluBackward(y.size(), y.segment(), dy.segment(), dy.segment(), pass.workers());
    return dy;
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
