package dev.lanewise.layers;

import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Gemm;
import dev.lanewise.kernels.Reductions;
import dev.lanewise.kernels.Workers;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Affine map and activation: Y = f(X W + b).
 *
 * <p>Shapes: X [n, in], W [in, out], b [out], Y [n, out]; or, as in Keras, X [n, t, in] and Y [n, t, out]: the same map at each step of a
 * sequence. First values: W Glorot uniform, b = 0 (as Keras). Parameters: {@code kernel}, {@code bias}.
 *
 * <p>With dZ = dY f'(Z): dW = X' dZ, db = column sums of dZ, dX = dZ W'. Error: each element of a product lies within gamma_k of the sum of
 * absolute products, k = in for Y, the number of rows for dW and db, out for dX.
 *
 * <p>Source: Goodfellow, Bengio and Courville, Deep Learning, 2016, section 6.5.6.
 */
public final class Dense implements Stepwise {
  private final String name;
  private final Shape input;
  private final Shape output;
  private final Shape oneInput;
  private final Shape oneOutput;
  private final int in;
  private final int out;

  /** Vectors in an example. */
  private final int rows;

  private final Activation activation;
  private final Param weight;
  private final Param bias;
  private final Epilogue epilogue;

  private Dense(String name, Spec spec, Shape input, Params.Builder params) {
    this.name = name;
    if (input.rank() != 1 && input.rank() != 2) {
      throw new ShapeException(name + ": the input is " + Shapes.batch(input)
          + " but vectors [n, in] or sequences [n, t, in] are expected; put Flatten.of() before it");
    }
    this.input = input;
    this.in = input.dim(input.rank() - 1);
    this.rows = input.rank() == 1 ? 1 : input.dim(0);
    this.out = spec.units;
    this.output = input.rank() == 1 ? Shape.of(out) : Shape.of(rows, out);
    this.oneInput = Shape.of(in);
    this.oneOutput = Shape.of(out);
    this.activation = spec.activation;
    this.weight = params.param(name + "/kernel", Shape.of(in, out), spec.initializer);
    this.bias = params.param(name + "/bias", Shape.of(out), Initializer.ZEROS);
    this.epilogue = activation.fusedInto(Epilogue.bias(bias.value().segment()));
  }

  /** A linear layer. */
  public static Spec of(int units) {
    return of(units, Activation.LINEAR);
  }

  /**
   * A layer with an activation.
   *
   * @param units length of an output vector, at least 1
   */
  public static Spec of(int units, Activation activation) {
    return new Spec(units, activation, Initializer.GLOROT_UNIFORM);
  }

  /** What {@link Dense} is to be. */
  public record Spec(int units, Activation activation, Initializer initializer) implements LayerSpec {
    public Spec {
      if (units < 1) {
        throw new IllegalArgumentException("Dense: " + units + " units; at least 1 is needed");
      }
    }

    /** With other first values of the weights. */
    public Spec withInitializer(Initializer other) {
      return new Spec(units, activation, other);
    }

    @Override
    public Dense build(Shape input, Params.Builder params) {
      return new Dense(params.name("dense"), this, input, params);
    }

    /** As part of a layer whose parameters it is to be named after. */
    Dense build(String name, Shape input, Params.Builder params) {
      return new Dense(name, this, input, params);
    }
  }

  @Override
  public Tensor infer(Tensor x, Pass pass) {
    int n = Shapes.requireInput(this, x);
    return activated(n * rows, x, pass.workspace().batch(n, output), pass);
  }

  @Override
  public Tensor step(Tensor x, int position, Pass pass) {
    Shapes.requireStep(this, x, oneInput);
    return activated(1, x, pass.workspace().batch(1, oneOutput), pass);
  }

  private Tensor activated(int count, Tensor x, Tensor y, Pass pass) {
    Gemm.multiply(false, false, count, out, in, x.segment(), in, weight.value().segment(), out, y.segment(), out, false,
        epilogue, pass.workers());
    activation.afterEpilogue(y, pass.workers());
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
    Tensor x = saved.input();
    int n = x.dim(0);
    Shapes.requireGradient(this, dy, n);
    Workers workers = pass.workers();
    boolean add = pass.accumulateGradients();
    activation.backward(saved.output(), dy, workers);
    MemorySegment dz = dy.segment();
    if (!pass.skipsParameterGradients()) {
      Gemm.multiply(true, false, in, out, n * rows, x.segment(), in, dz, out, weight.gradient().segment(), out, add,
          Epilogue.NONE, workers);
      Reductions.columnSums(n * rows, out, dz, bias.gradient().segment(), add, workers);
    }
    if (!inputGradient) {
      return null;
    }
    Tensor dx = pass.workspace().batch(n, input);
    Gemm.multiply(false, true, n * rows, in, out, dz, out, weight.value().segment(), out, dx.segment(), in, false,
        Epilogue.NONE, workers);
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
  public List<Param> params() {
    return List.of(weight, bias);
  }

  @Override
  public long flops() {
    return 2L * rows * in * out;
  }

  /** What is applied to the products. */
  public Activation activation() {
    return activation;
  }
}
