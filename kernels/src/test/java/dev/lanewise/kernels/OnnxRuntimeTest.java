package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.reference.AttentionInDouble;
import dev.lanewise.kernels.reference.RngReference;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Against an implementation that is not ours: what ONNX Runtime 1.24 computed on random inputs, kept in {@code onnx-runtime.txt}. Both sides
 * round, so a bound grants each its roundings; ONNX Runtime's elementary functions are granted 12 units of roundoff.
 */
class OnnxRuntimeTest {
  private static final int THEIRS = 12;
  private static final Workers ONE = Crew.of(1);
  private static final Map<String, float[]> OUTPUTS = new HashMap<>();
  private static final List<String> CASES = new ArrayList<>();

  /** y = f(x), and how large the terms are that an implementation adds up on the way. */
  enum Unit {
    // Theirs adds 1/2 to an odd function.
    SIGMOID("sigmoid", -8, Activations::sigmoid, 0.5),
    TANH("tanh", -8, Activations::tanh, 0),
    EXP("exp", -8, Activations::exp, 0),
    ERF("erf", -8, Activations::erf, 0),
    RELU("relu", -8, Activations::relu, 0),
    LOG("log", 0.01f, Activations::log, 1),
    SOFTPLUS("softplus", -8, Activations::softplus, 1),
    GELU("gelu", -6, Activations::gelu, 6),
    GELU_TANH("geluTanh", -6, Activations::geluTanh, 6),
    ELU("elu", -8, (n, x, y, workers) -> Activations.elu(n, 1.3f, x, y, workers), 1.3),
    LEAKY_RELU("leakyRelu", -8, (n, x, y, workers) -> Activations.leakyRelu(n, 0.2f, x, y, workers), 0);

    private final String name;
    private final float low;
    private final Map1 map;
    private final double cancelled;

    Unit(String name, float low, Map1 map, double cancelled) {
      this.name = name;
      this.low = low;
      this.map = map;
      this.cancelled = cancelled;
    }
  }

  interface Map1 {
    void apply(long n, MemorySegment x, MemorySegment y, Workers workers);
  }

