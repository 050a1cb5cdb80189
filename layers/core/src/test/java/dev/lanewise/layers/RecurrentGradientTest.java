package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.Recurrent;
import dev.lanewise.kernels.Recurrent.Cell;
import dev.lanewise.kernels.reference.RecurrentInDouble;
import dev.lanewise.layers.GradientCheck.Twin;
import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Backward passes of recurrent layers against differences of the formulas in double. */
class RecurrentGradientTest {
  private static final int T = 3;
  private static final int IN = 2;
  private static final int UNITS = 3;

  /** Longest chains: T steps of UNITS + IN terms and two functions forwards, and as many back; sums of 2 T rows in the weights' gradients. */
  private static final int ROUNDINGS = 2 * T * (UNITS + IN + 12) + 2 * T;

  private static final int[] NO_LENGTHS = {};

  /** The layer's formula: projection, steps, output; with a second direction behind the first if there is one. */
  private static Twin twin(RecurrentSpec spec, int steps, int in, int... lengths) {
    return (x, params) -> {
      int n = x.length / (steps * in);
      int units = spec.units();
      int count = spec.bidirectional() ? 2 : 1;
      int width = count * units;
      double[] y = new double[n * (spec.sequences() ? steps : 1) * width];
      int own = params.length / count;
      for (int d = 0; d < count; d++) {
        double[][] p = Arrays.copyOfRange(params, d * own, (d + 1) * own);
        Recurrent cell = Recurrent.of(spec.cell(), steps, units);
        double[] state = new double[n * spec.cell().states() * units];
        double[] h = RecurrentInDouble.forward(d == 0 ? cell : cell.reversed(), n, projected(x, p[0], p[2], in), p[1],
            p[own - 1], mask(n, steps, lengths), state);
        for (int i = 0; i < n; i++) {
          for (int j = 0; j < units; j++) {
            for (int t = 0; spec.sequences() && t < steps; t++) {
              y[(i * steps + t) * width + d * units + j] = h[(i * steps + t) * units + j];
            }
            if (!spec.sequences()) {
              y[i * width + d * units + j] = state[i * spec.cell().states() * units + j];
            }
          }
        }
      }
      return y;
    };
  }

  private static boolean[] mask(int n, int steps, int... lengths) {
    boolean[] mask = new boolean[lengths.length == 0 ? 0 : n * steps];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = i % steps < lengths[i / steps];
    }
    return mask;
  }

  private static double[] projected(double[] x, double[] w, double[] b, int in) {
    int width = b.length;
    double[] a = new double[x.length / in * width];
    for (int r = 0; r < x.length / in; r++) {
      for (int j = 0; j < width; j++) {
        double sum = b[j];
        for (int i = 0; i < in; i++) {
          sum += x[r * in + i] * w[i * width + j];
        }
        a[r * width + j] = sum;
      }
    }
    return a;
  }

  private static void holds(LayerSpec layer, RecurrentSpec spec, int steps, int batch, long seed, int... lengths) {
    GradientCheck.Report report = GradientCheck.of(layer, Shape.of(steps, IN), twin(spec, steps, IN, lengths)).batch(batch).seed(seed)
        .roundings(ROUNDINGS).run();
    System.out.println(report);
    assertThat(report.worst()).isPositive();
  }

  private static RecurrentSpec spec(Cell cell) {
    return RecurrentSpec.of(cell, UNITS);
  }

  @ParameterizedTest
  @EnumSource(Cell.class)
  void theLastOutput(Cell cell) {
    holds(spec(cell), spec(cell), T, 2, 3, NO_LENGTHS);
  }

  @ParameterizedTest
  @EnumSource(Cell.class)
  void sequences(Cell cell) {
    RecurrentSpec spec = spec(cell).returnSequences();
    holds(spec, spec, T, 2, 2, NO_LENGTHS);
  }

  @ParameterizedTest
  @EnumSource(value = Cell.class, names = {"GRU", "LSTM"})
  void bothDirections(Cell cell) {
    RecurrentSpec ends = RecurrentSpec.of(cell, 2).withBothDirections();
    holds(ends, ends, 2, 2, 3, NO_LENGTHS);
    holds(ends.returnSequences(), ends.returnSequences(), 2, 2, 4, NO_LENGTHS);
  }

  @Test
  void bothDirectionsOfElmansNetwork() {
    RecurrentSpec spec = Rnn.of(2).withBothDirections().returnSequences();
    holds(spec, spec, T, 1, 3, NO_LENGTHS);
  }

  /** A layer that says how long its examples are before it runs another. */
  private record Lengths(Layer layer, IntTensor lengths) implements Layer {
    static LayerSpec of(LayerSpec spec, int... lengths) {
      IntTensor tensor = IntTensor.of(Arena.ofAuto(), Shape.of(lengths.length), lengths);
      return (input, params) -> new Lengths(spec.build(input, params), tensor);
    }

    @Override
    public String name() {
      return layer.name();
    }

    @Override
    public Shape inputShape() {
      return layer.inputShape();
    }

    @Override
    public Shape outputShape() {
      return layer.outputShape();
    }

    @Override
    public java.util.List<Param> params() {
      return layer.params();
    }

    @Override
    public Tensor infer(Tensor x, Pass pass) {
      pass.lengths(lengths);
      return layer.infer(x, pass);
    }

    @Override
    public Tensor forward(Tensor x, Saved saved, Pass pass) {
      pass.lengths(lengths);
      return layer.forward(x, saved, pass);
    }

    @Override
    public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
      return layer.backward(dy, saved, pass, inputGradient);
    }
  }

  @ParameterizedTest
  @EnumSource(Cell.class)
  void paddedSteps(Cell cell) {
    holds(Lengths.of(spec(cell), 2, 3), spec(cell), T, 2, 6, 2, 3);
    RecurrentSpec sequences = spec(cell).returnSequences();
    holds(Lengths.of(sequences, 1, 3), sequences, T, 2, 7, 1, 3);
  }

  @Test
  void paddedStepsInBothDirections() {
    RecurrentSpec spec = Gru.of(2).withBothDirections();
    holds(Lengths.of(spec, 1, 2), spec, 2, 2, 8, 1, 2);
  }

  @Test
  void belowAnotherLayerAtEachStep() {
    RecurrentSpec spec = Lstm.of(2).returnSequences();
    Twin lstm = twin(spec, 2, IN);
    Twin dense = Twins.dense(2, 3, Activation.SIGMOID);
    Twin both = (x, params) -> dense.forward(lstm.forward(x, Arrays.copyOf(params, 3)), Arrays.copyOfRange(params, 3, 5));
    GradientCheck.Report report = GradientCheck.of(Chain.of(spec, Dense.of(3, Activation.SIGMOID)), Shape.of(2, IN), both).batch(2)
        .roundings(ROUNDINGS + 16).run();
    assertThat(report.worst()).isPositive();
  }
}
