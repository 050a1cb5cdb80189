package dev.lanewise.kernels.conv;

import dev.lanewise.kernels.Conv2dGeometry;

/**
 * The numbers of a convolution that gathers no patches, made once for its sizes: data, no code. Work is cut into pieces, a band of rows of a large image or a few small
 * images together, whose input lies padded in scratch. Offsets are floats there.
 */
final class DirectPlan {
  /** Floats of a piece in scratch, about: 64 KB. */
  static final int SCRATCH = 1 << 14;

  /** Images of a piece, beyond which no tile is fuller. */
  static final int MOST_IMAGES = 64;

  /** Floats of a row that the output sees, padding included. */
  final int paddedRow;

  /** Rows of an image that the output sees, padding included. */
  final int paddedHeight;

  /** Bands of output rows of an image; they differ by a row at most, and each has the pixels of a tile. */
  final int bands;

  /** Images of a piece at most, 1 if they are cut into bands. */
  final int together;

  /** For each output pixel of a piece, where its patch begins. */
  final int[] pixelAt;

  /** For each element of a patch, where it lies from there. */
  final int[] patchAt;

  /** What the fewest rows of outputs see that a piece may have. */
  static long leastFloats(Conv2dGeometry g) {
    long seen = (fewestRows(g) - 1L) * g.strideH() + (g.kernelHeight() - 1L) * g.dilationH() + 1;
    long reachWidth = (g.outWidth() - 1L) * g.strideW() + (g.kernelWidth() - 1L) * g.dilationW() + 1;
    return seen * reachWidth * g.channels();
  }

  /** Rows with the pixels of a tile, or all of them. */
  private static int fewestRows(Conv2dGeometry g) {
    return Math.min(g.outHeight(), Math.ceilDiv(DirectKernel.PIXELS, g.outWidth()));
  }

  DirectPlan(Conv2dGeometry g) {
    int channels = g.channels();
    int reachHeight = (g.kernelHeight() - 1) * g.dilationH() + 1;
    paddedRow = ((g.outWidth() - 1) * g.strideW() + (g.kernelWidth() - 1) * g.dilationW() + 1) * channels;
    paddedHeight = (g.outHeight() - 1) * g.strideH() + reachHeight;
    int rows = Math.clamp((SCRATCH / paddedRow - reachHeight) / g.strideH() + 1, fewestRows(g), g.outHeight());
    bands = g.outHeight() / rows;
    together = bands > 1 ? 1 : Math.clamp(SCRATCH / (paddedHeight * paddedRow), 1, MOST_IMAGES);
    int pixels = Math.ceilDiv(g.outHeight(), bands) * g.outWidth();
    pixelAt = new int[together * pixels];
    for (int pixel = 0; pixel < pixelAt.length; pixel++) {
      int oh = pixel % pixels / g.outWidth();
      int ow = pixel % g.outWidth();
      pixelAt[pixel] = pixel / pixels * paddedHeight * paddedRow + oh * g.strideH() * paddedRow + ow * g.strideW() * channels;
    }
    patchAt = new int[g.patch()];
    for (int element = 0; element < patchAt.length; element++) {
      int tap = element / channels;
      int kh = tap / g.kernelWidth();
      int kw = tap % g.kernelWidth();
      patchAt[element] = kh * g.dilationH() * paddedRow + kw * g.dilationW() * channels + element % channels;
    }
  }

  /** Pieces of some images, as many for each thread. */
  int pieces(int images, int threads) {
    if (bands > 1) {
      return images * bands;
    }
    return parts(images, threads) > 1 ? images : Sharing.pieces(images, together, pixelAt.length / together, threads);
  }

  /** Parts of a piece's pixels, a tile at least, so that each thread has some even of fewer images. */
  int parts(int images, int threads) {
    return bands > 1 ? 1
        : Math.max(1, Math.min(Math.ceilDiv(threads, Math.max(1, images)), pixelAt.length / together / DirectKernel.PIXELS));
  }
}
