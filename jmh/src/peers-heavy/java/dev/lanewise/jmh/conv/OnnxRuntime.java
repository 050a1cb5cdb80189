package dev.lanewise.jmh.conv;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.lanewise.jmh.shapes.ConvolutionShape;
import dev.lanewise.kernels.Conv2d;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;

/** A convolution by ONNX Runtime, its tensors kept and its output pinned: the fastest way that its Java binding offers. */
public final class OnnxRuntime implements AutoCloseable {
  private final ConvolutionShape shape;
  private final OrtSession session;
  private final Map<String, OnnxTensor> inputs;
  private final Map<String, OnnxTensor> outputs;
  private final FloatBuffer y;

  /**
   * Turns images and weights into ONNX's order.
   *
   * @param x [batch, height, width, channels]
   * @param w [kernelHeight, kernelWidth, channels, filters]
   * @param memoryX native memory for X in ONNX's order, exactly as large; likewise memoryY
   */
  public OnnxRuntime(ConvolutionShape shape, float[] x, float[] w, MemorySegment memoryX, MemorySegment memoryY, int threads)
      throws OrtException {
    Conv2d kernel = shape.kernel();
    this.shape = shape;
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
      session = environment.createSession(OnnxModel.of(shape, filtersFirst(w)), options);
    }
    FloatBuffer images = floats(memoryX);
    images.put(channelsFirst(x)).rewind();
    y = floats(memoryY);
    inputs = Map.of("X", OnnxTensor.createTensor(
        environment, images, new long[] {shape.batch(), shape.channels(), shape.height(), shape.width()}));
    outputs = Map.of("Y", OnnxTensor.createTensor(
        environment, y, new long[] {shape.batch(), shape.filters(), kernel.outHeight(), kernel.outWidth()}));
  }

  private static FloatBuffer floats(MemorySegment memory) {
    return memory.asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  /** From [taps, channels, filters] to [filters, channels, taps]. */
  private float[] filtersFirst(float... w) {
    int taps = shape.kernelHeight() * shape.kernelWidth();
    float[] out = new float[w.length];
    for (int tap = 0; tap < taps; tap++) {
      for (int c = 0; c < shape.channels(); c++) {
        for (int f = 0; f < shape.filters(); f++) {
          out[(f * shape.channels() + c) * taps + tap] = w[(tap * shape.channels() + c) * shape.filters() + f];
        }
      }
    }
    return out;
  }

  private float[] channelsFirst(float... x) {
    return transposed(shape.batch(), shape.height() * shape.width(), shape.channels(), x);
  }

  /** Each of the batch's matrices [rows, columns] as [columns, rows]. */
  private static float[] transposed(int batch, int rows, int columns, float... values) {
    float[] out = new float[values.length];
    for (int n = 0; n < batch; n++) {
      int base = n * rows * columns;
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          out[base + j * rows + i] = values[base + i * columns + j];
        }
      }
    }
    return out;
  }

  /** Computes Y anew. */
  public void forward() throws OrtException {
    session.run(inputs, outputs).close();
  }

  /** Y as [batch, outHeight, outWidth, filters]. */
  public float[] result() {
    Conv2d kernel = shape.kernel();
    float[] channelsFirst = new float[y.capacity()];
    y.duplicate().rewind().get(channelsFirst);
    return transposed(shape.batch(), shape.filters(), kernel.outHeight() * kernel.outWidth(), channelsFirst);
  }

  @Override
  public void close() throws OrtException {
    inputs.values().forEach(OnnxTensor::close);
    outputs.values().forEach(OnnxTensor::close);
    session.close();
  }
}
