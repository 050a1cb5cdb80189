package dev.lanewise.jmh.gemm;

import dev.lanewise.jmh.shapes.ProductShape;
import java.util.Arrays;

/** The three loops that anybody would write, in the order that walks memory best. */
public final class PlainJava implements Multiplier {
  private final ProductShape shape;
  private final float[] a;
  private final float[] b;
  private final float[] c;

  /** Uses the operands as they are. */
  public PlainJava(Operands operands) {
    this.shape = operands.shape();
    this.a = operands.a();
    this.b = operands.b();
    this.c = new float[shape.m() * shape.n()];
  }

  @Override
  public void multiply() {
    int m = shape.m();
    int n = shape.n();
    int k = shape.k();
    int rowA = shape.transposeA() ? 1 : k;
    int columnA = shape.transposeA() ? m : 1;
    int rowB = shape.transposeB() ? 1 : n;
    int columnB = shape.transposeB() ? k : 1;
    Arrays.fill(c, 0f);
    for (int i = 0; i < m; i++) {
      for (int p = 0; p < k; p++) {
        float x = a[i * rowA + p * columnA];
        for (int j = 0; j < n; j++) {
          c[i * n + j] += x * b[p * rowB + j * columnB];
        }
      }
    }
  }

  @Override
  public float[] result() {
    return c.clone();
  }
}
