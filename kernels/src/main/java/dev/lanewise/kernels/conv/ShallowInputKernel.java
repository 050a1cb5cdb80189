package dev.lanewise.kernels.conv;

import static dev.lanewise.kernels.lane.Lanes.F;

import dev.lanewise.kernels.lane.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The input's gradient of a convolution of few channels, fp32: vectors of pixels of four rows, nothing but the loops over taps and filters. One fma for each
 * term, in the order of the loops, so the bits are those of the scalar definition.
 *
 * <p>The outputs' gradients lie in an array filter by filter, {@code plane} floats from one to the next, so that what neighbouring pixels take
 * from neighbouring outputs is a vector. A tap that has no output for some pixels leaves their sums as they are: a term of zero would not always. Four
 * chains cover the fma latency and share a weight; where there are fewer rows, the caller names the last one again. The caller has proved the
 * bounds: lanes that do not count are read too. Allocates nothing, throws nothing.
 */
final class ShallowInputKernel {
  /** Rows of {@link #rows}. */
  static final int ROWS = 4;

  private static final int V = Lanes.COUNT;

  /** Where chains start; never written. */
  private static final float[] ZEROS = new float[V];

  private ShallowInputKernel() {}

  /**
   * {@code t[i V ..] = max(least, bias + sum over taps s and filters f of dy[ri + at[s] + f plane ..] w[wAt + weightAt[s] + f])} for i = 0 .. 3, in the lanes
   * that s counts for.
   */
  static void rows(
      int[] at, int[] weightAt, long[] lanes, int filters, float[] dy, int plane, int r0, int r1, int r2, int r3, float[] w, int wAt,
      float bias, float least, float[] t) {
    FloatVector c0 = FloatVector.fromArray(F, ZEROS, 0);
    FloatVector c1 = FloatVector.fromArray(F, ZEROS, 0);
    FloatVector c2 = FloatVector.fromArray(F, ZEROS, 0);
    FloatVector c3 = FloatVector.fromArray(F, ZEROS, 0);
    for (int s = 0; s < at.length; s++) {
      int p = at[s];
      int weights = wAt + weightAt[s];
      if (lanes[s] == ShallowInputPlan.ALL) {
        for (int f = 0; f < filters; f++) {
          FloatVector b = FloatVector.broadcast(F, w[weights + f]);
          c0 = FloatVector.fromArray(F, dy, r0 + p).fma(b, c0);
          c1 = FloatVector.fromArray(F, dy, r1 + p).fma(b, c1);
          c2 = FloatVector.fromArray(F, dy, r2 + p).fma(b, c2);
          c3 = FloatVector.fromArray(F, dy, r3 + p).fma(b, c3);
          p += plane;
        }
      } else {
        VectorMask<Float> some = VectorMask.fromLong(F, lanes[s]);
        for (int f = 0; f < filters; f++) {
          FloatVector b = FloatVector.broadcast(F, w[weights + f]);
          c0 = c0.blend(FloatVector.fromArray(F, dy, r0 + p).fma(b, c0), some);
          c1 = c1.blend(FloatVector.fromArray(F, dy, r1 + p).fma(b, c1), some);
          c2 = c2.blend(FloatVector.fromArray(F, dy, r2 + p).fma(b, c2), some);
          c3 = c3.blend(FloatVector.fromArray(F, dy, r3 + p).fma(b, c3), some);
          p += plane;
        }
      }
    }
    FloatVector add = FloatVector.broadcast(F, bias);
    FloatVector floor = FloatVector.broadcast(F, least);
    c0.add(add).max(floor).intoArray(t, 0);
    c1.add(add).max(floor).intoArray(t, V);
    c2.add(add).max(floor).intoArray(t, 2 * V);
    c3.add(add).max(floor).intoArray(t, 3 * V);
  }
}
