package dev.lanewise.kernels.conv;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * The input's gradient of a convolution, fp32, for pixels that the same taps reach: tiles of eight pixels by two vectors of channels, straight to memory with their
 * epilogue. One fma for each term, in the order of taps and filters, so the bits are those of the scalar definition.
 *
 * <p>As {@link DirectKernel}, but for pixels anywhere in the image and weights of chosen taps; that one is by itself since to look up where pixels go costs patches
 * of nine elements a fifth. The caller has proved the bounds. Allocates nothing, throws nothing.
 */
final class DirectInputKernel {
  /** Pixels of a tile. */
  static final int PIXELS = 8;

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.COUNT;

  /** Where chains start: loaded, since C2 does not always keep a zero that it knows in a register (reports/decisions/0003). */
  private static final float[] ZEROS = new float[2 * PIXELS * V];

  private DirectInputKernel() {}

  /**
   * {@code y[outAt[p]][c] = max(least, bias[c] + sum over taps r and filters s of x[inAt[p] + termAt[r filters + s] - base] w[weightAt[r]][c / 2V][s][c mod 2V])} for
   * the pixels from .. end and all columns.
   *
   * <p>Where fewer pixels than a tile has are left, the last one is computed again, to the same bits.
   *
   * @param columns of a row of y, a multiple of two vectors
   * @param y row 0 at byte {@code yAt}
   */
  static void pixels(
      PixelClass each, int from, int end, float[] x, int base, float[] w, int filters, int columns, float[] bias, float least,
      MemorySegment y, long yAt) {
    y = exact(y);
    int[] inAt = each.inAt();
    int[] outAt = each.outAt();
    int[] termAt = each.termAt();
    int[] weightAt = each.weightAt();
    long row = 4L * columns;
    FloatVector floor = FloatVector.broadcast(F, least);
    for (int i0 = from; i0 < end; i0 += PIXELS) {
      int i1 = Math.min(i0 + 1, end - 1);
      int i2 = Math.min(i0 + 2, end - 1);
      int i3 = Math.min(i0 + 3, end - 1);
      int i4 = Math.min(i0 + 4, end - 1);
      int i5 = Math.min(i0 + 5, end - 1);
      int i6 = Math.min(i0 + 6, end - 1);
      int i7 = Math.min(i0 + 7, end - 1);
      int x0 = inAt[i0] - base;
      int x1 = inAt[i1] - base;
      int x2 = inAt[i2] - base;
      int x3 = inAt[i3] - base;
      int x4 = inAt[i4] - base;
      int x5 = inAt[i5] - base;
      int x6 = inAt[i6] - base;
      int x7 = inAt[i7] - base;
      long y0 = yAt + outAt[i0] * row;
      long y1 = yAt + outAt[i1] * row;
      long y2 = yAt + outAt[i2] * row;
      long y3 = yAt + outAt[i3] * row;
      long y4 = yAt + outAt[i4] * row;
      long y5 = yAt + outAt[i5] * row;
      long y6 = yAt + outAt[i6] * row;
      long y7 = yAt + outAt[i7] * row;
      int wAt = 0;
      for (int column = 0; column < columns; column += 2 * V) {
        FloatVector c0a = FloatVector.fromArray(F, ZEROS, 0);
        FloatVector c0b = FloatVector.fromArray(F, ZEROS, V);
        FloatVector c1a = FloatVector.fromArray(F, ZEROS, 2 * V);
        FloatVector c1b = FloatVector.fromArray(F, ZEROS, 3 * V);
        FloatVector c2a = FloatVector.fromArray(F, ZEROS, 4 * V);
        FloatVector c2b = FloatVector.fromArray(F, ZEROS, 5 * V);
        FloatVector c3a = FloatVector.fromArray(F, ZEROS, 6 * V);
        FloatVector c3b = FloatVector.fromArray(F, ZEROS, 7 * V);
        FloatVector c4a = FloatVector.fromArray(F, ZEROS, 8 * V);
        FloatVector c4b = FloatVector.fromArray(F, ZEROS, 9 * V);
        FloatVector c5a = FloatVector.fromArray(F, ZEROS, 10 * V);
        FloatVector c5b = FloatVector.fromArray(F, ZEROS, 11 * V);
        FloatVector c6a = FloatVector.fromArray(F, ZEROS, 12 * V);
        FloatVector c6b = FloatVector.fromArray(F, ZEROS, 13 * V);
        FloatVector c7a = FloatVector.fromArray(F, ZEROS, 14 * V);
        FloatVector c7b = FloatVector.fromArray(F, ZEROS, 15 * V);
        for (int r = 0; r < weightAt.length; r++) {
          int first = r * filters;
          int weights = wAt + weightAt[r];
          for (int s = 0; s < filters; s++) {
            int at = termAt[first + s];
            FloatVector w0 = FloatVector.fromArray(F, w, weights + 2 * V * s);
            FloatVector w1 = FloatVector.fromArray(F, w, weights + 2 * V * s + V);
            FloatVector p0 = FloatVector.broadcast(F, x[x0 + at]);
            c0a = p0.fma(w0, c0a);
            c0b = p0.fma(w1, c0b);
            FloatVector p1 = FloatVector.broadcast(F, x[x1 + at]);
            c1a = p1.fma(w0, c1a);
            c1b = p1.fma(w1, c1b);
            FloatVector p2 = FloatVector.broadcast(F, x[x2 + at]);
            c2a = p2.fma(w0, c2a);
            c2b = p2.fma(w1, c2b);
            FloatVector p3 = FloatVector.broadcast(F, x[x3 + at]);
            c3a = p3.fma(w0, c3a);
            c3b = p3.fma(w1, c3b);
            FloatVector p4 = FloatVector.broadcast(F, x[x4 + at]);
            c4a = p4.fma(w0, c4a);
            c4b = p4.fma(w1, c4b);
            FloatVector p5 = FloatVector.broadcast(F, x[x5 + at]);
            c5a = p5.fma(w0, c5a);
            c5b = p5.fma(w1, c5b);
            FloatVector p6 = FloatVector.broadcast(F, x[x6 + at]);
            c6a = p6.fma(w0, c6a);
            c6b = p6.fma(w1, c6b);
            FloatVector p7 = FloatVector.broadcast(F, x[x7 + at]);
            c7a = p7.fma(w0, c7a);
            c7b = p7.fma(w1, c7b);
          }
        }
        FloatVector ba = FloatVector.fromArray(F, bias, column);
        FloatVector bb = FloatVector.fromArray(F, bias, column + V);
        c0a.add(ba).max(floor).intoMemorySegment(y, y0 + 4L * column, ORDER);
        c0b.add(bb).max(floor).intoMemorySegment(y, y0 + 4L * column + 4 * V, ORDER);
        c1a.add(ba).max(floor).intoMemorySegment(y, y1 + 4L * column, ORDER);
        c1b.add(bb).max(floor).intoMemorySegment(y, y1 + 4L * column + 4 * V, ORDER);
        c2a.add(ba).max(floor).intoMemorySegment(y, y2 + 4L * column, ORDER);
        c2b.add(bb).max(floor).intoMemorySegment(y, y2 + 4L * column + 4 * V, ORDER);
        c3a.add(ba).max(floor).intoMemorySegment(y, y3 + 4L * column, ORDER);
        c3b.add(bb).max(floor).intoMemorySegment(y, y3 + 4L * column + 4 * V, ORDER);
        c4a.add(ba).max(floor).intoMemorySegment(y, y4 + 4L * column, ORDER);
        c4b.add(bb).max(floor).intoMemorySegment(y, y4 + 4L * column + 4 * V, ORDER);
        c5a.add(ba).max(floor).intoMemorySegment(y, y5 + 4L * column, ORDER);
        c5b.add(bb).max(floor).intoMemorySegment(y, y5 + 4L * column + 4 * V, ORDER);
        c6a.add(ba).max(floor).intoMemorySegment(y, y6 + 4L * column, ORDER);
        c6b.add(bb).max(floor).intoMemorySegment(y, y6 + 4L * column + 4 * V, ORDER);
        c7a.add(ba).max(floor).intoMemorySegment(y, y7 + 4L * column, ORDER);
        c7b.add(bb).max(floor).intoMemorySegment(y, y7 + 4L * column + 4 * V, ORDER);
        wAt += 2 * V * filters;
      }
    }
  }
}
