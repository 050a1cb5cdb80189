package dev.lanewise.jmh.shapes;

/**
 * A product C[m, n] = op(A)[m, k] op(B)[k, n], row-major without gaps.
 *
 * @param origin the network and layer that it is from
 */
public record ProductShape(String name, int m, int n, int k, boolean transposeA, boolean transposeB, String origin) {
  /** Floats from one stored row of A to the next. */
  public int lda() {
    return transposeA ? m : k;
  }

  /** Floats from one stored row of B to the next. */
  public int ldb() {
    return transposeB ? k : n;
  }

  /** 10^9 floating-point operations of one product; a multiply-add counts as two. */
  public double gflop() {
    return 2e-9 * m * n * k;
  }
}
