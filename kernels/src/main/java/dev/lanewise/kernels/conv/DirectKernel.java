package dev.lanewise.kernels.conv;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * A convolution that gathers no patches, fp32: tiles of eight pixels by two vectors of filters, straight to memory with their epilogue. One fma for each term, in the order of
 * the patch, so the bits are those of the scalar definition.
 *
 * <p>The image lies in an array, padding and all, and each of its elements is spread over a vector from where it lies, at {@code pixelAt[pixel] + patchAt[element]}.
 * All loops are in one method: called tile by tile, the same took a fifth longer (measured, see reports/decisions/0011). The caller has proved the bounds.
 * Allocates nothing, throws nothing.
 */
final class DirectKernel {
  /** Pixels of a tile. */
  static final int PIXELS = 8;

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.COUNT;

  /** Where chains start: loaded, since C2 does not always keep a zero that it knows in a register (reports/decisions/0003). */
  private static final float[] ZEROS = new float[2 * PIXELS * V];

  private DirectKernel() {}

  /**
   * {@code y[p][f] = max(least, bias[f] + sum over s < terms of x[pixelAt[p] + patchAt[s]] w[f / 2V][s][f mod 2V])} for the pixels from .. end and all
   * filters.
   *
   * <p>The last eight pixels begin before those that are left and compute some again, to the same bits.
   *
   * @param end from and at least 8 more, or none
   * @param filters a multiple of two vectors
   * @param y row p at byte {@code yAt + p * yRow}
   */
  static void pixels(
      int from, int end, int filters, int terms, float[] x, int[] pixelAt, int[] patchAt, float[] w, float[] bias, float least,
      MemorySegment y, long yAt, long yRow) {
    y = exact(y);
    FloatVector floor = FloatVector.broadcast(F, least);
    for (int next = from; next < end; next += PIXELS) {
      int pixel = Math.min(next, end - PIXELS);
      int x0 = pixelAt[pixel];
      int x1 = pixelAt[pixel + 1];
      int x2 = pixelAt[pixel + 2];
      int x3 = pixelAt[pixel + 3];
      int x4 = pixelAt[pixel + 4];
      int x5 = pixelAt[pixel + 5];
      int x6 = pixelAt[pixel + 6];
      int x7 = pixelAt[pixel + 7];
      int wAt = 0;
      for (int filter = 0; filter < filters; filter += 2 * V) {
        long out = yAt + pixel * yRow + 4L * filter;
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
        for (int s = 0; s < terms; s++) {
          int at = patchAt[s];
          FloatVector w0 = FloatVector.fromArray(F, w, wAt + 2 * V * s);
          FloatVector w1 = FloatVector.fromArray(F, w, wAt + 2 * V * s + V);
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
        FloatVector ba = FloatVector.fromArray(F, bias, filter);
        FloatVector bb = FloatVector.fromArray(F, bias, filter + V);
        c0a.add(ba).max(floor).intoMemorySegment(y, out, ORDER);
        c0b.add(bb).max(floor).intoMemorySegment(y, out + 4 * V, ORDER);
        c1a.add(ba).max(floor).intoMemorySegment(y, out + yRow, ORDER);
        c1b.add(bb).max(floor).intoMemorySegment(y, out + yRow + 4 * V, ORDER);
        c2a.add(ba).max(floor).intoMemorySegment(y, out + 2 * yRow, ORDER);
        c2b.add(bb).max(floor).intoMemorySegment(y, out + 2 * yRow + 4 * V, ORDER);
        c3a.add(ba).max(floor).intoMemorySegment(y, out + 3 * yRow, ORDER);
        c3b.add(bb).max(floor).intoMemorySegment(y, out + 3 * yRow + 4 * V, ORDER);
        c4a.add(ba).max(floor).intoMemorySegment(y, out + 4 * yRow, ORDER);
        c4b.add(bb).max(floor).intoMemorySegment(y, out + 4 * yRow + 4 * V, ORDER);
        c5a.add(ba).max(floor).intoMemorySegment(y, out + 5 * yRow, ORDER);
        c5b.add(bb).max(floor).intoMemorySegment(y, out + 5 * yRow + 4 * V, ORDER);
        c6a.add(ba).max(floor).intoMemorySegment(y, out + 6 * yRow, ORDER);
        c6b.add(bb).max(floor).intoMemorySegment(y, out + 6 * yRow + 4 * V, ORDER);
        c7a.add(ba).max(floor).intoMemorySegment(y, out + 7 * yRow, ORDER);
        c7b.add(bb).max(floor).intoMemorySegment(y, out + 7 * yRow + 4 * V, ORDER);
        wAt += 2 * V * terms;
      }
    }
  }
}
