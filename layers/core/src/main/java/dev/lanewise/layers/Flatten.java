package dev.lanewise.layers;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Each example as one vector, last axis fastest: X [n, d1, ..., dk], Y [n, d1 ... dk]. The same memory, nothing is copied; backward gives
 * dY its old axes back.
 */
public final class Flatten implements Layer {
  private final String name;
  private final Shape input;
  private final Shape output;

  private Flatten(Shape input, Params.Builder params) {
    this.name = params.name("flatten");
    if (input.size() > Integer.MAX_VALUE) {
      throw new ShapeException(name + ": an example " + input + " has more than 2^31 - 1 elements; make it smaller");
    }
    this.input = input;
    this.output = Shape.of((int) input.size());
  }

  /** Makes vectors of examples of any shape. */
  public static LayerSpec of() {
    return Flatten::new;
  }

  @Override
  public Tensor infer(Tensor x, Pass pass) {
    return pass.workspace().view(x, Shapes.requireInput(this, x), output);
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
    return inputGradient ? pass.workspace().view(dy, n, input) : null;
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
