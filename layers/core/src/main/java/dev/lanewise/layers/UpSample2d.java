package dev.lanewise.layers;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Larger images: each pixel becomes a block of equal pixels (nearest neighbour).
 *
 * <pre>Y[n, oh, ow, c] = X[n, oh / fh, ow / fw, c], the quotients rounded down</pre>
 *
 * <p>Shapes: X [n, height, width, channels], Y [n, height fh, width fw, channels]. A copy. Backward: the sum of each block, within
 * gamma_(fh fw - 1) of the sum of absolute values. Source: Keras's UpSampling2D; see {@link dev.lanewise.kernels.UpSample2d}.
 */
public final class UpSample2d implements Layer {
  private final String name;
  private final Shape input;
  private final Shape output;
  private final dev.lanewise.kernels.UpSample2d up;

  private UpSample2d(int factorHeight, int factorWidth, Shape input, Params.Builder params) {
    this.name = params.name("up_sampling2d");
    Shapes.requireImage(name, input);
    this.input = input;
    this.up = new dev.lanewise.kernels.UpSample2d(input.dim(0), input.dim(1), input.dim(2), factorHeight, factorWidth);
    this.output = Shape.of(up.outHeight(), up.outWidth(), input.dim(2));
  }

  /**
   * The same factor for height and width.
   *
   * @param factor at least 1
   */
  public static LayerSpec of(int factor) {
    return of(factor, factor);
  }

  /** A factor for each. */
  public static LayerSpec of(int factorHeight, int factorWidth) {
    if (factorHeight < 1 || factorWidth < 1) {
      throw new IllegalArgumentException(
          "UpSample2d: factors " + factorHeight + " and " + factorWidth + "; both must be at least 1");
    }
    return (input, params) -> new UpSample2d(factorHeight, factorWidth, input, params);
  }

  @Override
  public Tensor infer(Tensor x, Pass pass) {
    int n = Shapes.requireInput(this, x);
    Tensor y = pass.workspace().batch(n, output);
    up.forward(n, x.segment(), y.segment(), pass.workers());
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
    up.backward(n, dy.segment(), dx.segment(), pass.workers());
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
