package dev.lanewise.jmh;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import ai.onnxruntime.OrtException;
import dev.lanewise.jmh.conv.OnnxRuntime;
import dev.lanewise.jmh.gemm.PeerAbsentException;
import dev.lanewise.jmh.shapes.ConvolutionShape;
import dev.lanewise.jmh.shapes.Shapes;
import dev.lanewise.kernels.Conv2d;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Convolution forward by ONNX Runtime, on the numbers of {@link ConvBench} in ONNX's order. */
public class ConvOrtBench extends KernelBenchmark {
  @Param("conv2")
  public String convolution;

  @Param("onnxruntime")
  public String peer;

  private double gflop;
  private OnnxRuntime runtime;

  @Setup
  public void setUp() throws OrtException, PeerAbsentException {
    open();
    requirePeer(peer, "onnxruntime");
    ConvolutionShape shape = Shapes.convolution(convolution);
    Conv2d kernel = shape.kernel();
    gflop = shape.gflop();
    runtime = new OnnxRuntime(shape,
        uniform(kernel.inputSize(shape.batch()), 1).toArray(JAVA_FLOAT), uniform(kernel.weightSize(), 2).toArray(JAVA_FLOAT),
        room(kernel.inputSize(shape.batch())), room(kernel.outputSize(shape.batch())), threads);
  }

  @Benchmark
  public void forward(Rate.Arithmetic rate) throws OrtException {
    runtime.forward();
    rate.gflop += gflop;
  }

  float[] output() {
    return runtime.result();
  }

  @TearDown
  public void release() throws OrtException {
    runtime.close();
  }
}
