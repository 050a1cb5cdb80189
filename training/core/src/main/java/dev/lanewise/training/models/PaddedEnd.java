package dev.lanewise.training.models;

import dev.lanewise.layers.Layer;
import dev.lanewise.layers.LayerSpec;
import dev.lanewise.layers.Params;
import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Saved;
import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Tells the layers above how long each sequence is, by {@link Pass#lengths}: up to its last token that is no padding, at least 1. The ids
 * [n, t] pass through unchanged.
 */
final class PaddedEnd implements Layer {
  private final String name;
  private final Shape shape;
  private final int padding;

  private PaddedEnd(int padding, Shape shape, Params.Builder params) {
    this.name = params.name("padded_end");
    this.shape = shape;
    this.padding = padding;
  }

  static LayerSpec of(int padding) {
    return (shape, params) -> new PaddedEnd(padding, shape, params);
  }

  @Override
  public Tensor infer(Tensor x, Pass pass) {
    int n = x.dim(0);
    int t = x.dim(1);
    IntTensor lengths = pass.workspace().ints(n);
    for (int i = 0; i < n; i++) {
      int length = t;
      while (length > 1 && x.get((long) i * t + length - 1) == padding) {
        length--;
      }
      lengths.set(i, length);
    }
    pass.lengths(lengths);
    return x;
  }

  @Override
  public Tensor forward(Tensor x, Saved saved, Pass pass) {
    return infer(x, pass);
  }

  @Override
  public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
    return inputGradient ? dy : null;
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
