package dev.lanewise.layers;

import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Gemm;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Scores of all tokens by the vectors of an {@link Embedding}: Z = X E'; dX = dZ E, dE = dZ' X.
 *
 * <p>Shapes: X [n, t, width], E [vocabulary, width], Z [n, t, vocabulary]. The table belongs to the embedding, which adds its own part of the gradient
 * afterwards.
 */
final class TiedLogits implements Stepwise {
  private final String name;
  private final Shape input;
  private final Shape output;
  private final Shape oneInput;
  private final Shape oneOutput;
  private final int steps;
  private final int width;
  private final int vocabulary;
  private final Param table;

  TiedLogits(Param table, Shape input, Params.Builder params) {
    this.name = params.name("tied_logits");
    this.vocabulary = table.shape().dim(0);
    this.width = table.shape().dim(1);
    if (input.rank() != 2 || input.dim(1) != width) {
      throw new ShapeException(name + ": the input is " + Shapes.batch(input) + " but [n, t, " + width
          + "] is expected, the embedding's width; project it by a Dense layer");
    }
    this.table = table;
    this.input = input;
    this.steps = input.dim(0);
    this.output = Shape.of(steps, vocabulary);
    this.oneInput = Shape.of(width);
    this.oneOutput = Shape.of(vocabulary);
  }

  @Override
  public Tensor infer(Tensor x, Pass pass) {
    int n = Shapes.requireInput(this, x);
    return logits(n * steps, x, pass.workspace().batch(n, output), pass);
  }

  @Override
  public Tensor step(Tensor x, int position, Pass pass) {
    Shapes.requireStep(this, x, oneInput);
    return logits(1, x, pass.workspace().batch(1, oneOutput), pass);
  }

  private Tensor logits(int rows, Tensor x, Tensor z, Pass pass) {
    Gemm.multiply(false, true, rows, vocabulary, width, x.segment(), width, table.value().segment(), width, z.segment(), vocabulary,
        false, Epilogue.NONE, pass.workers());
    return z;
  }

  @Override
  public Tensor forward(Tensor x, Saved saved, Pass pass) {
    Tensor z = infer(x, pass);
    saved.keep(x, z);
    return z;
  }

  @Override
  public @Nullable Tensor backward(Tensor dz, Saved saved, Pass pass, boolean inputGradient) {
    Tensor x = saved.input();
    int n = x.dim(0);
    Shapes.requireGradient(this, dz, n);
    Gemm.multiply(true, false, vocabulary, width, n * steps, dz.segment(), vocabulary, x.segment(), width, table.gradient().segment(),
        width, pass.accumulateGradients(), Epilogue.NONE, pass.workers());
    if (!inputGradient) {
      return null;
    }
    Tensor dx = pass.workspace().batch(n, input);
    Gemm.multiply(false, false, n * steps, width, vocabulary, dz.segment(), vocabulary, table.value().segment(), width, dx.segment(),
        width, false, Epilogue.NONE, pass.workers());
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

  @Override
  public long flops() {
    return 2L * steps * width * vocabulary;
  }
}
