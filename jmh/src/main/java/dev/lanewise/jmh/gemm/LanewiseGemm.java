package dev.lanewise.jmh.gemm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.jmh.shapes.ProductShape;
import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Gemm;
import dev.lanewise.kernels.Workers;
import java.lang.foreign.MemorySegment;

/** {@link Gemm} on native memory. */
public final class LanewiseGemm implements Multiplier {
  private final ProductShape shape;
  private final MemorySegment a;
  private final MemorySegment b;
  private final MemorySegment c;
  private final Workers workers;

  /** Copies the operands. */
  public LanewiseGemm(Operands operands, Workers workers) {
    this.shape = operands.shape();
    this.a = operands.nativeCopy(operands.a());
    this.b = operands.nativeCopy(operands.b());
    this.c = operands.nativeResult();
    this.workers = workers;
  }

  @Override
  public void multiply() {
    Gemm.multiply(shape.transposeA(), shape.transposeB(), shape.m(), shape.n(), shape.k(),
        a, shape.lda(), b, shape.ldb(), c, shape.n(), false, Epilogue.NONE, workers);
  }

  @Override
  public float[] result() {
    return c.toArray(JAVA_FLOAT);
  }
}
