package dev.lanewise.layers;

import dev.lanewise.kernels.Attention;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Each position of a sequence gathers from the positions of another one, the memory, as a decoder does from what an encoder made:
 *
 * <pre>Q = X Wq + bq    [K V] = M Wkv + bkv    H = softmax(Q K' / sqrt(d)) V for each head    Y = H Wo + bo</pre>
 *
 * <p>Shapes: X and Y [n, t, width], M [n, s, width of the memory]. Of padded memories only the first {@link Pass#lengths()} positions are seen. It takes two inputs
 * and so is no {@link Layer}: a model written by hand calls it. Parameters: {@code q}, {@code kv} and {@code out}, each with {@code kernel} and
 * {@code bias}. Everything else is as in {@link MultiHeadAttention}.
 *
 * <p>Source: Vaswani and others, Attention Is All You Need, 2017, section 3.2.3.
 */
public final class CrossAttention {
  private final String name;
  private final Shape shape;
  private final Shape memory;
  private final Shape probabilities;
  private final Dense query;
  private final Dense keyValue;
  private final Dense out;
  private final Attention attention;

  private CrossAttention(int heads, Shape input, Shape memory, Params.Builder params) {
    this.name = params.name("cross_attention");
    Shapes.requireSequence(name, input);
    Shapes.requireSequence(name, memory);
    int width = input.dim(1);
    if (heads < 1 || width % heads != 0 || width == 0) {
      throw new ShapeException(name + ": " + heads + " heads share the " + width + " channels of the input " + Shapes.batch(input)
          + "; choose a width that is a multiple of the heads");
    }
    this.shape = input;
    this.memory = memory;
    this.probabilities = Shape.of(heads, input.dim(0), memory.dim(0));
    this.attention = Attention.cross(heads, width / heads);
    this.query = Dense.of(width).build(name + "/q", input, params);
    this.keyValue = Dense.of(2 * width).build(name + "/kv", memory, params);
    this.out = Dense.of(width).build(name + "/out", input, params);
  }

  /**
   * Makes one with first values as {@link Dense} has them.
   *
   * @param heads how many, a divisor of the input's width
   * @param input [t, width]
   * @param memory [s, width of the memory]
   */
  public static CrossAttention build(int heads, Shape input, Shape memory, Params.Builder params) {
    return new CrossAttention(heads, input, memory, params);
  }

  /** The output as it is when the model is used. */
  public Tensor infer(Tensor x, Tensor m, Pass pass) {
    int n = x.dim(0);
    Tensor q = query.infer(x, pass);
    Tensor kv = keyValue.infer(m, pass);
    requireSameBatch(n, m);
    Tensor gathered = pass.workspace().batch(n, shape);
    attention.infer(n, shape.dim(0), memory.dim(0), q.segment(), kv.segment(), MultiHeadAttention.lengths(pass, n), gathered.segment(),
        pass.workers());
    return out.infer(gathered, pass);
  }

  /** The output as it is in training; both inputs are to be left alone until backward has run. */
  public Tensor forward(Tensor x, Tensor m, Saved saved, Pass pass) {
    int n = x.dim(0);
    Tensor q = query.forward(x, saved.child(0), pass);
    Tensor kv = keyValue.forward(m, saved.child(1), pass);
    requireSameBatch(n, m);
    Tensor kept = pass.workspace().batch(n, probabilities);
    Tensor gathered = pass.workspace().batch(n, shape);
    attention.forward(n, shape.dim(0), memory.dim(0), q.segment(), kv.segment(), MultiHeadAttention.lengths(pass, n), kept.segment(),
        gathered.segment(), pass.workers());
    saved.keepExtra(kept);
    return out.forward(gathered, saved.child(2), pass);
  }

  /**
   * From the gradient for the output to those for the parameters and both inputs; {@link #memoryGradient} has that for the memory.
   *
   * @param dy may be overwritten
   * @return the gradient for x
   */
  public Tensor backward(Tensor dy, Saved saved, Pass pass) {
    Tensor q = saved.child(0).output();
    Tensor kv = saved.child(1).output();
    int n = q.dim(0);
    Tensor dGathered = Objects.requireNonNull(out.backward(dy, saved.child(2), pass, true));
    Tensor dq = pass.workspace().batch(n, shape);
    Tensor dkv = pass.workspace().batch(n, keyValue.outputShape());
    attention.backward(n, shape.dim(0), memory.dim(0), q.segment(), kv.segment(), MultiHeadAttention.lengths(pass, n),
        saved.extra().segment(), dGathered.segment(), dq.segment(), dkv.segment(), pass.workers());
    saved.child(3).keepExtra(Objects.requireNonNull(keyValue.backward(dkv, saved.child(1), pass, true)));
    return Objects.requireNonNull(query.backward(dq, saved.child(0), pass, true));
  }

  /** The gradient for the memory that the last {@link #backward} found. */
  public Tensor memoryGradient(Saved saved) {
    return saved.child(3).extra();
  }

  private void requireSameBatch(int n, Tensor m) {
    if (m.dim(0) != n) {
      throw new ShapeException(name + ": " + n + " sequences but " + m.dim(0) + " memories; each sequence has one");
    }
  }

  /** What is learned, in a fixed order. */
  public List<Param> params() {
    return Stream.of(query, keyValue, out).flatMap(layer -> layer.params().stream()).toList();
  }
}
