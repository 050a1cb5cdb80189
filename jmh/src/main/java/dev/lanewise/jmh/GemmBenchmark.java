package dev.lanewise.jmh;

import dev.lanewise.jmh.gemm.Multiplier;
import dev.lanewise.jmh.gemm.Operands;
import dev.lanewise.jmh.gemm.PeerAbsentException;
import dev.lanewise.jmh.shapes.ProductShape;
import dev.lanewise.jmh.shapes.Shapes;
import dev.lanewise.kernels.Workers;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Products of every shape by anybody: what its subclasses have in common. */
public abstract class GemmBenchmark extends KernelBenchmark {
  /** A shape of the text files; the program gives them all. */
  @Param("sq256") public String product;

  private double gflop;
  private Multiplier multiplier;

  /** Makes the product of one peer ready. */
  abstract Multiplier multiplier(Operands operands, Workers workers) throws PeerAbsentException;

  @Setup
  public void setUp() throws PeerAbsentException {
    open();
    ProductShape shape = Shapes.product(product);
    gflop = shape.gflop();
    multiplier = multiplier(Operands.of(shape, arena), workers());
  }

  @Benchmark
  public void multiply(Rate.Arithmetic rate) {
    multiplier.multiply();
    rate.gflop += gflop;
  }

  /** What the last product came to. */
  final float[] result() {
    return multiplier.result();
  }
}
