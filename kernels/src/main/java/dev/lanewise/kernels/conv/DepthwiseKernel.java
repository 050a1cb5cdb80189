package dev.lanewise.kernels.conv;

import static dev.lanewise.kernels.lane.Lanes.F;

import dev.lanewise.kernels.lane.Lanes;
import jdk.incubator.vector.FloatVector;

/**
 * Depthwise convolution, fp32: one vector of channels, nothing but the loop over taps or pixels. One fma for each term, in the order of the loop,
 * so the bits are those of the scalar definition.
 *
 * <p>Everything lies in arrays, pixel after pixel, a vector each. Several chains side by side cover the fma latency and share a load: four
 * pixels the weights of a tap, five taps the gradient of a pixel. Where there are fewer, the caller names the last one again: it is
 * computed twice, to the same bits. The caller has proved the bounds.
 */
final class DepthwiseKernel {
  /** Pixels of {@link #pixels}. */
  static final int PIXELS = 4;

  /** Taps of {@link #taps}: two calls for 3x3, five for 5x5, ten for 7x7, with one to spare at most. */
  static final int TAPS = 5;

  /** Where chains start; never written. */
  private static final float[] ZEROS = new float[Lanes.COUNT];

  private DepthwiseKernel() {}

  /** {@code t[ti] = sum over s < terms of x[xi + xAt[s]] w[wAt[s]]} for the pixels i = 0 .. 3. */
  static void pixels(
      int terms, float[] x, int x0, int x1, int x2, int x3, int[] xAt, float[] w, int[] wAt, float[] t, int t0, int t1, int t2, int t3) {
    FloatVector c0 = FloatVector.fromArray(F, ZEROS, 0);
    FloatVector c1 = FloatVector.fromArray(F, ZEROS, 0);
    FloatVector c2 = FloatVector.fromArray(F, ZEROS, 0);
    FloatVector c3 = FloatVector.fromArray(F, ZEROS, 0);
    for (int s = 0; s < terms; s++) {
      FloatVector weights = FloatVector.fromArray(F, w, wAt[s]);
      int at = xAt[s];
      c0 = FloatVector.fromArray(F, x, x0 + at).fma(weights, c0);
      c1 = FloatVector.fromArray(F, x, x1 + at).fma(weights, c1);
      c2 = FloatVector.fromArray(F, x, x2 + at).fma(weights, c2);
      c3 = FloatVector.fromArray(F, x, x3 + at).fma(weights, c3);
    }
    c0.intoArray(t, t0);
    c1.intoArray(t, t1);
    c2.intoArray(t, t2);
    c3.intoArray(t, t3);
  }

  /** {@code d[di] = d[di] + sum over p < pixels of x[xi + p step] dy[dyAt + p V]} for the taps i = 0 .. 4. */
  static void taps(
      int pixels, float[] x, int x0, int x1, int x2, int x3, int x4, int step, float[] dy, int dyAt, float[] d, int d0, int d1, int d2,
      int d3,
      int d4) {
    FloatVector c0 = FloatVector.fromArray(F, d, d0);
    FloatVector c1 = FloatVector.fromArray(F, d, d1);
    FloatVector c2 = FloatVector.fromArray(F, d, d2);
    FloatVector c3 = FloatVector.fromArray(F, d, d3);
    FloatVector c4 = FloatVector.fromArray(F, d, d4);
    for (int p = 0; p < pixels; p++) {
      FloatVector gradient = FloatVector.fromArray(F, dy, dyAt + p * Lanes.COUNT);
      int at = p * step;
      c0 = FloatVector.fromArray(F, x, x0 + at).fma(gradient, c0);
      c1 = FloatVector.fromArray(F, x, x1 + at).fma(gradient, c1);
      c2 = FloatVector.fromArray(F, x, x2 + at).fma(gradient, c2);
      c3 = FloatVector.fromArray(F, x, x3 + at).fma(gradient, c3);
      c4 = FloatVector.fromArray(F, x, x4 + at).fma(gradient, c4);
    }
    c0.intoArray(d, d0);
    c1.intoArray(d, d1);
    c2.intoArray(d, d2);
    c3.intoArray(d, d3);
    c4.intoArray(d, d4);
  }
}
