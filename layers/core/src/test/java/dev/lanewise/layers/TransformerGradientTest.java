package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.Rng;
import dev.lanewise.kernels.reference.ActivationsInDouble;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Normalisation, positions and whole blocks against central differences of their formulas in double. */
class TransformerGradientTest {
  private static final double EPSILON = 1e-5f;

  /** Of a block: four products of up to 16 terms, two normalisations, a softmax and a GELU in a row, each way. */
  private static final int ROUNDINGS = 200;

  private static void holds(GradientCheck check) {
    GradientCheck.Report report = check.run();
    System.out.println(report);
    assertThat(report.worst()).isPositive();
    assertThat(report.elements()).isPositive();
  }

  private static double[] norm(int width, double[] x, double[] gamma, double[] beta) {
    double[] y = new double[x.length];
    for (int row = 0; row < x.length; row += width) {
      double mean = Arrays.stream(x, row, row + width).average().orElseThrow();
      double variance = Arrays.stream(x, row, row + width).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
      for (int i = 0; i < width; i++) {
        y[row + i] = gamma[i] * (x[row + i] - mean) / Math.sqrt(variance + EPSILON) + beta[i];
      }
    }
    return y;
  }

  private static double[] plus(double[] x, double[] y) {
    double[] sum = x.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += y[i];
    }
    return sum;
  }

  private static double[] times(double[] x, double[] y) {
    double[] product = x.clone();
    for (int i = 0; i < product.length; i++) {
      product[i] *= y[i];
    }
    return product;
  }

  /** The block's formula; params in the order of its layers, masks of its two dropouts. */
  private static double[] block(int heads, int width, int t, double[] x, double[][] p, double[] firstMask, double[] secondMask) {
    int[] lengths = new int[x.length / (t * width)];
    Arrays.fill(lengths, t);
    double[] attention = AttentionGradientTest.self(
        heads, width, true, t, lengths, norm(width, x, p[0], p[1]), new double[][] {p[2], p[3], p[4], p[5]});
    double[] a = plus(x, times(attention, firstMask));
    double[] inner = Twins.dense(width, 4 * width, Activation.LINEAR).forward(norm(width, a, p[6], p[7]), new double[][] {p[8], p[9]});
    double[] gelu = Arrays.stream(inner).map(ActivationsInDouble::gelu).toArray();
    return plus(a, times(Twins.dense(4 * width, width, Activation.LINEAR).forward(gelu, new double[][] {p[10], p[11]}), secondMask));
  }

  @Test
  void layerNorm() {
    holds(GradientCheck.of(LayerNorm.of(), Shape.of(3, 5), (x, params) -> norm(5, x, params[0], params[1])).roundings(60));
    holds(GradientCheck.of(LayerNorm.of(), Shape.of(20), (x, params) -> norm(20, x, params[0], params[1])).roundings(80));
  }

  @Test
  void positionalEmbedding() {
    holds(GradientCheck.of(PositionalEmbedding.of(), Shape.of(4, 3), (x, params) -> {
      double[] y = x.clone();
      for (int i = 0; i < y.length; i++) {
        y[i] += params[0][i % params[0].length];
      }
      return y;
    }).roundings(4));
  }

  /**
   * The block without one parameter, the bias of queries, keys and values, which stays 0: see AttentionGradientTest, where it is checked, for why no
   * bound that is sharp for the others holds for it.
   */
  private record WithoutInputBias(Layer inner) implements Layer {
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
      return inner.params().stream().filter(param -> !param.name().endsWith("qkv/bias")).toList();
    }

    @Override
    public Tensor infer(Tensor x, Pass pass) {
      return inner.infer(x, pass);
    }

    @Override
    public Tensor forward(Tensor x, Saved saved, Pass pass) {
      return inner.forward(x, saved, pass);
    }

    @Override
    public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
      return inner.backward(dy, saved, pass, inputGradient);
    }
  }

  private static void blockHolds(TransformerBlock.Spec spec, long seed, double[] firstMask, double[] secondMask) {
    holds(GradientCheck.of((input, params) -> new WithoutInputBias(spec.build(input, params)), Shape.of(3, 4), (x, p) -> {
      double[][] all = new double[p.length + 1][];
      System.arraycopy(p, 0, all, 0, 3);
      all[3] = new double[3 * 4];
      System.arraycopy(p, 3, all, 4, p.length - 3);
      return block(2, 4, 3, x, all, firstMask, secondMask);
    }).batch(1).seed(seed).roundings(ROUNDINGS));
  }

  @Test
  void transformerBlock() {
    double[] ones = new double[3 * 4];
    Arrays.fill(ones, 1);
    blockHolds(TransformerBlock.of(2).causally(), 7, ones, ones);
  }

  @Test
  void transformerBlockWithDropout() {
    long seed = 7;
    double[][] masks = new double[2][3 * 4];
    for (int m = 0; m < 2; m++) {
      for (int i = 0; i < masks[m].length; i++) {
        masks[m][i] = Rng.uniform(seed, Streams.LAYER + m, i) < 0.75f ? 1 / 0.75 : 0;
      }
    }
    blockHolds(TransformerBlock.of(2).causally().withDropout(0.25f), seed, masks[0], masks[1]);
  }
}
