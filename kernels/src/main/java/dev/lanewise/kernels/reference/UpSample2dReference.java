package dev.lanewise.kernels.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.kernels.UpSample2d;
import java.lang.foreign.MemorySegment;

/** Scalar twins of {@link UpSample2d}: the definition, element by element. */
public final class UpSample2dReference {
  private UpSample2dReference() {}

  /** Every output element from the input element that it repeats. */
  public static void forward(UpSample2d g, int n, MemorySegment x, MemorySegment y) {
    long at = 0;
    for (int row = 0; row < n * g.outHeight(); row++) {
      for (int ow = 0; ow < g.outWidth(); ow++) {
        for (int c = 0; c < g.channels(); c++) {
          long from = ((long) row / g.factorHeight() * g.width() + ow / g.factorWidth()) * g.channels() + c;
          y.setAtIndex(JAVA_INT, at++, x.getAtIndex(JAVA_INT, from));
        }
      }
    }
  }

  /** Every input element from its block, row by row. */
  public static void backward(UpSample2d g, int n, MemorySegment dy, MemorySegment dx) {
    long at = 0;
    for (int row = 0; row < n * g.height(); row++) {
      for (int w = 0; w < g.width(); w++) {
        for (int c = 0; c < g.channels(); c++) {
          float sum = 0f;
          for (int kh = 0; kh < g.factorHeight(); kh++) {
            for (int kw = 0; kw < g.factorWidth(); kw++) {
              long out = ((long) row * g.factorHeight() + kh) * g.outWidth() + (long) w * g.factorWidth() + kw;
              sum += dy.getAtIndex(JAVA_FLOAT, out * g.channels() + c);
            }
          }
          dx.setAtIndex(JAVA_FLOAT, at++, sum);
        }
      }
    }
  }
}
