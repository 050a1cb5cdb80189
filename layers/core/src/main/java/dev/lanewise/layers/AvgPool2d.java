package dev.lanewise.layers;

import dev.lanewise.kernels.Pool2d;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The mean of each window of an image, channel by channel, without padding.
 *
 * <pre>Y[n, oh, ow, c] = mean over kh, kw of X[n, oh sh + kh, ow sw + kw, c]</pre>
 *
 * <p>Shapes: X [n, height, width, channels], Y [n, outHeight, outWidth, channels], outHeight = floor((height - poolHeight) / sh) + 1.
 * Backward: each gradient goes to the window's pixels in equal parts. Error and order of operations: see {@link Pool2d}.
 */
public final class AvgPool2d implements Layer {
  private final String name;
  private final Shape input;
  private final Shape output;
  private final Pool2d pool;

  private AvgPool2d(Spec spec, Shape input, Params.Builder params) {
    this.name = params.name("average_pooling2d");
    Shapes.requireImage(name, input);
    if (input.dim(0) < spec.poolHeight || input.dim(1) < spec.poolWidth) {
      throw new ShapeException(name + ": windows of " + spec.poolHeight + "x" + spec.poolWidth + " do not fit images "
          + Shapes.batch(input) + "; take smaller windows or fewer layers that shrink the image before it");
    }
    this.input = input;
    this.pool = Pool2d.of(input.dim(0), input.dim(1), input.dim(2), spec.poolHeight, spec.poolWidth, spec.strideHeight,
        spec.strideWidth);
    this.output = Shape.of(pool.outHeight(), pool.outWidth(), input.dim(2));
  }

  /**
   * Square windows side by side.
   *
   * @param pool height and width of a window, and the strides; at least 1
   */
  public static Spec of(int pool) {
    return of(pool, pool);
  }

  /** Windows of any size, side by side. */
  public static Spec of(int poolHeight, int poolWidth) {
    return new Spec(poolHeight, poolWidth, poolHeight, poolWidth);
  }

  /** What {@link AvgPool2d} is to be. */
  public record Spec(int poolHeight, int poolWidth, int strideHeight, int strideWidth) implements LayerSpec {
    public Spec {
      if (poolHeight < 1 || poolWidth < 1 || strideHeight < 1 || strideWidth < 1) {
        throw new IllegalArgumentException("AvgPool2d: windows of " + poolHeight + "x" + poolWidth + ", stride " + strideHeight + "x"
            + strideWidth + "; all must be at least 1");
      }
    }

    /** With input rows and columns from one window to the next. */
    public Spec withStrides(int height, int width) {
      return new Spec(poolHeight, poolWidth, height, width);
    }

    @Override
    public AvgPool2d build(Shape input, Params.Builder params) {
      return new AvgPool2d(this, input, params);
    }
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
