package dev.lanewise.layers;

import dev.lanewise.kernels.Rng;
import dev.lanewise.kernels.Workers;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import java.lang.foreign.Arena;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Compares a layer's backward pass with central differences of its formula in double precision: for whoever writes a layer.
 *
 * <pre>
 * GradientCheck.of(Dense.of(3, Activation.TANH), Shape.of(5), (x, params) -> tanh(plus(times(x, params[0]), params[1])))
 *     .roundings(16).run();
 * </pre>
 *
 * <p>At a random point z = (input, parameters), with a random gradient dy for the output, each element of J'dy that the layer computes in
 * fp32 is compared with (phi(z + h e) - phi(z - h e)) / 2h, phi = sum of dy_i F_i(z). Differences of the fp32 forward pass itself would
 * drown in its rounding errors; those of the twin are exact to about 1e-10. The bound is derived, not chosen:
 *
 * <pre>
 * |got - want| &lt;= gamma_k (S + C) + T + R
 * S  sum of |dy_i dF_i/dz_j|                      roundings of the backward pass
 * C  sum of |dy_i d2F_i/dz_j dz_m| |z_m|          roundings of the forward pass, as the gradient feels them
 * T  |differences at 2h - differences at h|       truncation, h^2
 * R  rounding of the twin, 2^-53 / h
 * </pre>
 *
 * <p>The output is compared too, with gamma_k (|F_i| + sum of |dF_i/dz_m z_m|). So is what {@link Layer#backward} promises: gradients are
 * overwritten, or added to if the pass says so, and are the same whether the input's is wanted or not.
 *
 * <p>At a kink (ReLU at 0, two equal largest values) there is no derivative and T is large: a bound that could hide an error of 1/1000 of
 * the largest gradient fails the check; take another seed. So does a gradient that is 0 throughout. The cost is about
 * 2 d^2 evaluations of the twin for d inputs and parameters: keep d to a few hundred.
 */
public final class GradientCheck {
  /** A layer's formula in double precision. */
  @FunctionalInterface
  public interface Twin {
    /**
     * The outputs of a batch.
     *
     * @param x all examples, row-major; may be overwritten
     * @param params in the order of {@link Layer#params()}, each row-major; may be overwritten
     * @return all outputs, row-major
     */
    double[] forward(double[] x, double[][] params);
  }

  /**
   * A check that held.
   *
   * @param elements how many were compared
   * @param worst the largest error, as a share of its bound
   * @param where of it
   */
  public record Report(String layer, int elements, double worst, String where) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%s: %d elements, worst error %.3f of its bound, in %s", layer, elements, worst, where);
    }
  }

  private static final double SHARP = 1e-3;
  private static final long STREAM = 0x4752_4144L << 32; // "GRAD", + index of the tensor

  private final LayerSpec spec;
  private final Shape input;
  private final Twin twin;
  private final int batch;
  private final long seed;
  private final int roundings;

  private GradientCheck(LayerSpec spec, Shape input, Twin twin, int batch, long seed, int roundings) {
    this.spec = spec;
    this.input = input;
    this.twin = twin;
    this.batch = batch;
    this.seed = seed;
    this.roundings = roundings;
  }

  /** A check on batches of 3 with seed 1 and 16 roundings. */
  public static GradientCheck of(LayerSpec spec, Shape input, Twin twin) {
    return new GradientCheck(spec, input, twin, 3, 1, 16);
  }

  /** With another number of examples. */
  public GradientCheck batch(int examples) {
    return new GradientCheck(spec, input, twin, examples, seed, roundings);
  }

  /** At another random point. */
  public GradientCheck seed(long other) {
    return new GradientCheck(spec, input, twin, batch, other, roundings);
  }

  /**
   * With another k of gamma_k.
   *
   * @param k the most roundings between an operand and an element of the output or of a gradient: the terms of the longest sum, plus the
   *     ulps of functions; of layers in a row, all together
   */
  public GradientCheck roundings(int k) {
    return new GradientCheck(spec, input, twin, batch, seed, k);
  }

  /**
   * Runs the check.
   *
   * @throws AssertionError naming tensor, element, both values and the bound, if one is off
   * @throws IllegalStateException if the point shows nothing: at a kink, or where all gradients are 0
   */
  public Report run() {
    try (Arena arena = Arena.ofConfined(); Workspace workspace = Workspace.open(); Workers workers = Workers.single()) {
      Params.Built<Layer> built = Params.build(seed, arena, params -> spec.build(input, params));
      return new Run(built.model(), built.params(), arena, Pass.of(workspace, workers, seed)).compare();
    }
  }

  /** One layer at one point. */
  private final class Run {
    private final Layer layer;
    private final Params params;
    private final Pass pass;
    private final Tensor x;
    private final Tensor dy;
    private int elements;
    private double worst;
    private String where = "";

    Run(Layer layer, Params params, Arena arena, Pass pass) {
      this.layer = layer;
      this.params = params;
      this.pass = pass;
      this.x = Tensor.allocate(arena, input.batch(batch));
      this.dy = Tensor.allocate(arena, layer.outputShape().batch(batch));
      addNoise(x, 0, 1);
      addNoise(dy, 1, 1);
      // First values alone would hide errors: zero biases, all gains one.
      for (int i = 0; i < layer.params().size(); i++) {
        addNoise(layer.params().get(i).value(), 2 + i, 0.25f);
      }
    }

    private void addNoise(Tensor tensor, int index, float size) {
      for (long i = 0; i < tensor.size(); i++) {
        tensor.set(i, tensor.get(i) + size * (2 * Rng.uniform(seed, STREAM + index, i) - 1));
      }
    }

    Report compare() {
      int variables = 1 + layer.params().size();
      double[][] point = new double[variables][];
      point[0] = doubles(x);
      for (int v = 1; v < variables; v++) {
        point[v] = doubles(layer.params().get(v - 1).value());
      }
      Differences truth = new Differences(twin, point, doubles(dy), roundings);
      double gamma = roundings * 0x1p-24 / (1 - roundings * 0x1p-24);
      double[] outputMass = truth.outputMass();
      double[][] mass = truth.gradientMass();
      double[][] want = new double[variables][];
      double[][] bound = new double[variables][];
      for (int v = 0; v < variables; v++) {
        want[v] = truth.gradient(v);
        bound[v] = truth.ownError(v, outputMass);
        for (int j = 0; j < bound[v].length; j++) {
          bound[v][j] += gamma * mass[v][j];
        }
        requireSharp(name(v), want[v], bound[v]);
      }
      params.gradients().fill(Float.NaN);
      Tensor dx = backward(truth.output(), scaled(outputMass, gamma), false, true);
      if (dx == null) {
        throw new AssertionError(layer.name() + ": backward returned no gradient for the input though it was wanted");
      }
      requireClose(name(0), doubles(dx), want[0], bound[0]);
      requireGradients(want, bound, 1);
      if (backward(truth.output(), scaled(outputMass, gamma), true, false) != null) {
        throw new AssertionError(layer.name() + ": backward returned a gradient for the input though none was wanted");
      }
      requireGradients(want, bound, 2);
      return new Report(layer.name(), elements, worst, where);
    }

    private @Nullable Tensor backward(double[] y, double[] bound, boolean accumulate, boolean inputGradient) {
      Saved saved = new Saved();
      pass.begin(0, accumulate);
      requireClose("the output", doubles(layer.forward(x, saved, pass)), y, bound);
      return layer.backward(pass.workspace().tensor(dy.shape()).copyFrom(dy), saved, pass, inputGradient);
    }

    private void requireGradients(double[][] want, double[][] bound, int times) {
      for (int v = 1; v < want.length; v++) {
        // A sum of two: its own rounding is one more, on top of the bounds of both.
        double[] wider = scaled(bound[v], times);
        for (int j = 0; j < wider.length; j++) {
          wider[j] += times == 1 ? 0 : Math.abs(want[v][j]) * 0x1p-22;
        }
        requireClose(name(v) + (times == 1 ? "" : ", added to itself"), doubles(layer.params().get(v - 1).gradient()),
            scaled(want[v], times), wider);
      }
    }

    private String name(int v) {
      return v == 0 ? "the gradient for the input" : "the gradient for " + layer.params().get(v - 1).name();
    }

    private void requireSharp(String name, double[] want, double[] bound) {
      double largest = 0;
      double widest = 0;
      for (int j = 0; j < want.length; j++) {
        largest = Math.max(largest, Math.abs(want[j]));
        widest = Math.max(widest, bound[j]);
      }
      if (!(widest <= SHARP * largest) || largest == 0) {
        throw new IllegalStateException(String.format(Locale.ROOT,
            "%s: nothing can be shown of %s here: its largest element is %.3g, a bound is %.3g; take another seed, away from kinks",
            layer.name(), name, largest, widest));
      }
    }

    private void requireClose(String name, double[] got, double[] want, double[] bound) {
      if (got.length != want.length) {
        throw new AssertionError(
            layer.name() + ": " + name + " has " + got.length + " elements but the twin's has " + want.length);
      }
      for (int j = 0; j < got.length; j++) {
        double share = Math.abs(got[j] - want[j]) / bound[j];
        if (!(Math.abs(got[j] - want[j]) <= bound[j])) {
          throw new AssertionError(String.format(Locale.ROOT, "%s: %s at %d is %.9g but %.9g +- %.3g is right (%.3g times the bound)",
              layer.name(), name, j, got[j], want[j], bound[j], share));
        }
        elements++;
        if (share > worst) {
          worst = share;
          where = name;
        }
      }
    }
  }

  private static double[] scaled(double[] values, double factor) {
    double[] scaled = new double[values.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = factor * values[i];
    }
    return scaled;
  }

  private static double[] doubles(Tensor tensor) {
    double[] values = new double[Math.toIntExact(tensor.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.get(i);
    }
    return values;
  }
}
