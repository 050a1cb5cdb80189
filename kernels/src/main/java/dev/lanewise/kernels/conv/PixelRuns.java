package dev.lanewise.kernels.conv;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.gemm.Copy;
import dev.lanewise.kernels.gemm.GemmPlan;
import dev.lanewise.kernels.gemm.LeftOperand;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The patch matrix of {@link Patches} for images of one channel at a horizontal stride of 1: there a patch is a few floats long, but
 * the same tap of neighbouring output pixels is one long run. So the block is packed the other way round, tap by tap, and the
 * product takes it in its other storage. The first layer of a network for grey images is of this kind.
 */
final class PixelRuns implements LeftOperand {
  private final boolean transposed;
  private MemorySegment image = MemorySegment.NULL;
  private Conv2dGeometry g = Patches.NONE;
  private int outHeight;
  private int outWidth;

  PixelRuns(boolean transposed) {
    this.transposed = transposed;
  }

  static boolean suits(Conv2dGeometry geometry) {
    return geometry.channels() == 1 && geometry.strideW() == 1;
  }

  PixelRuns set(Conv2dGeometry geometry, MemorySegment newImage) {
    this.g = geometry;
    this.image = newImage;
    this.outHeight = geometry.outHeight();
    this.outWidth = geometry.outWidth();
    return this;
  }

  void clear() {
    image = MemorySegment.NULL;
  }

  @Override
  public boolean columns() {
    return !transposed;
  }

  @Override
  public void pack(int row0, int rows, int k0, int kc, float[] block) {
    if (transposed) {
      packTaps(row0, rows, k0, kc, block, GemmPlan.ROW_STRIDE);
    } else {
      packTaps(k0, kc, row0, rows, block, GemmPlan.COLUMN_STRIDE);
    }
  }

  /** Copies some taps of the output pixels pixel0 .. pixel0 + pixels, one tap every {@code stride} floats. */
  private void packTaps(int tap0, int taps, int pixel0, int pixels, float[] block, int stride) {
    for (int t = 0; t < taps; t++) {
      int kh = (tap0 + t) / g.kernelWidth();
      int kw = (tap0 + t) % g.kernelWidth();
      int at = t * stride;
      int end = at + pixels;
      int outRow = pixel0 / outWidth;
      for (int ow = pixel0 % outWidth; at < end; ow = 0, outRow++) {
        int run = Math.min(end - at, outWidth - ow);
        int ih = outRow % outHeight * g.strideH() - g.padTop() + kh * g.dilationH();
        packRun(outRow / outHeight, ih, ow - g.padLeft() + kw * g.dilationW(), run, block, at);
        at += run;
      }
    }
  }

  /** Copies pixels iw .. iw + run of an image row, zeros where it does not reach. */
  private void packRun(int n, int ih, int iw, int run, float[] block, int at) {
    if (ih < 0 || ih >= g.height() || iw >= g.width() || iw + run <= 0) {
      Arrays.fill(block, at, at + run, 0f);
      return;
    }
    int before = Math.max(0, -iw);
    int inside = Math.min(run, g.width() - iw) - before;
    Arrays.fill(block, at, at + before, 0f);
    long from = ((long) n * g.height() + ih) * g.width() + iw + before;
    Copy.overrun(image, 4 * from, block, at + before, inside);
    Arrays.fill(block, at + before + inside, at + run, 0f);
  }
}
