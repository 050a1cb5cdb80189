package dev.lanewise.kernels.conv;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.conv.AxisClasses.AxisClass;
import dev.lanewise.kernels.lane.Lanes;

/**
 * The numbers of a depthwise convolution, made once for its sizes: data, no code. Offsets are floats in scratch, where a pixel is a vector.
 *
 * <p>An image is worked on one vector of channels and one band of rows at a time; what a band needs is copied to scratch first, where it stays in
 * the second-level cache.
 */
final class DepthwisePlan {
  private static final int V = Lanes.COUNT;

  /** Floats of a band in scratch: 128 KB. */
  private static final int BAND = 1 << 15;

  /** Filters of a channel. */
  final int multiplier;

  final int taps;

  /** Columns that the output sees, padding included. */
  final int paddedWidth;

  /** Forward and for the weights: output rows of a band, and how many bands there are. */
  final int bandRows;

  final int bands;

  /** For each tap, where it lies from an output pixel's first tap, and where its weights lie. */
  final int[] tapAt;

  final int[] weightAt;

  /** For the input: input rows of a band, and how many bands there are. */
  final int inputBandRows;

  final int inputBands;

  /** For each input row, which of {@link #vertical} it belongs to and the output row of its first tap. */
  final int[] rowClass;

  final int[] rowFirst;
  final AxisClass[] vertical;
  final AxisClass[] horizontal;

  /** For each vertical and horizontal class, where its terms' gradients lie from the first tap's, and where the weights. */
  final int[][][] termAt;

  final int[][][] termWeightAt;

  DepthwisePlan(Conv2dGeometry g) {
    multiplier = g.filters() / g.channels();
    taps = g.kernelHeight() * g.kernelWidth();
    int reachHeight = (g.kernelHeight() - 1) * g.dilationH() + 1;
    paddedWidth = (g.outWidth() - 1) * g.strideW() + (g.kernelWidth() - 1) * g.dilationW() + 1;
    bandRows = Math.clamp((BAND / (paddedWidth * V) - reachHeight) / g.strideH() + 1, 1, g.outHeight());
    bands = (g.outHeight() + bandRows - 1) / bandRows;
    tapAt = new int[taps];
    weightAt = new int[taps];
    for (int tap = 0; tap < taps; tap++) {
      int kh = tap / g.kernelWidth();
      int kw = tap % g.kernelWidth();
      tapAt[tap] = (kh * g.dilationH() * paddedWidth + kw * g.dilationW()) * V;
      weightAt[tap] = tap * V;
    }
    int outputRows = BAND / (g.outWidth() * multiplier * V) - (reachHeight - 1) / g.strideH() - 2;
    inputBandRows = Math.clamp((long) outputRows * g.strideH(), 1, g.height());
    inputBands = (g.height() + inputBandRows - 1) / inputBandRows;
    vertical = AxisClasses.of(g.height(), g.outHeight(), g.kernelHeight(), g.strideH(), g.padTop(), g.dilationH());
    horizontal = AxisClasses.of(g.width(), g.outWidth(), g.kernelWidth(), g.strideW(), g.padLeft(), g.dilationW());
    rowClass = new int[g.height()];
    rowFirst = new int[g.height()];
    for (int v = 0; v < vertical.length; v++) {
      for (int i = 0; i < vertical[v].positions().length; i++) {
        rowClass[vertical[v].positions()[i]] = v;
        rowFirst[vertical[v].positions()[i]] = vertical[v].firstOut()[i];
      }
    }
    termAt = new int[vertical.length][horizontal.length][];
    termWeightAt = new int[vertical.length][horizontal.length][];
    for (int v = 0; v < vertical.length; v++) {
      for (int h = 0; h < horizontal.length; h++) {
        terms(g, v, h);
      }
    }
  }

  /** The terms of a pixel's gradient in the order of the definition: taps, and for each its filters. */
  private void terms(Conv2dGeometry g, int v, int h) {
    int across = horizontal[h].taps().length;
    int[] at = new int[vertical[v].taps().length * across * multiplier];
    int[] weights = new int[at.length];
    for (int term = 0; term < at.length; term++) {
      int filter = term % multiplier;
      int down = term / multiplier / across;
      int right = term / multiplier % across;
      int pixel = vertical[v].shift()[down] * g.outWidth() + horizontal[h].shift()[right];
      int tap = vertical[v].taps()[down] * g.kernelWidth() + horizontal[h].taps()[right];
      at[term] = (pixel * multiplier + filter) * V;
      weights[term] = (tap * multiplier + filter) * V;
    }
    termAt[v][h] = at;
    termWeightAt[v][h] = weights;
  }
}
