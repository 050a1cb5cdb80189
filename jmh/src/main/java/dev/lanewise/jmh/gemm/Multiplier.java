package dev.lanewise.jmh.gemm;

/** Somebody's product C = op(A) op(B), ready to run: operands are where that library wants them. */
public interface Multiplier {
  /** Computes C anew. */
  void multiply();

  /** C, row-major, as it is. For checks: copies. */
  float[] result();
}
