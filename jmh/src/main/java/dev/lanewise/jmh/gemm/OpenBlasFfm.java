package dev.lanewise.jmh.gemm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;

import dev.lanewise.jmh.shapes.ProductShape;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** OpenBLAS through the JDK's foreign functions, on native memory. */
public final class OpenBlasFfm implements Multiplier {
  /** A constant to the JIT, without which a call through it is slow. */
  private static final class Sgemm {
    static final MethodHandle HANDLE = handle();

    private static MethodHandle handle() {
      try {
        return OpenBlas.load().sgemm();
      } catch (PeerAbsentException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private final ProductShape shape;
  private final MemorySegment a;
  private final MemorySegment b;
  private final MemorySegment c;

  /**
   * Copies the operands.
   *
   * @throws PeerAbsentException if there is no OpenBLAS
   */
  public OpenBlasFfm(Operands operands, int threads) throws PeerAbsentException {
    OpenBlas.load().useThreads(threads);
    this.shape = operands.shape();
    this.a = operands.nativeCopy(operands.a());
    this.b = operands.nativeCopy(operands.b());
    this.c = operands.nativeResult();
  }

  @Override
  public void multiply() {
    try {
      Sgemm.HANDLE.invokeExact(CblasRowMajor, shape.transposeA() ? CblasTrans : CblasNoTrans,
          shape.transposeB() ? CblasTrans : CblasNoTrans,
          shape.m(), shape.n(), shape.k(), 1f, a, shape.lda(), b, shape.ldb(), 0f, c, shape.n());
    } catch (Throwable e) {
      throw new IllegalStateException("cblas_sgemm cannot be called", e);
    }
  }

  @Override
  public float[] result() {
    return c.toArray(JAVA_FLOAT);
  }
}
