package dev.lanewise.kernels.conv;

import static dev.lanewise.kernels.lane.Hints.INDEX;
import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;

import dev.lanewise.kernels.lane.Hints;
import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link DirectKernel6x2V} for an even number of elements side by side, two a turn: comparisons and index arithmetic are shared, and C2 keeps the sums in registers if the
 * loop may be left between the two and once within the first (reports/decisions/0019). A loop that takes odd numbers as well is spilled. The same order and bits. Allocates
 * nothing, throws nothing.
 */
final class DirectPairsKernel6x2V {
  /** Pixels of a tile. */
  private static final int PIXELS = 6;

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.COUNT;

  /** Where chains start: loaded, since C2 does not always keep a zero that it knows in a register (reports/decisions/0003). */
  private static final float[] ZEROS = new float[2 * PIXELS * V];

  private DirectPairsKernel6x2V() {}

  /**
   * As {@link DirectKernel#pixels}: elements that lie side by side, an even number of them.
   *
   * @param never {@link Hints#NEVER}
   * @param run how many do, all runs of a patch alike
   */
  static void runs(
      int never, int from, int end, int filters, int terms, int run, float[] x, int[] pixelAt, int[] patchAt, float[] w, float[] bias,
      float least,
      MemorySegment y, long yAt, long yRow) {
    y = exact(y);
    run = Math.min(run, Direct.MOST_WEIGHTS); // no patch is longer: told to C2
    FloatVector floor = FloatVector.broadcast(F, least);
    for (int next = from; next < end; next += PIXELS) {
      int pixel = Math.min(next, end - PIXELS);
      int x0 = pixelAt[pixel];
      int x1 = pixelAt[pixel + 1];
      int x2 = pixelAt[pixel + 2];
      int x3 = pixelAt[pixel + 3];
      int x4 = pixelAt[pixel + 4];
      int x5 = pixelAt[pixel + 5];
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
        for (int first = 0; first < terms; first += run) {
          int at = patchAt[first];
          int weights = (wAt + 2 * V * first) & INDEX;
          int a0 = (x0 + at) & INDEX;
          int a1 = (x1 + at) & INDEX;
          int a2 = (x2 + at) & INDEX;
          int a3 = (x3 + at) & INDEX;
          int a4 = (x4 + at) & INDEX;
          int a5 = (x5 + at) & INDEX;
          for (int s = 0; s < run; s += 2) {
            FloatVector w0 = FloatVector.fromArray(F, w, weights + 2 * V * s);
            FloatVector w1 = FloatVector.fromArray(F, w, weights + 2 * V * s + V);
            FloatVector p = FloatVector.broadcast(F, x[a0 + s]);
            c0a = p.fma(w0, c0a);
            c0b = p.fma(w1, c0b);
            p = FloatVector.broadcast(F, x[a1 + s]);
            c1a = p.fma(w0, c1a);
            c1b = p.fma(w1, c1b);
            if (s == never) {
              break;
            }
            p = FloatVector.broadcast(F, x[a2 + s]);
            c2a = p.fma(w0, c2a);
            c2b = p.fma(w1, c2b);
            p = FloatVector.broadcast(F, x[a3 + s]);
            c3a = p.fma(w0, c3a);
            c3b = p.fma(w1, c3b);
            p = FloatVector.broadcast(F, x[a4 + s]);
            c4a = p.fma(w0, c4a);
            c4b = p.fma(w1, c4b);
            p = FloatVector.broadcast(F, x[a5 + s]);
            c5a = p.fma(w0, c5a);
            c5b = p.fma(w1, c5b);
            if (s == never - 1) {
              break;
            }
            w0 = FloatVector.fromArray(F, w, weights + 2 * V * s + 2 * V);
            w1 = FloatVector.fromArray(F, w, weights + 2 * V * s + 3 * V);
            p = FloatVector.broadcast(F, x[a0 + s + 1]);
            c0a = p.fma(w0, c0a);
            c0b = p.fma(w1, c0b);
            p = FloatVector.broadcast(F, x[a1 + s + 1]);
            c1a = p.fma(w0, c1a);
            c1b = p.fma(w1, c1b);
            p = FloatVector.broadcast(F, x[a2 + s + 1]);
            c2a = p.fma(w0, c2a);
            c2b = p.fma(w1, c2b);
            p = FloatVector.broadcast(F, x[a3 + s + 1]);
            c3a = p.fma(w0, c3a);
            c3b = p.fma(w1, c3b);
            p = FloatVector.broadcast(F, x[a4 + s + 1]);
            c4a = p.fma(w0, c4a);
            c4b = p.fma(w1, c4b);
            p = FloatVector.broadcast(F, x[a5 + s + 1]);
            c5a = p.fma(w0, c5a);
            c5b = p.fma(w1, c5b);
          }
        }
        FloatVector ba = FloatVector.fromArray(F, bias, filter);
        FloatVector bb = FloatVector.fromArray(F, bias, filter + V);
        c0a = c0a.add(ba);
        c0a.blend(floor, c0a.compare(VectorOperators.LE, floor)).intoMemorySegment(y, out, ORDER);
        c0b = c0b.add(bb);
        c0b.blend(floor, c0b.compare(VectorOperators.LE, floor)).intoMemorySegment(y, out + 4 * V, ORDER);
        c1a = c1a.add(ba);
        c1a.blend(floor, c1a.compare(VectorOperators.LE, floor)).intoMemorySegment(y, out + yRow, ORDER);
        c1b = c1b.add(bb);
        c1b.blend(floor, c1b.compare(VectorOperators.LE, floor)).intoMemorySegment(y, out + yRow + 4 * V, ORDER);
        c2a = c2a.add(ba);
        c2a.blend(floor, c2a.compare(VectorOperators.LE, floor)).intoMemorySegment(y, out + 2 * yRow, ORDER);
        c2b = c2b.add(bb);
        c2b.blend(floor, c2b.compare(VectorOperators.LE, floor)).intoMemorySegment(y, out + 2 * yRow + 4 * V, ORDER);
        c3a = c3a.add(ba);
        c3a.blend(floor, c3a.compare(VectorOperators.LE, floor)).intoMemorySegment(y, out + 3 * yRow, ORDER);
        c3b = c3b.add(bb);
        c3b.blend(floor, c3b.compare(VectorOperators.LE, floor)).intoMemorySegment(y, out + 3 * yRow + 4 * V, ORDER);
        c4a = c4a.add(ba);
        c4a.blend(floor, c4a.compare(VectorOperators.LE, floor)).intoMemorySegment(y, out + 4 * yRow, ORDER);
        c4b = c4b.add(bb);
        c4b.blend(floor, c4b.compare(VectorOperators.LE, floor)).intoMemorySegment(y, out + 4 * yRow + 4 * V, ORDER);
        c5a = c5a.add(ba);
        c5a.blend(floor, c5a.compare(VectorOperators.LE, floor)).intoMemorySegment(y, out + 5 * yRow, ORDER);
        c5b = c5b.add(bb);
        c5b.blend(floor, c5b.compare(VectorOperators.LE, floor)).intoMemorySegment(y, out + 5 * yRow + 4 * V, ORDER);
        wAt += 2 * V * terms;
      }
    }
  }
}
