package dev.lanewise.jmh;

import dev.lanewise.jmh.shapes.ConvolutionShape;
import dev.lanewise.jmh.shapes.Shapes;
import dev.lanewise.kernels.Conv2d;
import dev.lanewise.kernels.Epilogue;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Convolution and its two gradients. */
public class ConvBench extends KernelBenchmark {
  /** A shape of the text files; the program gives them all. */
  @Param("conv2") public String convolution;

  MemorySegment x;
  MemorySegment w;
  MemorySegment dy;
  MemorySegment y;
  MemorySegment dx;
  MemorySegment dw;

  private Conv2d kernel;
  private int batch;
  private double gflop;

  @Setup
  public void setUp() {
    open();
    ConvolutionShape shape = Shapes.convolution(convolution);
    kernel = shape.kernel();
    batch = shape.batch();
    gflop = shape.gflop();
    x = uniform(kernel.inputSize(batch), 1);
    w = uniform(kernel.weightSize(), 2);
    dy = uniform(kernel.outputSize(batch), 3);
    y = room(kernel.outputSize(batch));
    dx = room(kernel.inputSize(batch));
    dw = room(kernel.weightSize());
  }

  @Benchmark
  public void forward(Rate.Arithmetic rate) {
    kernel.forward(batch, x, w, y, Epilogue.NONE, workers());
    rate.gflop += gflop;
  }

  @Benchmark
  public void backwardWeights(Rate.Arithmetic rate) {
    kernel.backwardWeights(batch, x, dy, dw, false, workers());
    rate.gflop += gflop;
  }

  @Benchmark
  public void backwardInput(Rate.Arithmetic rate) {
    kernel.backwardInput(batch, dy, w, dx, workers());
    rate.gflop += gflop;
  }
}
