package dev.lanewise.kernels.conv;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.gemm.Copy;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** What the outputs of a piece of work see, padding and all, in an array: a band of an image or a few images. */
final class PaddedPiece {
  float[] floats = {};

  /** The first output pixel of the piece, counted over all images, and how many there are. */
  int firstPixel;

  int pixels;

  /** Copies one of the pieces that {@link DirectPlan#pieces} cuts the images into. */
  void fill(Conv2dGeometry g, DirectPlan plan, MemorySegment x, int images, int piece, int pieces) {
    int size = g.outHeight() * g.outWidth();
    if (plan.bands > 1) {
      int band = piece % plan.bands;
      int oh0 = part(g.outHeight(), band, plan.bands);
      int rows = part(g.outHeight(), band + 1, plan.bands) - oh0;
      firstPixel = piece / plan.bands * size + oh0 * g.outWidth();
      pixels = rows * g.outWidth();
      int seen = (rows - 1) * g.strideH() + (g.kernelHeight() - 1) * g.dilationH() + 1;
      floats = Room.atLeast(seen * plan.paddedRow, floats);
      rows(g, plan, x, piece / plan.bands, oh0 * g.strideH() - g.padTop(), seen, 0);
    } else {
      int image0 = part(images, piece, pieces);
      int n = part(images, piece + 1, pieces) - image0;
      firstPixel = image0 * size;
      pixels = n * size;
      int image = plan.paddedHeight * plan.paddedRow;
      floats = Room.atLeast(n * image, floats);
      for (int i = 0; i < n; i++) {
        rows(g, plan, x, image0 + i, -g.padTop(), plan.paddedHeight, i * image);
      }
    }
  }

  /** Where a part of so many equal ones begins. */
  private static int part(int all, int index, int parts) {
    return (int) ((long) all * index / parts);
  }

  /** Copies rows of an image from one on, which may lie in the padding. */
  private void rows(Conv2dGeometry g, DirectPlan plan, MemorySegment x, int image, int ih0, int rows, int at) {
    int width = plan.paddedRow;
    int from = (int) Math.min(width, (long) g.padLeft() * g.channels());
    int end = Math.clamp((g.padLeft() + (long) g.width()) * g.channels(), from, width);
    for (int r = 0; r < rows; r++, at += width) {
      if (ih0 + r < 0 || ih0 + r >= g.height()) {
        Arrays.fill(floats, at, at + width, 0f);
      } else {
        long row = ((long) image * g.height() + ih0 + r) * g.width() * g.channels();
        Arrays.fill(floats, at, at + from, 0f);
        Copy.overrun(x, 4 * row, floats, at + from, end - from);
        Arrays.fill(floats, at + end, at + width, 0f);
      }
    }
  }
}
