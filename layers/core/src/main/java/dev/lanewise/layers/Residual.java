package dev.lanewise.layers;

import dev.lanewise.kernels.Elementwise;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A way around some layers: y = x + f(x), of any shape, and dx = dy + f'(dy). f must put out the shape that it takes. Source: He, Zhang, Ren
 * and Sun, Deep Residual Learning for Image Recognition, 2016.
 */
public final class Residual implements Layer {
  private final String name;
  private final Sequential inner;
  private final Shape shape;

  private Residual(Shape shape, Params.Builder params, Sequential.Spec spec) {
    this.name = params.name("residual");
    this.inner = spec.build(shape, params);
    this.shape = shape;
    if (!inner.outputShape().equals(shape)) {
      throw new ShapeException(name + ": the input is " + Shapes.batch(shape) + " but what is added to it is "
          + Shapes.batch(inner.outputShape()) + "; both must have the same shape, so end with a layer that restores it");
    }
  }

  /** Around layers one after the other, at least one. */
  public static LayerSpec of(LayerSpec... layers) {
    Sequential.Spec spec = Sequential.spec(layers);
    return (input, params) -> new Residual(input, params, spec);
  }

  @Override
  public Tensor infer(Tensor x, Pass pass) {
    return plus(x, inner.infer(x, pass), Shapes.requireInput(this, x), pass);
  }

  @Override
  public Tensor forward(Tensor x, Saved saved, Pass pass) {
    Tensor y = plus(x, inner.forward(x, saved.child(0), pass), Shapes.requireInput(this, x), pass);
    saved.keep(x, y);
    return y;
  }

  /** Into memory of its own: what f put out may be x itself, and f needs it for backward. */
  private Tensor plus(Tensor x, Tensor fx, int n, Pass pass) {
    Tensor y = pass.workspace().batch(n, shape);
    Elementwise.add(x.size(), x.segment(), fx.segment(), y.segment());
    return y;
  }

  @Override
  public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
    int n = saved.input().dim(0);
    Shapes.requireGradient(this, dy, n);
    if (!inputGradient) {
      var _ = inner.backward(dy, saved.child(0), pass, false);
      return null;
    }
    // f may overwrite the gradient that it is given.
    Tensor given = pass.workspace().batch(n, shape);
    Elementwise.copy(dy.size(), dy.segment(), given.segment());
    Tensor dx = inner.backward(given, saved.child(0), pass, true);
    if (dx != null) {
      Elementwise.add(dy.size(), dy.segment(), dx.segment(), dy.segment());
    }
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

  @Override
  public List<Param> params() {
    return inner.params();
  }

  @Override
  public long flops() {
    return inner.flops();
  }
}
