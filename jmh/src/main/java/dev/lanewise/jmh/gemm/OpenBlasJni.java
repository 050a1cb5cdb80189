package dev.lanewise.jmh.gemm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import dev.lanewise.jmh.shapes.ProductShape;
import java.lang.foreign.MemorySegment;

/** OpenBLAS through JavaCPP's JNI binding, on native memory. */
public final class OpenBlasJni implements Multiplier {
  private final ProductShape shape;
  private final MemorySegment result;
  private final Address a;
  private final Address b;
  private final Address c;

  /**
   * Copies the operands.
   *
   * @throws PeerAbsentException if there is no OpenBLAS
   */
  public OpenBlasJni(Operands operands, int threads) throws PeerAbsentException {
    OpenBlas.load().useThreads(threads);
    this.shape = operands.shape();
    this.result = operands.nativeResult();
    this.a = new Address(operands.nativeCopy(operands.a()));
    this.b = new Address(operands.nativeCopy(operands.b()));
    this.c = new Address(result);
  }

  @Override
  public void multiply() {
    cblas_sgemm(CblasRowMajor, shape.transposeA() ? CblasTrans : CblasNoTrans, shape.transposeB() ? CblasTrans : CblasNoTrans,
        shape.m(), shape.n(), shape.k(), 1f, a, shape.lda(), b, shape.ldb(), 0f, c, shape.n());
  }

  @Override
  public float[] result() {
    return result.toArray(JAVA_FLOAT);
  }
}
