package dev.lanewise.layers;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Each example in another shape of as many elements, last axis fastest: the same memory, nothing is copied. The way from a vector to an
 * image, as {@link Flatten} is the way back.
 */
public final class Reshape implements Layer {
  private final String name;
  private final Shape input;
  private final Shape output;

  private Reshape(Shape output, Shape input, Params.Builder params) {
    this.name = params.name("reshape");
    if (input.size() != output.size()) {
      throw new ShapeException(name + ": an example " + input + " has " + input.size() + " elements but " + output + " has "
          + output.size() + "; give a shape of as many");
    }
    this.input = input;
    this.output = output;
  }

  /**
   * Gives examples of any shape another one.
   *
   * @param output shape of one example, without the batch axis
   */
  public static LayerSpec to(Shape output) {
    return (input, params) -> new Reshape(output, input, params);
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
