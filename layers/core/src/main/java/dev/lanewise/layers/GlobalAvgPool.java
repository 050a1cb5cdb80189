package dev.lanewise.layers;

import dev.lanewise.kernels.Pool2d;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The mean of each channel over the whole image: X [n, height, width, channels], Y [n, channels]. {@link AvgPool2d} with one window, and
 * its error with height width terms. Source: Lin, Chen and Yan, Network In Network, 2014, section 3.2.
 */
public final class GlobalAvgPool implements Layer {
  private final String name;
  private final Shape input;
  private final Shape output;
  private final Pool2d pool;

  private GlobalAvgPool(Shape input, Params.Builder params) {
    this.name = params.name("global_average_pooling2d");
    Shapes.requireImage(name, input);
    this.input = input;
    this.pool = Pool2d.of(input.dim(0), input.dim(1), input.dim(2), input.dim(0), input.dim(1), 1, 1);
    this.output = Shape.of(input.dim(2));
  }

  /** For images of any size. */
  public static LayerSpec of() {
    return GlobalAvgPool::new;
  }

  @Override
  public Tensor infer(Tensor x, Pass pass) {
    int n = Shapes.requireInput(this, x);
    Tensor y = pass.workspace().batch(n, output);
    pool.averageForward(n, x.segment(), y.segment(), pass.workers());
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
    int n = saved.output().dim(0);
    Shapes.requireGradient(this, dy, n);
    if (!inputGradient) {
      return null;
    }
    Tensor dx = pass.workspace().batch(n, input);
    pool.averageBackward(n, dy.segment(), dx.segment(), pass.workers());
    return dx;
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
}
