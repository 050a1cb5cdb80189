package dev.lanewise.jmh.gemm;

import dev.lanewise.jmh.shapes.ProductShape;
import dev.ludovic.netlib.blas.JavaBLAS;

/** VectorBLAS, the Vector API implementation of netlib's BLAS that Spark uses, on Java arrays. */
public final class VectorBlas implements Multiplier {
  private final ProductShape shape;
  private final JavaBLAS blas = JavaBLAS.getInstance();
  private final float[] a;
  private final float[] b;
  private final float[] c;

  /**
   * Uses the operands as they are.
   *
   * @throws PeerAbsentException if the library fell back to its scalar code
   */
  public VectorBlas(Operands operands) throws PeerAbsentException {
    if (!blas.getClass().getSimpleName().equals("VectorBLAS")) {
      throw new PeerAbsentException("VectorBLAS is not used here but " + blas.getClass().getName()
          + "; add --add-modules jdk.incubator.vector to the java command", null);
    }
    this.shape = operands.shape();
    this.a = operands.a();
    this.b = operands.b();
    this.c = new float[shape.m() * shape.n()];
  }

  /** BLAS is column-major: C' = B' A' there is C = A B here. */
  @Override
  public void multiply() {
    blas.sgemm(shape.transposeB() ? "T" : "N", shape.transposeA() ? "T" : "N", shape.n(), shape.m(), shape.k(),
        1f, b, shape.ldb(), a, shape.lda(), 0f, c, shape.n());
  }

  @Override
  public float[] result() {
    return c.clone();
  }
}