  @BeforeAll
  static void read() throws IOException {
    try (InputStream in = OnnxRuntimeTest.class.getResourceAsStream("onnx-runtime.txt")) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(each -> !each.startsWith("#")).toList()) {
        String[] words = line.split(" ");
        float[] floats = new float[words.length - 1];
        for (int i = 0; i < floats.length; i++) {
          floats[i] = Float.parseFloat(words[i + 1]);
        }
        CASES.add(words[0]);
        OUTPUTS.put(words[0], floats);
      }
    }
  }

  private static float[] input(String name, int input, int n, float low, float high) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = Math.fma(RngReference.uniform(4, 100L * CASES.indexOf(name) + input, i), high - low, low);
    }
    return x;
  }

  private static float[] output(String name) {
    float[] output = OUTPUTS.get(name);
    if (output == null) {
      throw new AssertionError("onnx-runtime.txt has no case " + name);
    }
    return output;
  }

  private static void agree(String name, float[] got, double roundings, double... magnitudes) {
    Bounds.gamma(roundings).times(magnitudes).plusUnderflows(4).holds(got, Data.widened(output(name)));
  }

  private static double[] sizes(String name, double more) {
    return Arrays.stream(Data.widened(output(name))).map(y -> Math.abs(y) + more).toArray();
  }

  @ParameterizedTest
  @EnumSource
  void activations(Unit unit) {
    Guarded y = Guarded.nanFilled(100);
    unit.map.apply(100, Data.segment(input(unit.name, 0, 100, unit.low, Math.max(-unit.low, unit == Unit.LOG ? 8 : 0))), y.segment(), ONE);
    agree(unit.name, y.floats(), 6 + THEIRS, sizes(unit.name, unit.cancelled));
  }

  @Test
  void softmax() {
    Guarded y = Guarded.nanFilled(68);
    Softmax.forward(4, 17, Data.segment(input("softmax", 0, 68, -10, 10)), y.segment(), ONE);
    agree("softmax", y.floats(), 2 * (17 + 2 * 20 + 10) + THEIRS, sizes("softmax", 0));
    Softmax.logSoftmax(4, 17, Data.segment(input("logSoftmax", 0, 68, -10, 10)), y.segment(), ONE);
    agree("logSoftmax", y.floats(), 2 * (17 + 2 * 20 + 10) + THEIRS, sizes("logSoftmax", 1));
  }

  @Test
  void layerNorm() {
    Guarded y = Guarded.nanFilled(4 * 33);
    Norms.layerNorm(
        4, 33, Data.segment(input("layerNorm", 0, 132, -3, 5)), Data.segment(input("layerNorm", 1, 33, 0, 2)),
        Data.segment(input("layerNorm", 2, 33, -1, 1)), 1e-5f, y.segment(), Guarded.nanFilled(4).segment(),
        Guarded.nanFilled(4).segment(), ONE);
    // Means and variances of 33 elements up to 5 in size, over a deviation above 1: both sides, then scale and shift.
    agree("layerNorm", y.floats(), 2 * 3 * 33 + THEIRS, sizes("layerNorm", 2 * 5 + 1));
  }

  @Test
  void batchNorm() {
    Guarded y = Guarded.nanFilled(6 * 33);
    Norms.batchNormInference(
        6, 33, Data.segment(input("batchNorm", 0, 198, -3, 5)), Data.segment(input("batchNorm", 1, 33, 0, 2)),
        Data.segment(input("batchNorm", 2, 33, -1, 1)), 1e-5f, Data.segment(input("batchNorm", 3, 33, -1, 1)),
        Data.segment(input("batchNorm", 4, 33, 0.1f, 2)), y.segment(), ONE);
    // (x - mean) scale / sqrt(var) + b, of at most 6 * 2 / sqrt(0.1) + 1, also where it is folded into one product.
    agree("batchNorm", y.floats(), 8 + THEIRS, sizes("batchNorm", 12 / Math.sqrt(0.1) + 1));
  }

  @Test
  void product() {
    Guarded c = Guarded.nanFilled(7 * 19);
    float[] a = input("matmul", 0, 280, -1, 1);
    float[] b = input("matmul", 1, 760, -1, 1);
    Gemm.multiply(
        false, false, 7, 19, 40, Data.segment(a), 40, Data.segment(b), 19, c.segment(), 19, false, Epilogue.NONE, ONE);
    agree("matmul", c.floats(), 2 * 40, filled(7 * 19, 40));
  }

  private static double[] filled(int n, double value) {
    double[] all = new double[n];
    Arrays.fill(all, value);
    return all;
  }

  /** From [n, c, pixels] to [n, pixels, c]. */
  private static float[] channelsLast(int n, int channels, float... x) {
    int pixels = x.length / n / channels;
    float[] out = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      int pixel = i % pixels;
      int c = i / pixels % channels;
      out[(i / pixels / channels * pixels + pixel) * channels + c] = x[i];
    }
    return out;
  }

  private static float[] channelsFirst(int n, int channels, float... x) {
    return channelsLast(n, x.length / n / channels, x);
  }

  @Test
  void convolution() {
    Conv2d conv = Conv2d.of(7, 9, 3, 3, 2, 5, 2, 1, 1, 1, 0, 2, 1, 2);
    float[] x = channelsLast(2, 3, input("conv", 0, 2 * 3 * 63, -1, 1));
    // [filters, channels, taps] to [filters, taps, channels] to [taps, channels, filters].
    float[] w = channelsLast(1, 5, channelsLast(5, 3, input("conv", 1, 5 * 3 * 6, -1, 1)));
    Guarded y = Guarded.nanFilled((int) conv.outputSize(2));
    conv.forward(2, Data.segment(x), Data.segment(w), y.segment(), Epilogue.NONE, ONE);
    agree("conv", channelsFirst(2, 5, y.floats()), 2 * 18, filled(y.floats().length, 18));
  }

  @Test
  void transposedConvolution() {
    // The gradient for the input of a convolution from the 8x10 output, 5 channels, to the 4x5 input, 3 channels.
    Conv2d conv = Conv2d.of(8, 10, 5, 4, 4, 3, 2, 2, 1, 1, 1, 1, 1, 1);
    float[] dy = channelsLast(2, 3, input("convTranspose", 0, 2 * 3 * 20, -1, 1));
    // [3, 5, taps] to [taps, 5, 3].
    float[] w = channelsLast(1, 3, channelsLast(3, 5, input("convTranspose", 1, 3 * 5 * 16, -1, 1)));
    Guarded dx = Guarded.nanFilled((int) conv.inputSize(2));
    conv.backwardInput(2, Data.segment(dy), Data.segment(w), dx.segment(), Epilogue.NONE, ONE);
    agree("convTranspose", channelsFirst(2, 5, dx.floats()), 2 * 12, filled(dx.floats().length, 12));
  }

  @Test
  void pooling() {
    Pool2d pool = Pool2d.of(7, 9, 3, 2, 3, 2, 1);
    Guarded y = Guarded.nanFilled(2 * 3 * 7 * 3);
    pool.maxForward(2, Data.segment(channelsLast(2, 3, input("maxPool", 0, 2 * 3 * 63, -1, 1))), y.segment(), ONE);
    assertThat(channelsFirst(2, 3, y.floats())).isEqualTo(output("maxPool"));
    pool.averageForward(2, Data.segment(channelsLast(2, 3, input("averagePool", 0, 2 * 3 * 63, -1, 1))), y.segment(), ONE);
    agree("averagePool", channelsFirst(2, 3, y.floats()), 2 * 7, filled(y.floats().length, 1));
  }

  @Test
  void lstm() {
    recurrent("lstm", Recurrent.Cell.LSTM, 0, 2, 3, 1);
  }

  @Test
  void gru() {
    recurrent("gru", Recurrent.Cell.GRU, 1, 0, 2);
  }

  @Test
  void elman() {
    recurrent("rnn", Recurrent.Cell.RNN_TANH, 0);
  }

  /**
   * Five steps of two sequences of three inputs, six units.
   *
   * @param theirs which of ONNX's gates each of ours is
   */
  private static void recurrent(String name, Recurrent.Cell cell, int... theirs) {
    int hidden = 6;
    int gates = theirs.length * hidden;
    float[] x = input(name, 0, 30, -1, 1);
    float[] w = input(name, 1, gates * 3, -1, 1);
    float[] r = input(name, 2, gates * hidden, -1, 1);
    float[] b = input(name, 3, 2 * gates, -1, 1);
    boolean gru = cell == Recurrent.Cell.GRU;
    float[] a = new float[2 * 5 * gates];
    float[] recurrentWeights = new float[hidden * gates];
    float[] recurrentBias = new float[gates];
    for (int g = 0; g < gates; g++) {
      int row = theirs[g / hidden] * hidden + g % hidden;
      recurrentBias[g] = b[gates + row];
      for (int p = 0; p < hidden; p++) {
        recurrentWeights[p * gates + g] = r[row * hidden + p];
      }
      for (int step = 0; step < 10; step++) {
        float sum = gru ? b[row] : b[row] + b[gates + row];
        for (int p = 0; p < 3; p++) {
          // Theirs [steps, sequences, inputs]; ours [sequences, steps, gates].
          sum = Math.fma(x[step * 3 + p], w[row * 3 + p], sum);
        }
        a[(step % 2 * 5 + step / 2) * gates + g] = sum;
      }
    }
    Guarded y = Guarded.nanFilled(60);
    Recurrent.of(cell, 5, hidden).forward(
        2, Data.segment(a), Data.segment(recurrentWeights), gru ? Data.segment(recurrentBias) : MemorySegment.NULL, MemorySegment.NULL,
        Data.segment(new float[2 * cell.states() * hidden]), Data.segment(new float[10 * cell.taped() * hidden]),
        gru ? Data.segment(new float[10 * gates]) : MemorySegment.NULL, y.segment(), hidden, 0, ONE);
    float[] got = new float[60];
    double[] size = new double[60];
    // What a step passes on of the error before it: slopes are at most 1, the weights of a unit add up to at most 6, the state adds itself.
    double growth = 1;
    for (int step = 0; step < 5; step++, growth = 1 + growth * (1 + 2 * hidden)) {
      for (int i = 0; i < 2 * hidden; i++) {
        got[step * 2 * hidden + i] = y.floats()[(i / hidden * 5 + step) * hidden + i % hidden];
        size[step * 2 * hidden + i] = growth * (2 + 3 + hidden);
      }
    }
    agree(name, got, 2 * (3 + hidden + 8) + THEIRS, size);
  }

  @ParameterizedTest
  @CsvSource({"attention, false, 7, 7", "attentionCausal, true, 7, 7", "attentionCross, false, 5, 9"})
  void attention(String name, boolean causal, int queryRows, int keyRows) {
    int heads = 3;
    int width = 4;
    int all = heads * width;
    float[] q = input(name, 0, 2 * queryRows * all, -2, 2);
    float[] k = input(name, 1, 2 * keyRows * all, -2, 2);
    float[] v = input(name, 2, 2 * keyRows * all, -2, 2);
    Guarded y = Guarded.nanFilled(q.length);
    if (name.equals("attentionCross")) {
      Attention.cross(heads, width).infer(
          2, queryRows, keyRows, Data.segment(q), Data.segment(sideBySide(all, k, v)), MemorySegment.NULL, y.segment(), ONE);
    } else {
      MemorySegment qkv = Data.segment(sideBySide(all, q, k, v));
      Attention.self(heads, width, causal).infer(2, queryRows, keyRows, qkv, qkv, MemorySegment.NULL, y.segment(), ONE);
    }
    int[] lengths = {keyRows, keyRows};
    double[] sizes = AttentionInDouble.forward(
        heads, width, causal, 2, queryRows, keyRows, Data.widened(q), Data.widened(k), absolute(v), lengths);
    // No score is larger than 2 * 2 * width / sqrt(width): it has width + 3 roundings, which the exponential makes relative ones, twice
    // with those of the sum; softmax over scores twice as far apart, and a sum over the keys; both sides.
    double score = 4 * Math.sqrt(width);
    agree(name, y.floats(), 2 * (2 * (width + 3) * score + 2 * keyRows + 2 * 2 * score + 10) + THEIRS, sizes);
  }

  private static double[] absolute(float... x) {
    return Arrays.stream(Data.widened(x)).map(Math::abs).toArray();
  }

  /** Rows of several matrices of as many columns, side by side. */
  private static float[] sideBySide(int columns, float[]... matrices) {
    float[] all = new float[matrices.length * matrices[0].length];
    for (int i = 0; i < all.length; i++) {
      int column = i % (matrices.length * columns);
      all[i] = matrices[column / columns][i / (matrices.length * columns) * columns + column % columns];
    }
    return all;
  }
}
