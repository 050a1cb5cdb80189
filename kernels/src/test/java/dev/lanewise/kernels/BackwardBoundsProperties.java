package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.AttentionProperties.Scene;
import dev.lanewise.kernels.reference.ActivationsInDouble;
import dev.lanewise.kernels.reference.AttentionInDouble;
import dev.lanewise.kernels.reference.SoftmaxInDouble;
import dev.lanewise.kernels.reference.VariationalInDouble;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import dev.lanewise.kernels.testkit.Sizes;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;

/** Gradients against their formulas in double, within the bounds that the Javadoc of each door states. */
class BackwardBoundsProperties {
  private static final Workers ONE = Crew.of(1);

  private static double[] absolute(double[] x) {
    return Arrays.stream(x).map(Math::abs).toArray();
  }

  @Property(tries = 200)
  void softmaxBackwardLiesWithinItsBound(@ForAll @IntRange(min = 1, max = 300) int cols, @ForAll long seed) {
    double[] x = Data.widened(Data.seeded(seed).uniform(cols, -6f, 6f));
    Guarded y = Guarded.of(floats(SoftmaxInDouble.forward(1, cols, x)));
    Guarded dy = Guarded.of(Data.seeded(~seed).uniform(cols, -3f, 3f));
    Guarded dx = Guarded.nanFilled(cols);
    Softmax.backward(1, cols, y.segment(), dy.segment(), dx.segment(), ONE);
    double[] wide = Data.widened(y.floats());
    double[] gradient = Data.widened(dy.floats());
    // -y makes the difference a sum, of nothing but absolute values.
    double[] mass = SoftmaxInDouble.backward(1, cols, Arrays.stream(wide).map(v -> -v).toArray(), absolute(gradient));
    Bounds.gamma(ReductionsProperties.chain(cols) + 2).times(absolute(mass)).plusUnderflows(2)
        .holds(dx.floats(), SoftmaxInDouble.backward(1, cols, wide, gradient));
  }

  @Property(tries = 200)
  void logSoftmaxBackwardLiesWithinItsBound(
      @ForAll @IntRange(min = 1, max = 300) int cols, @ForAll @FloatRange(min = 0.1f, max = 40f) float spread, @ForAll long seed) {
    double[] x = Data.widened(Data.seeded(seed).uniform(cols, -spread, spread));
    Guarded y = Guarded.of(floats(SoftmaxInDouble.logForward(1, cols, x)));
    Guarded dy = Guarded.of(Data.seeded(~seed).uniform(cols, -3f, 3f));
    Guarded dx = Guarded.nanFilled(cols);
    Softmax.logSoftmaxBackward(1, cols, y.segment(), dy.segment(), dx.segment(), ONE);
    double[] wide = Data.widened(y.floats());
    double[] gradient = Data.widened(dy.floats());
    double sum = Arrays.stream(gradient).map(Math::abs).sum();
    double[] mass = new double[cols];
    for (int j = 0; j < cols; j++) {
      mass[j] = Math.abs(gradient[j]) + Math.exp(wide[j]) * sum;
    }
    Bounds.gamma(ReductionsProperties.chain(cols) + 3).times(mass).holds(dx.floats(), SoftmaxInDouble.logBackward(1, cols, wide, gradient));
  }

  /** For the probabilities given: dV is one chain over the queries; dQ and dK pass through dP, its mean and the chain over keys or queries. */
  @Property(tries = 100)
  void attentionBackwardLiesWithinItsBounds(
      @ForAll @IntRange(min = 1, max = 3) int heads, @ForAll @IntRange(min = 1, max = 20) int width, @ForAll boolean causal,
      @ForAll boolean self, @ForAll @IntRange(min = 1, max = 40) int queryRows, @ForAll @IntRange(min = 1, max = 40) int keyRows,
      @ForAll boolean padded, @ForAll long seed) {
    Scene s = Scene.of(heads, width, causal, self, 2, queryRows, keyRows, padded, seed);
    int all = heads * width;
    Guarded p = s.probabilities();
    s.door().forward(2, s.queryRows(), s.keyRows(), s.q().segment(), s.kv().segment(), s.lengths(), p.segment(), s.output().segment(), ONE);
    float[] dy = Data.seeded(seed + 2).uniform(2 * s.queryRows() * all, -1f, 1f);
    Guarded dq = Guarded.nanFilled(s.q().floats().length);
    Guarded dkv = self ? dq : Guarded.nanFilled(s.kv().floats().length);
    s.door().backward(2, s.queryRows(), s.keyRows(), s.q().segment(), s.kv().segment(), s.lengths(), p.segment(), Data.segment(dy),
        dq.segment(), dkv.segment(), ONE);
    double[] q = s.operand(0);
    double[] k = s.operand(1);
    double[] v = s.operand(2);
    double[] weights = Data.widened(p.floats());
    double[][] want = AttentionInDouble.backward(
        heads, width, s.causal(), 2, s.queryRows(), s.keyRows(), q, k, v, s.lengthsOrAll(), weights, Data.widened(dy));
    double[][] mass = AttentionInDouble.backward(
        heads, width, s.causal(), 2, s.queryRows(), s.keyRows(), absolute(q), absolute(k), absolute(v), s.lengthsOrAll(),
        Arrays.stream(weights).map(w -> -w).toArray(), absolute(Data.widened(dy)));
    double inner = width + ReductionsProperties.chain(s.keyRows()) + 4;
    double[] roundings = {inner + s.keyRows(), inner + s.queryRows(), s.queryRows()};
    for (int which = 0; which < 3; which++) {
      Bounds.gamma(roundings[which]).times(absolute(mass[which])).plusUnderflows(s.keyRows() + s.queryRows())
          .holds(own(which, s, which == 0 ? dq : dkv), want[which]);
    }
  }

