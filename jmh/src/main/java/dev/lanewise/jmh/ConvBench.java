package dev.lanewise.jmh;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.jmh.shapes.ConvolutionShape;
import dev.lanewise.jmh.shapes.Shapes;
import dev.lanewise.kernels.Conv2d;
import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Convolution and its two gradients. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 6, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 3, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class ConvBench {
  /** A shape of the text files; the launcher gives them all. */
  @Param("conv2")
  public String convolution;

  @Param("1")
  public int threads;

  private Arena arena;
  private Workers workers;
  private ConvolutionShape shape;
  private Conv2d kernel;
  private double gflop;
  private MemorySegment x;
  private MemorySegment w;
  private MemorySegment y;
  private MemorySegment dy;
  private MemorySegment dx;
  private MemorySegment dw;

  @Setup
  public void setUp() {
    VectorPath.require();
    shape = Shapes.convolution(convolution);
    kernel = shape.kernel();
    gflop = shape.gflop();
    arena = Arena.ofShared();
    workers = threads == 1 ? Workers.single() : Workers.threads(threads);
    x = Numbers.uniform(arena, kernel.inputSize(shape.batch()), 1);
    w = Numbers.uniform(arena, kernel.weightSize(), 2);
    dy = Numbers.uniform(arena, kernel.outputSize(shape.batch()), 3);
    y = Numbers.room(arena, kernel.outputSize(shape.batch()));
    dx = Numbers.room(arena, kernel.inputSize(shape.batch()));
    dw = Numbers.room(arena, kernel.weightSize());
  }

  @Benchmark
  public void forward(Rate.Arithmetic rate) {
    kernel.forward(shape.batch(), x, w, y, Epilogue.NONE, workers);
    rate.gflop += gflop;
  }

  @Benchmark
  public void backwardWeights(Rate.Arithmetic rate) {
    kernel.backwardWeights(shape.batch(), x, dy, dw, false, workers);
    rate.gflop += gflop;
  }

  @Benchmark
  public void backwardInput(Rate.Arithmetic rate) {
    kernel.backwardInput(shape.batch(), dy, w, dx, workers);
    rate.gflop += gflop;
  }

  float[] input() {
    return x.toArray(JAVA_FLOAT);
  }

  float[] weights() {
    return w.toArray(JAVA_FLOAT);
  }

  float[] outputGradient() {
    return dy.toArray(JAVA_FLOAT);
  }

  float[] output() {
    return y.toArray(JAVA_FLOAT);
  }

  float[] inputGradient() {
    return dx.toArray(JAVA_FLOAT);
  }

  float[] weightGradient() {
    return dw.toArray(JAVA_FLOAT);
  }

  @TearDown
  public void tearDown() {
    workers.close();
    arena.close();
  }
}
