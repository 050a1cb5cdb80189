package dev.lanewise.jmh.conv;

import java.util.List;

/**
 * An ONNX model of one node over fp32 inputs, their shapes given, with one fp32 output of any shape; field numbers are those of
 * {@code onnx.proto3} (IR version 8).
 */
final class OnnxNode {
  private static final int FLOAT = 1;

  private final String operator;
  private final Protobuf attributes = new Protobuf();

  OnnxNode(String operator) {
    this.operator = operator;
  }

  OnnxNode integer(String name, long value) {
    attributes.message(5, new Protobuf().text(1, name).integer(3, value).integer(20, 2));
    return this;
  }

  OnnxNode integers(String name, int... values) {
    Protobuf attribute = new Protobuf().text(1, name);
    for (int value : values) {
      attribute.integer(8, value);
    }
    attributes.message(5, attribute.integer(20, 7));
    return this;
  }

  OnnxNode text(String name, String value) {
    attributes.message(5, new Protobuf().text(1, name).text(4, value).integer(20, 3));
    return this;
  }

  OnnxNode real(String name, float value) {
    attributes.message(5, new Protobuf().text(1, name).real(2, value).integer(20, 1));
    return this;
  }

  /**
   * The model's bytes.
   *
   * @param inputs names, "" for one that is left out, and shapes
   */
  byte[] model(int operatorSet, List<String> inputs, List<int[]> shapes) {
    Protobuf node = new Protobuf();
    inputs.forEach(input -> node.text(1, input));
    node.text(2, "Y").text(4, operator).raw(attributes);
    Protobuf graph = new Protobuf().message(1, node).text(2, operator);
    int given = 0;
    for (String input : inputs) {
      if (!input.isEmpty()) {
        graph.message(11, value(input, shapes.get(given++)));
      }
    }
    graph.message(12, new Protobuf().text(1, "Y").message(2, new Protobuf().message(1, new Protobuf().integer(1, FLOAT))));
    return new Protobuf().integer(1, 8).message(7, graph).message(8, new Protobuf().text(1, "").integer(2, operatorSet)).toBytes();
  }

  private static Protobuf value(String name, int... dimensions) {
    Protobuf shape = new Protobuf();
    for (int dimension : dimensions) {
      shape.message(1, new Protobuf().integer(1, dimension));
    }
    Protobuf tensor = new Protobuf().integer(1, FLOAT).message(2, shape);
    return new Protobuf().text(1, name).message(2, new Protobuf().message(1, tensor));
  }
}