  /** The gradient of one operand alone: [rows, heads width]. */
  private static float[] own(int which, Scene s, Guarded gradients) {
    int all = s.heads() * s.width();
    int stride = s.self() ? 3 * all : which == 0 ? all : 2 * all;
    int column = s.self() ? which * all : which == 2 ? all : 0;
    float[] from = gradients.floats();
    float[] own = new float[from.length / stride * all];
    for (int i = 0; i < own.length; i++) {
      own[i] = from[i / all * stride + column + i % all];
    }
    return own;
  }

  /** Each query's probabilities, and a step's output, whose distance from the exact one is that of the sum of its values' shares. */
  @Property(tries = 100)
  void probabilitiesThatAreKeptAddUpToOneAndVanishForWhatIsNotSeen(
      @ForAll @IntRange(min = 1, max = 20) int width, @ForAll boolean causal, @ForAll @IntRange(min = 1, max = 60) int rows,
      @ForAll boolean padded, @ForAll long seed) {
    Scene s = Scene.of(2, width, causal, true, 1, rows, rows, padded, seed);
    Guarded p = s.probabilities();
    s.door().forward(1, rows, rows, s.q().segment(), s.kv().segment(), s.lengths(), p.segment(), s.output().segment(), ONE);
    float[] all = p.floats();
    for (int row = 0; row < 2 * rows; row++) {
      int visible = causal ? Math.min(s.lengthsOrAll()[0], row % rows + 1) : s.lengthsOrAll()[0];
      double sum = 0;
      for (int j = 0; j < visible; j++) {
        sum += all[row * rows + j];
      }
      // Whatever the exponentials are: their sum in fp32, its reciprocal and a product.
      Bounds.gamma(ReductionsProperties.chain(visible) + 2).times(1).plusUnderflows(visible).holds((float) sum, 1);
    }
  }

  /** ELU knows its slope from its output, which is off by at most 1.64 ulp of at most alpha; the sum with alpha and the product round once each. */
  @Property(tries = 200)
  void elusGradientLiesNearTheSlopeOfItsInput(
      @ForAll(supplier = Sizes.NonZero.class) int n, @ForAll @FloatRange(min = 0.1f, max = 3f) float alpha, @ForAll long seed) {
    float[] x = Data.seeded(seed).uniform(n, -20f, 5f);
    float[] dy = Data.seeded(~seed).uniform(n, -2f, 2f);
    Guarded y = Guarded.nanFilled(n);
    Guarded dx = Guarded.nanFilled(n);
    Activations.elu(n, alpha, Data.segment(x), y.segment(), ONE);
    Activations.eluBackward(n, alpha, y.segment(), Data.segment(dy), dx.segment(), ONE);
    double[] want = new double[n];
    double[] mass = new double[n];
    for (int i = 0; i < n; i++) {
      double slope = ActivationsInDouble.eluSlope(x[i], alpha);
      want[i] = dy[i] * slope;
      mass[i] = Math.abs(dy[i]) * (slope + (x[i] > 0 ? 0 : alpha));
    }
    Bounds.gamma(2 + 4).times(mass).plusUnderflows(2).holds(dx.floats(), want);
  }

  @Property(tries = 200)
  void theReparametrisationsGradientRoundsTwice(@ForAll(supplier = Sizes.NonZero.class) int d, @ForAll long seed) {
    Data data = Data.seeded(seed);
    Guarded eps = Guarded.of(data.uniform(d, -3f, 3f));
    Guarded sigma = Guarded.of(data.uniform(d, 0.01f, 9f));
    Guarded dz = Guarded.of(data.uniform(d, -2f, 2f));
    Guarded dh = Guarded.nanFilled(2 * d);
    Variational.backward(1, d, eps.segment(), sigma.segment(), dz.segment(), dh.segment(), ONE);
    assertThat(Arrays.copyOf(dh.bits(), d)).isEqualTo(dz.bits());
    double[] want = VariationalInDouble.lambdaGradient(
        Data.widened(eps.floats()), Data.widened(sigma.floats()), Data.widened(dz.floats()));
    Bounds.gamma(2).times(absolute(want)).plusUnderflows(2).holds(Arrays.copyOfRange(dh.floats(), d, 2 * d), want);
  }

  private static float[] floats(double[] x) {
    float[] floats = new float[x.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) x[i];
    }
    return floats;
  }
}
