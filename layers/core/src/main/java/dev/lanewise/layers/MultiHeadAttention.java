package dev.lanewise.layers;

import dev.lanewise.kernels.Attention;
import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Each position of a sequence gathers from the positions that it sees, by several heads of attention:
 *
 * <pre>[Q K V] = X Wqkv + bqkv    H = softmax(Q K' / sqrt(d)) V for each head of d = width / heads channels    Y = H Wo + bo</pre>
 *
 * <p>Shapes: X and Y [n, t, width]; one product makes queries, keys and values side by side, Wqkv [width, 3 width], and {@link Attention} reads the
 * heads out of it where they lie. If causal, a position sees itself and those before it; of padded sequences only the first
 * {@link Pass#lengths()} positions are seen. First values: Glorot uniform and 0 unless others are given. Parameters: {@code qkv/kernel},
 * {@code qkv/bias}, {@code out/kernel}, {@code out/bias}. From one sequence to another: {@link CrossAttention}.
 *
 * <p>In training the probabilities [n, heads, t, t] are kept for backward; in use the scores of 12 positions at a time are alive. Order of operations and error:
 * {@link Dense} and {@link Attention}. Step by step, keys and values are kept in {@link Pass#carried()}.
 *
 * <p>Source: Vaswani and others, Attention Is All You Need, 2017, section 3.2.2.
 */
public final class MultiHeadAttention implements Stepwise {
  private final String name;
  private final Shape shape;
  private final Shape one;
  private final Shape probabilities;
  private final Shape cacheShape;
  private final int steps;
  private final int capacity;
  private final Dense qkv;
  private final Dense out;
  private final Attention attention;
  private final String keysName;
  private final String valuesName;

  private MultiHeadAttention(Spec spec, Shape input, Params.Builder params) {
    this.name = params.name("multi_head_attention");
    Shapes.requireSequence(name, input);
    int width = input.dim(1);
    if (width % spec.heads != 0 || width == 0) {
      throw new ShapeException(name + ": " + spec.heads + " heads share the " + width + " channels of the input " + Shapes.batch(input)
          + "; choose a width that is a multiple of the heads");
    }
    this.shape = input;
    this.one = Shape.of(width);
    this.steps = input.dim(0);
    this.capacity = (steps + 15) / 16 * 16;
    this.probabilities = Shape.of(spec.heads, steps, steps);
    this.cacheShape = Shape.of(capacity, width);
    this.attention = Attention.self(spec.heads, width / spec.heads, spec.causal);
    this.qkv = Dense.of(3 * width).withInitializer(spec.initializer).build(name + "/qkv", input, params);
    this.out = Dense.of(width).withInitializer(spec.last).build(name + "/out", input, params);
    this.keysName = name + "/keys";
    this.valuesName = name + "/values";
  }

  /**
   * Every position sees every other.
   *
   * @param heads how many, a divisor of the input's width
   */
  public static Spec of(int heads) {
    return new Spec(heads, false, Initializer.GLOROT_UNIFORM, Initializer.GLOROT_UNIFORM);
  }

  /**
   * What {@link MultiHeadAttention} is to be.
   *
   * @param causal whether a position sees only itself and those before it
   * @param initializer first values of Wqkv
   * @param last first values of Wo
   */
  public record Spec(int heads, boolean causal, Initializer initializer, Initializer last) implements LayerSpec {
    public Spec {
      if (heads < 1) {
        throw new IllegalArgumentException("MultiHeadAttention: " + heads + " heads; at least 1 is needed");
      }
    }

    /** Where a position sees only itself and those before it. */
    public Spec causally() {
      return new Spec(heads, true, initializer, last);
    }

    /** With other first values of the projections to queries, keys and values, and of the last one. */
    public Spec withInitializers(Initializer ofInputs, Initializer ofOutput) {
      return new Spec(heads, causal, ofInputs, ofOutput);
    }

    @Override
    public MultiHeadAttention build(Shape input, Params.Builder params) {
      return new MultiHeadAttention(this, input, params);
    }
  }

  @Override
  public Tensor infer(Tensor x, Pass pass) {
    int n = Shapes.requireInput(this, x);
    Tensor projected = qkv.infer(x, pass);
    Tensor gathered = pass.workspace().batch(n, shape);
    attention.infer(n, steps, steps, projected.segment(), projected.segment(), lengths(pass, n), gathered.segment(), pass.workers());
    return out.infer(gathered, pass);
  }

  @Override
  public Tensor step(Tensor x, int position, Pass pass) {
    Shapes.requireStep(this, x, one);
    Shapes.requirePosition(this, position, steps);
    Tensor keys = pass.carried().state(keysName, 1, cacheShape);
    Tensor values = pass.carried().state(valuesName, 1, cacheShape);
    Tensor projected = qkv.step(x, position, pass);
    Tensor gathered = pass.workspace().batch(1, one);
    attention.step(position, capacity, projected.segment(), keys.segment(), values.segment(), gathered.segment(), pass.workers());
    return out.step(gathered, position, pass);
  }

  @Override
  public Tensor forward(Tensor x, Saved saved, Pass pass) {
    int n = Shapes.requireInput(this, x);
    Tensor projected = qkv.forward(x, saved.child(0), pass);
    Tensor kept = pass.workspace().batch(n, probabilities);
    Tensor gathered = pass.workspace().batch(n, shape);
    attention.forward(n, steps, steps, projected.segment(), projected.segment(), lengths(pass, n), kept.segment(), gathered.segment(),
        pass.workers());
    saved.keepExtra(kept);
    return out.forward(gathered, saved.child(1), pass);
  }

  @Override
  public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
    Tensor projected = saved.child(0).output();
    int n = projected.dim(0);
    Shapes.requireGradient(this, dy, n);
    Tensor dGathered = Objects.requireNonNull(out.backward(dy, saved.child(1), pass, true));
    Tensor dProjected = pass.workspace().batch(n, qkv.outputShape());
    attention.backward(n, steps, steps, projected.segment(), projected.segment(), lengths(pass, n), saved.extra().segment(),
        dGathered.segment(), dProjected.segment(), dProjected.segment(), pass.workers());
    return qkv.backward(dProjected, saved.child(0), pass, inputGradient);
  }

  static MemorySegment lengths(Pass pass, int n) {
    IntTensor lengths = pass.lengths();
    if (lengths == null) {
      return MemorySegment.NULL;
    }
    if (lengths.size() != n) {
      throw new ShapeException("Pass: lengths of " + lengths.size() + " sequences for a batch of " + n + "; give one for each");
    }
    return lengths.segment();
  }

  @Override
  public int context() {
    return steps;
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
    return Stream.concat(qkv.params().stream(), out.params().stream()).toList();
  }

  @Override
  public long flops() {
    return qkv.flops() + out.flops() + 4L * steps * steps * one.dim(0);
  }
}
