package dev.lanewise.layers;

import dev.lanewise.kernels.Activations;
import dev.lanewise.kernels.Elementwise;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A block of a transformer, normalised before each part:
 *
 * <pre>
 * A = X + dropout(attention(norm(X)))
 * Y = A + dropout(gelu(norm(A) W1 + b1) W2 + b2)
 * </pre>
 *
 * <p>Shapes: X, A and Y [n, t, width]; W1 [width, 4 width], W2 [4 width, width]. The parts are {@link LayerNorm}, {@link MultiHeadAttention},
 * {@link Dense} and {@link Dropout}; GELU is the exact one, x times the normal distribution function. Attention's probabilities are not dropped.
 *
 * <p>Source: Radford and others, Language Models are Unsupervised Multitask Learners, 2019, section 2.3; Hendrycks and Gimpel, Gaussian Error Linear Units,
 * 2016.
 */
public final class TransformerBlock implements Stepwise {
  /** How much wider the inner layer is. */
  private static final int EXPANSION = 4;

  private final String name;
  private final Shape shape;
  private final LayerNorm firstNorm;
  private final MultiHeadAttention attention;
  private final @Nullable Layer firstDropout;
  private final LayerNorm secondNorm;
  private final Dense inner;
  private final Dense outer;
  private final @Nullable Layer secondDropout;

  private TransformerBlock(Spec spec, Shape input, Params.Builder params) {
    this.name = params.name("transformer_block");
    Shapes.requireSequence(name, input);
    int width = input.dim(1);
    this.shape = input;
    this.firstNorm = LayerNorm.usual(input, params);
    this.attention = spec.attention.build(input, params);
    this.firstDropout = spec.dropout == 0 ? null : Dropout.of(spec.dropout).build(input, params);
    this.secondNorm = LayerNorm.usual(input, params);
    this.inner = Dense.of(EXPANSION * width).withInitializer(spec.attention.initializer()).build(name + "/inner", input, params);
    this.outer = Dense.of(width).withInitializer(spec.attention.last()).build(name + "/outer", inner.outputShape(), params);
    this.secondDropout = spec.dropout == 0 ? null : Dropout.of(spec.dropout).build(input, params);
  }

  /**
   * Without dropout; every position sees every other.
   *
   * @param heads of attention, a divisor of the input's width
   */
  public static Spec of(int heads) {
    return new Spec(MultiHeadAttention.of(heads), 0);
  }

  /**
   * What {@link TransformerBlock} is to be.
   *
   * @param attention its attention; its first values are those of the other products too
   * @param dropout share of elements dropped from each part's output in training
   */
  public record Spec(MultiHeadAttention.Spec attention, float dropout) implements LayerSpec {

    /** Where a position sees only itself and those before it. */
    public Spec causally() {
      return new Spec(attention.causally(), dropout);
    }

    /** With dropout. */
    public Spec withDropout(float rate) {
      return new Spec(attention, rate);
    }

    /** With other first values of the products, and of those two that end in a residual sum. */
    public Spec withInitializers(Initializer initializer, Initializer last) {
      return new Spec(attention.withInitializers(initializer, last), dropout);
    }

    @Override
    public TransformerBlock build(Shape input, Params.Builder params) {
      return new TransformerBlock(this, input, params);
    }
  }

  @Override
  public Tensor infer(Tensor x, Pass pass) {
    Shapes.requireInput(this, x);
    Tensor a = sum(x, attention.infer(firstNorm.infer(x, pass), pass));
    Tensor h = inner.infer(secondNorm.infer(a, pass), pass);
    Activations.gelu(h.size(), h.segment(), h.segment(), pass.workers());
    return sum(a, outer.infer(h, pass));
  }

  @Override
  public Tensor step(Tensor x, int position, Pass pass) {
    Tensor a = sum(x, attention.step(firstNorm.step(x, position, pass), position, pass));
    Tensor h = inner.step(secondNorm.step(a, position, pass), position, pass);
    Activations.gelu(h.size(), h.segment(), h.segment(), pass.workers());
    return sum(a, outer.step(h, position, pass));
  }

  /** x + f, in the memory of f: the output of a linear layer, which does not look at it again. */
  private static Tensor sum(Tensor x, Tensor f) {
    Elementwise.add(x.size(), x.segment(), f.segment(), f.segment());
    return f;
  }

  @Override
  public Tensor forward(Tensor x, Saved saved, Pass pass) {
    int n = Shapes.requireInput(this, x);
    Tensor f = attention.forward(firstNorm.forward(x, saved.child(0), pass), saved.child(1), pass);
    Tensor a = sum(x, dropped(firstDropout, f, saved.child(2), pass));
    Tensor h = inner.forward(secondNorm.forward(a, saved.child(3), pass), saved.child(4), pass);
    Tensor g = pass.workspace().batch(n, inner.outputShape());
    Activations.gelu(h.size(), h.segment(), g.segment(), pass.workers());
    return sum(a, dropped(secondDropout, outer.forward(g, saved.child(5), pass), saved.child(6), pass));
  }

  private static Tensor dropped(@Nullable Layer dropout, Tensor f, Saved saved, Pass pass) {
    return dropout == null ? f : dropout.forward(f, saved, pass);
  }

  @Override
  public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
    Shapes.requireGradient(this, dy, saved.child(0).input().dim(0));
    Tensor dg = required(outer.backward(throughDropout(secondDropout, dy, saved.child(6), pass), saved.child(5), pass, true));
    Tensor h = saved.child(4).output();
    Activations.geluBackward(h.size(), h.segment(), dg.segment(), dg.segment(), pass.workers());
    Tensor da = required(secondNorm.backward(required(inner.backward(dg, saved.child(4), pass, true)), saved.child(3), pass, true));
    sum(dy, da);
    Tensor df = throughDropout(firstDropout, da, saved.child(2), pass);
    Tensor dn = attention.backward(df, saved.child(1), pass, true);
    Tensor dx = required(firstNorm.backward(required(dn), saved.child(0), pass, true));
    return inputGradient ? sum(da, dx) : null;
  }

  /** The gradient below a dropout; the one above is needed once more, for the residual, so the mask is applied to a copy. */
  private Tensor throughDropout(@Nullable Layer dropout, Tensor dy, Saved saved, Pass pass) {
    if (dropout == null) {
      return dy;
    }
    Tensor copy = pass.workspace().batch(dy.dim(0), shape);
    Elementwise.copy(dy.size(), dy.segment(), copy.segment());
    return required(dropout.backward(copy, saved, pass, true));
  }

  private static Tensor required(@Nullable Tensor gradient) {
    return Objects.requireNonNull(gradient);
  }

  @Override
  public int context() {
    return attention.context();
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
    return Stream.of(firstNorm, attention, secondNorm, inner, outer).flatMap(layer -> layer.params().stream()).toList();
  }

  @Override
  public long flops() {
    return attention.flops() + inner.flops() + outer.flops();
  }
}
