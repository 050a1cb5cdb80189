package dev.lanewise.jmh;

import dev.lanewise.jmh.gemm.Multiplier;
import dev.lanewise.jmh.gemm.Operands;
import dev.lanewise.jmh.gemm.PeerAbsentException;
import dev.lanewise.jmh.shapes.ProductShape;
import dev.lanewise.jmh.shapes.Shapes;
import dev.lanewise.kernels.Workers;
import java.lang.foreign.Arena;
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

/** Products of every shape by anybody: what its subclasses have in common. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 6, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 3, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public abstract class GemmBenchmark {
  /** A shape of the text files; the launcher gives them all. */
  @Param("sq256")
  public String product;

  /** Threads of Lanewise and of the native peers. */
  @Param("1")
  public int threads;

  private Arena arena;
  private Workers workers;
  private double gflop;
  private Multiplier multiplier;

  /** Makes the product of one peer ready. */
  protected abstract Multiplier multiplier(Operands operands, Workers workers) throws PeerAbsentException;

  @Setup
  public void setUp() throws PeerAbsentException {
    VectorPath.require();
    ProductShape shape = Shapes.product(product);
    arena = Arena.ofShared();
    workers = threads == 1 ? Workers.single() : Workers.threads(threads);
    gflop = shape.gflop();
    multiplier = multiplier(Operands.of(shape, arena), workers);
  }

  @Benchmark
  public void multiply(Rate.Arithmetic rate) {
    multiplier.multiply();
    rate.gflop += gflop;
  }

  /** What the last product came to. */
  public float[] result() {
    return multiplier.result();
  }

  @TearDown
  public void tearDown() {
    workers.close();
    arena.close();
  }
}
