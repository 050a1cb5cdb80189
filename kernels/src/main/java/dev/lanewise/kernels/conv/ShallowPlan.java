package dev.lanewise.kernels.conv;

import dev.lanewise.kernels.Conv2dGeometry;

/** The numbers of a convolution of images of few channels, made once for its sizes: data, no code. Offsets are floats in scratch, where bands of the image lie padded. */
final class ShallowPlan {
  /** Floats of a band in scratch, about: 64 KB. */
  static final int BAND = 1 << 14;

  /** Floats of a row that the output sees, padding included. */
  final int paddedRow;

  /** Bands of output rows; those of one image differ by a row at most, and each has the pixels of a tile. */
  final int bands;

  /** For each pixel of a band, where its patch begins. */
  final int[] pixelAt;

  /** For each element of a patch, where it lies from there. */
  final int[] patchAt;

  /** What one row of outputs sees. */
  static long floatsOfARow(Conv2dGeometry g) {
    long reachHeight = (g.kernelHeight() - 1L) * g.dilationH() + 1;
    long reachWidth = (g.outWidth() - 1L) * g.strideW() + (g.kernelWidth() - 1L) * g.dilationW() + 1;
    return reachHeight * reachWidth * g.channels();
  }

  ShallowPlan(Conv2dGeometry g) {
    int channels = g.channels();
    int reachHeight = (g.kernelHeight() - 1) * g.dilationH() + 1;
    paddedRow = ((g.outWidth() - 1) * g.strideW() + (g.kernelWidth() - 1) * g.dilationW() + 1) * channels;
    int few = Math.ceilDiv(ShallowKernel.PIXELS, g.outWidth());
    int rows = Math.clamp((BAND / paddedRow - reachHeight) / g.strideH() + 1, few, Math.max(few, g.outHeight()));
    bands = Math.max(1, g.outHeight() / rows);
    pixelAt = new int[Math.ceilDiv(g.outHeight(), bands) * g.outWidth()];
    for (int pixel = 0; pixel < pixelAt.length; pixel++) {
      int oh = pixel / g.outWidth();
      int ow = pixel % g.outWidth();
      pixelAt[pixel] = oh * g.strideH() * paddedRow + ow * g.strideW() * channels;
    }
    patchAt = new int[g.patch()];
    for (int element = 0; element < patchAt.length; element++) {
      int tap = element / channels;
      int kh = tap / g.kernelWidth();
      int kw = tap % g.kernelWidth();
      patchAt[element] = kh * g.dilationH() * paddedRow + kw * g.dilationW() * channels + element % channels;
    }
  }
}
