package dev.lanewise.jmh.gemm;

import dev.lanewise.jmh.shapes.ProductShape;
import org.ojalgo.OjAlgoUtils;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R032Store;

/** ojAlgo's product of fp32 matrices, on one thread; it stores them column by column. */
public final class OjAlgo implements Multiplier {
  private final ProductShape shape;
  private final MatrixStore<Double> a;
  private final MatrixStore<Double> b;
  private final R032Store c;

  /** Copies the operands. */
  public OjAlgo(Operands operands) {
    OjAlgoUtils.limitThreadsTo(1);
    this.shape = operands.shape();
    this.a = stored(shape.transposeA(), shape.m(), shape.k(), operands.a());
    this.b = stored(shape.transposeB(), shape.k(), shape.n(), operands.b());
    this.c = R032Store.FACTORY.make(shape.m(), shape.n());
  }

  /** Transposed operands are views, as a user of the library would write them. */
  private static MatrixStore<Double> stored(boolean transposed, int rows, int columns, float[] values) {
    int width = transposed ? rows : columns;
    R032Store store = R032Store.FACTORY.make(transposed ? columns : rows, width);
    for (int i = 0; i < values.length; i++) {
      store.set(i / width, i % width, values[i]);
    }
    return transposed ? store.transpose() : store;
  }

  @Override
  public void multiply() {
    c.fillByMultiplying(a, b);
  }

  @Override
  public float[] result() {
    float[] values = new float[shape.m() * shape.n()];
    for (int i = 0; i < values.length; i++) {
      values[i] = c.floatValue(i / shape.n(), i % shape.n());
    }
    return values;
  }
}
