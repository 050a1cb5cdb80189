package dev.lanewise.jmh.conv;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.lanewise.kernels.Rng;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes what ONNX Runtime computes on random inputs, for the test {@code OnnxRuntimeTest} of the kernels: {@code OnnxFixtures FILE}. A line per
 * case, its name and the output's floats in hexadecimal. Inputs are not written: both sides draw input i of case c from stream 100 c + i.
 */
public final class OnnxFixtures {
  /** Seed of all inputs. */
  private static final long SEED = 4;

  private final StringBuilder lines = new StringBuilder();
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private int cases;

  private OnnxFixtures() {}

  private record Input(String name, float low, float high, int... shape) {
    int size() {
      int size = 1;
      for (int dimension : shape) {
        size *= dimension;
      }
      return size;
    }
  }

  /** Writes the file. */
  public static void main(String[] args) throws OrtException, IOException {
    OnnxFixtures fixtures = new OnnxFixtures();
    fixtures.all();
    Files.writeString(Path.of(args[0]),
        "# Outputs of ONNX Runtime, made by dev.lanewise.jmh.conv.OnnxFixtures (profile peers-heavy of jmh); inputs by Rng.uniform, seed "
            + SEED + ", stream 100 case + input.\n" + fixtures.lines);
  }

  private void all() throws OrtException {
    for (String unary : List.of("Sigmoid", "Tanh", "Exp", "Erf", "Softplus", "Relu")) {
      run(unary.toLowerCase(Locale.ROOT), new OnnxNode(unary), new Input("X", -8, 8, 100));
    }
    run("log", new OnnxNode("Log"), new Input("X", 0.01f, 8, 100));
    run("elu", new OnnxNode("Elu").real("alpha", 1.3f), new Input("X", -8, 8, 100));
    run("leakyRelu", new OnnxNode("LeakyRelu").real("alpha", 0.2f), new Input("X", -8, 8, 100));
    run("gelu", new OnnxNode("Gelu"), new Input("X", -6, 6, 100));
    run("geluTanh", new OnnxNode("Gelu").text("approximate", "tanh"), new Input("X", -6, 6, 100));
    run("softmax", new OnnxNode("Softmax").integer("axis", -1), new Input("X", -10, 10, 4, 17));
    run("logSoftmax", new OnnxNode("LogSoftmax").integer("axis", -1), new Input("X", -10, 10, 4, 17));
    run("layerNorm", new OnnxNode("LayerNormalization").integer("axis", -1).real("epsilon", 1e-5f),
        new Input("X", -3, 5, 4, 33), new Input("scale", 0, 2, 33), new Input("B", -1, 1, 33));
    run("batchNorm", new OnnxNode("BatchNormalization").real("epsilon", 1e-5f),
        new Input("X", -3, 5, 6, 33), new Input("scale", 0, 2, 33), new Input("B", -1, 1, 33), new Input("mean", -1, 1, 33),
        new Input("var", 0.1f, 2, 33));
    run("matmul", new OnnxNode("MatMul"), new Input("A", -1, 1, 7, 40), new Input("B", -1, 1, 40, 19));
    run("conv", new OnnxNode("Conv").integers("strides", 2, 1).integers("pads", 1, 0, 1, 2).integers("dilations", 1, 2),
        new Input("X", -1, 1, 2, 3, 7, 9), new Input("W", -1, 1, 5, 3, 3, 2));
    run("convTranspose", new OnnxNode("ConvTranspose").integers("strides", 2, 2).integers("pads", 1, 1, 1, 1),
        new Input("X", -1, 1, 2, 3, 4, 5), new Input("W", -1, 1, 3, 5, 4, 4));
    run("maxPool", new OnnxNode("MaxPool").integers("kernel_shape", 2, 3).integers("strides", 2, 1), new Input("X", -1, 1, 2, 3, 7, 9));
    run("averagePool", new OnnxNode("AveragePool").integers("kernel_shape", 2, 3).integers("strides", 2, 1),
        new Input("X", -1, 1, 2, 3, 7, 9));
    recurrent("lstm", new OnnxNode("LSTM").integer("hidden_size", 6), 4);
    recurrent("gru", new OnnxNode("GRU").integer("hidden_size", 6).integer("linear_before_reset", 1), 3);
    recurrent("rnn", new OnnxNode("RNN").integer("hidden_size", 6), 1);
    attention("attention", 0, 7, 7);
    attention("attentionCausal", 1, 7, 7);
    attention("attentionCross", 0, 5, 9);
  }

  /** Five steps of two sequences of three inputs, six units. */
  private void recurrent(String name, OnnxNode node, int gates) throws OrtException {
    run(name, node, new Input("X", -1, 1, 5, 2, 3), new Input("W", -1, 1, 1, gates * 6, 3), new Input("R", -1, 1, 1, gates * 6, 6),
        new Input("B", -1, 1, 1, 2 * gates * 6));
  }

  /** Two examples, three heads of four channels. */
  private void attention(String name, int causal, int queryRows, int keyRows) throws OrtException {
    OnnxNode node = new OnnxNode("Attention").integer("q_num_heads", 3).integer("kv_num_heads", 3).integer("is_causal", causal);
    run(23, name, node, new Input("Q", -2, 2, 2, queryRows, 12), new Input("K", -2, 2, 2, keyRows, 12),
        new Input("V", -2, 2, 2, keyRows, 12));
  }

  private void run(String name, OnnxNode node, Input... inputs) throws OrtException {
    run(20, name, node, inputs);
  }

  private void run(int operators, String name, OnnxNode node, Input... inputs) throws OrtException {
    List<String> names = new ArrayList<>();
    List<int[]> shapes = new ArrayList<>();
    Map<String, OnnxTensor> tensors = new HashMap<>();
    for (int i = 0; i < inputs.length; i++) {
      Input input = inputs[i];
      names.add(input.name());
      shapes.add(input.shape());
      long[] dimensions = new long[input.shape().length];
      for (int d = 0; d < dimensions.length; d++) {
        dimensions[d] = input.shape()[d];
      }
      float[] values = new float[input.size()];
      for (int j = 0; j < values.length; j++) {
        values[j] = Math.fma(Rng.uniform(SEED, 100L * cases + i, j), input.high() - input.low(), input.low());
      }
      tensors.put(input.name(), OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), dimensions));
    }
    try (OrtSession session = environment.createSession(node.model(operators, names, shapes)); OrtSession.Result result = session.run(tensors)) {
      FloatBuffer y = ((OnnxTensor) result.get(0)).getFloatBuffer();
      lines.append(name);
      while (y.hasRemaining()) {
        lines.append(' ').append(Float.toHexString(y.get()));
      }
      lines.append('\n');
    }
    tensors.values().forEach(OnnxTensor::close);
    cases++;
  }
}
