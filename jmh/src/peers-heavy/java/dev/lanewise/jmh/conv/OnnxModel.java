package dev.lanewise.jmh.conv;

import dev.lanewise.jmh.shapes.ConvolutionShape;
import dev.lanewise.kernels.Conv2d;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An ONNX model with a single Conv node, its weights a constant, X and Y in ONNX's order NCHW. Field numbers are those of
 * {@code onnx.proto3} (ONNX, IR version 8, operator set 13).
 */
final class OnnxModel {
  private static final int FLOAT = 1;
  private static final int ATTRIBUTE_INTS = 7;

  private OnnxModel() {}

  /**
   * The model's bytes.
   *
   * @param weights [filters, channels, kernelHeight, kernelWidth]
   */
  static byte[] of(ConvolutionShape s, float... weights) {
    Conv2d kernel = s.kernel();
    Protobuf node = new Protobuf().text(1, "X").text(1, "W").text(2, "Y").text(4, "Conv")
        .message(5, integers("kernel_shape", s.kernelHeight(), s.kernelWidth()))
        .message(5, integers("strides", s.stride(), s.stride()))
        .message(5, integers("pads", s.padding(), s.padding(), s.padding(), s.padding()));
    Protobuf graph = new Protobuf().message(1, node).text(2, s.name())
        .message(5, constant("W", weights, s.filters(), s.channels(), s.kernelHeight(), s.kernelWidth()))
        .message(11, value("X", s.batch(), s.channels(), s.height(), s.width()))
        .message(12, value("Y", s.batch(), s.filters(), kernel.outHeight(), kernel.outWidth()));
    return new Protobuf().integer(1, 8).message(7, graph).message(8, new Protobuf().text(1, "").integer(2, 13)).toBytes();
  }

  private static Protobuf integers(String name, int... values) {
    Protobuf attribute = new Protobuf().text(1, name);
    for (int value : values) {
      attribute.integer(8, value);
    }
    return attribute.integer(20, ATTRIBUTE_INTS);
  }

  private static Protobuf constant(String name, float[] values, int... dimensions) {
    Protobuf tensor = new Protobuf();
    for (int dimension : dimensions) {
      tensor.integer(1, dimension);
    }
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return tensor.integer(2, FLOAT).text(8, name).bytes(9, bytes.array());
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
