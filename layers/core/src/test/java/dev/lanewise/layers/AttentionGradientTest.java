package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.reference.AttentionInDouble;
import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attention as a layer, against central differences of its formula in double. */
class AttentionGradientTest {
  /**
   * Three products, a softmax and a weighted sum each way are about 60. But a bias of the keys changes no probability: its gradient is 0, the sum of larger
   * terms that cancel and that the check, which sees the outputs alone, does not count. Those terms are some five times what it counts.
   */
  private static final int ROUNDINGS = 5 * 60;

  private static void holds(GradientCheck check) {
    GradientCheck.Report report = check.run();
    System.out.println(report);
    assertThat(report.worst()).isPositive();
    assertThat(report.elements()).isPositive();
  }

  /** One column block of rows of numbers. */
  private static double[] columns(double[] rows, int stride, int from, int width) {
    double[] block = new double[rows.length / stride * width];
    for (int i = 0; i < block.length; i++) {
      block[i] = rows[i / width * stride + from + i % width];
    }
    return block;
  }

  /** Self-attention with its projections; params as those of the layer. */
  static double[] self(int heads, int width, boolean causal, int t, int[] lengths, double[] x, double[][] params) {
    int n = x.length / (t * width);
    double[] qkv = Twins.dense(width, 3 * width, Activation.LINEAR).forward(x, new double[][] {params[0], params[1]});
    double[] y = AttentionInDouble.forward(heads, width / heads, causal, n, t, t, columns(qkv, 3 * width, 0, width),
        columns(qkv, 3 * width, width, width), columns(qkv, 3 * width, 2 * width, width), lengths);
    return Twins.dense(width, width, Activation.LINEAR).forward(y, new double[][] {params[2], params[3]});
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void multiHeadAttention(boolean causal) {
    var spec = MultiHeadAttention.of(2);
    holds(GradientCheck.of(causal ? spec.causally() : spec, Shape.of(5, 4),
        (x, params) -> self(2, 4, causal, 5, new int[] {5, 5}, x, params)).batch(2).roundings(ROUNDINGS));
  }

  /** Says the lengths of the batch before the layer runs, as a task does. */
  private record Padded(Layer inner, IntTensor lengths) implements Layer {
    @Override
    public String name() {
      return inner.name();
    }

    @Override
    public Shape inputShape() {
      return inner.inputShape();
    }

    @Override
    public Shape outputShape() {
      return inner.outputShape();
    }

    @Override
    public List<Param> params() {
      return inner.params();
    }

    @Override
    public Tensor infer(Tensor x, Pass pass) {
      pass.lengths(lengths);
      return inner.infer(x, pass);
    }

    @Override
    public Tensor forward(Tensor x, Saved saved, Pass pass) {
      pass.lengths(lengths);
      return inner.forward(x, saved, pass);
    }

    @Override
    public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
      return inner.backward(dy, saved, pass, inputGradient);
    }
  }

  @Test
  void paddedKeysAreNotSeen() {
    int[] lengths = {3, 5};
    try (Arena arena = Arena.ofConfined()) {
      IntTensor given = IntTensor.of(arena, Shape.of(2), lengths);
      LayerSpec spec = (input, params) -> new Padded(MultiHeadAttention.of(2).build(input, params), given);
      holds(GradientCheck.of(spec, Shape.of(5, 4), (x, params) -> self(2, 4, false, 5, lengths, x, params)).batch(2).roundings(ROUNDINGS));
    }
  }

  /** Sequence and memory one after the other as one input, so that the check of layers can be used. */
  private static final class Joined implements Layer {
    private final CrossAttention inner;
    private final Shape input;
    private final Shape output;
    private final int t;

    Joined(int heads, int t, int s, int width, Params.Builder params) {
      this.inner = CrossAttention.build(heads, Shape.of(t, width), Shape.of(s, width), params);
      this.input = Shape.of(t + s, width);
      this.output = Shape.of(t, width);
      this.t = t;
    }

    @Override
    public String name() {
      return "cross_attention";
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
      return inner.params();
    }

    private Tensor part(Tensor x, int from, int to) {
      return x.reshape(input).slice(from, to).reshape(Shape.of(to - from, input.dim(1)).batch(1));
    }

    @Override
    public Tensor infer(Tensor x, Pass pass) {
      return inner.infer(part(x, 0, t), part(x, t, input.dim(0)), pass);
    }

    @Override
    public Tensor forward(Tensor x, Saved saved, Pass pass) {
      Tensor y = inner.forward(part(x, 0, t), part(x, t, input.dim(0)), saved, pass);
      assertThat(infer(x, pass).toArray()).isEqualTo(y.toArray());
      return y;
    }

    @Override
    public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
      Tensor dx = inner.backward(dy, saved, pass);
      Tensor joined = pass.workspace().batch(1, input);
      part(joined, 0, t).copyFrom(dx);
      part(joined, t, input.dim(0)).copyFrom(Objects.requireNonNull(inner.memoryGradient(saved)));
      return inputGradient ? joined : null;
    }
  }

  @Test
  void crossAttention() {
    int t = 4;
    int s = 6;
    int width = 4;
    holds(GradientCheck.of((input, params) -> new Joined(2, t, s, width, params), Shape.of(t + s, width), (x, params) -> {
      double[] q = Twins.dense(width, width, Activation.LINEAR)
          .forward(Arrays.copyOf(x, t * width), new double[][] {params[0], params[1]});
      double[] kv = Twins.dense(width, 2 * width, Activation.LINEAR)
          .forward(Arrays.copyOfRange(x, t * width, x.length), new double[][] {params[2], params[3]});
      double[] y = AttentionInDouble.forward(
          2, 2, false, 1, t, s, q, columns(kv, 2 * width, 0, width), columns(kv, 2 * width, width, width), new int[] {s});
      return Twins.dense(width, width, Activation.LINEAR).forward(y, new double[][] {params[4], params[5]});
    }).batch(1).roundings(ROUNDINGS));
  }
}
