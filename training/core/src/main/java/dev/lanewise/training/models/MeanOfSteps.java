package dev.lanewise.training.models;

import dev.lanewise.layers.Layer;
import dev.lanewise.layers.LayerSpec;
import dev.lanewise.layers.Params;
import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Saved;
import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The mean over the steps of a sequence that are no padding, of which {@link Pass#lengths} tells: y = (x[0] + ... + x[length - 1]) / length.
 *
 * <p>Shapes: x [n, t, width], y [n, width]. Added up in ascending order, divided once. dx[j] = dy / length for j &lt; length, else 0.
 */
final class MeanOfSteps implements Layer {
  private final String name;
  private final Shape input;
  private final Shape output;
  private final int t;
  private final int width;

  private MeanOfSteps(Shape input, Params.Builder params) {
    this.name = params.name("mean_of_steps");
    if (input.rank() != 2) {
      throw new ShapeException(name + ": the input is " + input + " but sequences of vectors [t, width] are expected");
    }
    this.input = input;
    this.t = input.dim(0);
    this.width = input.dim(1);
    this.output = Shape.of(width);
  }

  static LayerSpec of() {
    return MeanOfSteps::new;
  }

  private int length(@Nullable IntTensor lengths, int example) {
    return lengths == null ? t : lengths.get(example);
  }

  @Override
  public Tensor infer(Tensor x, Pass pass) {
    int n = x.dim(0);
    Tensor y = pass.workspace().batch(n, output);
    IntTensor lengths = pass.lengths();
    for (int i = 0; i < n; i++) {
      int length = length(lengths, i);
      for (int c = 0; c < width; c++) {
        float sum = 0;
        for (int j = 0; j < length; j++) {
          sum += x.get(((long) i * t + j) * width + c);
        }
        y.set((long) i * width + c, sum / length);
      }
    }
    return y;
  }

  @Override
  public Tensor forward(Tensor x, Saved saved, Pass pass) {
    return infer(x, pass);
  }

  @Override
  public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
    if (!inputGradient) {
      return null;
    }
    int n = dy.dim(0);
    Tensor dx = pass.workspace().batch(n, input);
    IntTensor lengths = pass.lengths();
    for (int i = 0; i < n; i++) {
      int length = length(lengths, i);
      for (int j = 0; j < t; j++) {
        for (int c = 0; c < width; c++) {
          dx.set(((long) i * t + j) * width + c, j < length ? dy.get((long) i * width + c) / length : 0);
        }
      }
    }
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
