package dev.lanewise.jmh.gemm;

import dev.lanewise.jmh.shapes.ProductShape;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;

/** EJML's single-threaded product of dense row-major matrices. */
public final class Ejml implements Multiplier {
  private final ProductShape shape;
  private final FMatrixRMaj a;
  private final FMatrixRMaj b;
  private final FMatrixRMaj c;

  /** Copies the operands. */
  public Ejml(Operands operands) {
    this.shape = operands.shape();
    this.a = stored(shape.transposeA(), shape.m(), shape.k(), operands.a());
    this.b = stored(shape.transposeB(), shape.k(), shape.n(), operands.b());
    this.c = new FMatrixRMaj(shape.m(), shape.n());
  }

  private static FMatrixRMaj stored(boolean transposed, int rows, int columns, float[] values) {
    return new FMatrixRMaj(transposed ? columns : rows, transposed ? rows : columns, true, values);
  }

  @Override
  public void multiply() {
    if (shape.transposeA()) {
      if (shape.transposeB()) {
        CommonOps_FDRM.multTransAB(a, b, c);
      } else {
        CommonOps_FDRM.multTransA(a, b, c);
      }
    } else if (shape.transposeB()) {
      CommonOps_FDRM.multTransB(a, b, c);
    } else {
      CommonOps_FDRM.mult(a, b, c);
    }
  }

  @Override
  public float[] result() {
    return c.data.clone();
  }
}
