package dev.lanewise.kernels.conv;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.gemm.Copy;
import dev.lanewise.kernels.gemm.GemmPlan;
import dev.lanewise.kernels.gemm.LeftOperand;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The patch matrix P of a convolution, or its transpose, as the left factor of a product: row (n, oh, ow), column (kh, kw, c).
 * It exists only block by block, packed straight from the image; in NHWC a patch is one contiguous run for each of the
 * kernel's rows, or for one group of channels one for each tap. Padding is packed as zeros, which take part in the sums.
 */
final class Patches implements LeftOperand {
  private final boolean transposed;
  private MemorySegment image = MemorySegment.NULL;
  private Conv2dGeometry g = NONE;
  private int group;
  private int channels;
  private int outHeight;
  private int outWidth;

  static final Conv2dGeometry NONE = new Conv2dGeometry(1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1);

  Patches(boolean transposed) {
    this.transposed = transposed;
  }

  /** The patches as the filters of one group see them. */
  Patches set(Conv2dGeometry geometry, int group, MemorySegment image) {
    this.g = geometry;
    this.group = group;
    this.channels = geometry.groupChannels();
    this.image = image;
    this.outHeight = geometry.outHeight();
    this.outWidth = geometry.outWidth();
    return this;
  }

  void clear() {
    image = MemorySegment.NULL;
  }

  @Override
  public boolean columns() {
    return transposed;
  }

  @Override
  public void pack(int row0, int rows, int k0, int kc, float[] block) {
    if (transposed) {
      packPatches(k0, kc, row0, rows, block, GemmPlan.COLUMN_STRIDE);
    } else {
      packPatches(row0, rows, k0, kc, block, GemmPlan.ROW_STRIDE);
    }
  }

  /** Copies the elements element0 .. element0 + elements of some output pixels' patches, one patch every {@code stride} floats. */
  private void packPatches(int pixel0, int pixels, int element0, int elements, float[] block, int stride) {
    int ow = pixel0 % outWidth;
    int oh = pixel0 / outWidth % outHeight;
    int n = pixel0 / outWidth / outHeight;
    int kernelRow = g.kernelWidth() * channels;
    int kh0 = element0 / kernelRow;
    int within0 = element0 % kernelRow;
    for (int i = 0; i < pixels; i++) {
      int ih = oh * g.strideH() - g.padTop() + kh0 * g.dilationH();
      int iw = ow * g.strideW() - g.padLeft();
      boolean whole = g.groups() == 1 && g.dilationW() == 1 && iw >= 0 && iw + g.kernelWidth() <= g.width();
      int at = i * stride;
      int left = elements;
      for (int within = within0; left > 0; within = 0, ih += g.dilationH()) {
        int run = Math.min(left, kernelRow - within);
        if (ih < 0 || ih >= g.height()) {
          Arrays.fill(block, at, at + run, 0f);
        } else {
          long row = ((long) n * g.height() + ih) * g.width();
          if (whole) {
            Copy.overrun(image, 4 * ((row + iw) * g.channels() + within), block, at, run);
          } else {
            packTaps(row, iw, within, run, block, at);
          }
        }
        at += run;
        left -= run;
      }
      if (++ow == outWidth) {
        ow = 0;
        if (++oh == outHeight) {
          oh = 0;
          n++;
        }
      }
    }
  }

  /** A kernel row that is dilated, in groups, or leaves the image: one tap at a time. */
  private void packTaps(long row, int iw, int within, int run, float[] block, int at) {
    int channel = within % channels;
    int end = at + run;
    for (int kw = within / channels; at < end; kw++, channel = 0) {
      int n = Math.min(end - at, channels - channel);
      int column = iw + kw * g.dilationW();
      if (column < 0 || column >= g.width()) {
        Arrays.fill(block, at, at + n, 0f);
      } else {
        Copy.overrun(image, 4 * ((row + column) * g.channels() + group * channels + channel), block, at, n);
      }
      at += n;
    }
  }
}
