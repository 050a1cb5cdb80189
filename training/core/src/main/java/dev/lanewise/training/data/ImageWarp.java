package dev.lanewise.training.data;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/**
 * Resamples one image through an affine map and a displacement field, once.
 *
 * <p>Result pixel p takes the source at {@code M (p - centre - shift) + centre + field(p)}, interpolated bilinearly
 * between the four pixels around it; outside the image the paper is 0. Where that point falls on a pixel the result is
 * that pixel bit for bit, as {@link ImageDataset#batch} gives it.
 */
final class ImageWarp {
  private final int height;
  private final int width;
  private final int stride;
  private final byte[] bytes;
  private final float[] padded; // [height + 3, width + 3]: one row and column of paper before, two after
  private float yy = 1;
  private float yx;
  private float xy;
  private float xx = 1;
  private float shiftY;
  private float shiftX;

  ImageWarp(int height, int width) {
    this.height = height;
    this.width = width;
    stride = width + 3;
    bytes = new byte[height * width];
    padded = new float[(height + 3) * stride];
  }

  /** Takes the image to resample, scaled to [0, 1]. */
  void load(ImageDataset images, int index) {
    images.copyPixels(index, bytes);
    for (int r = 0; r < height; r++) {
      int row = (r + 1) * stride + 1;
      for (int c = 0; c < width; c++) {
        padded[row + c] = (bytes[r * width + c] & 0xFF) / 255f;
      }
    }
  }

  /** Sets the map from result to source, in (row, column) order, and the shift of the result in pixels. */
  void map(float yy, float yx, float xy, float xx, float shiftY, float shiftX) {
    this.yy = yy;
    this.yx = yx;
    this.xy = xy;
    this.xx = xx;
    this.shiftY = shiftY;
    this.shiftX = shiftX;
  }

  /** Writes the resampled image to row {@code row} of {@code out}, floats [n, height, width]. */
  void run(ElasticField field, MemorySegment out, int row) {
    long first = (long) row * height * width;
    float centreY = (height - 1) * 0.5f;
    float centreX = (width - 1) * 0.5f;
    for (int r = 0; r < height; r++) {
      float y = r - centreY - shiftY;
      for (int c = 0; c < width; c++) {
        int i = r * width + c;
        float x = c - centreX - shiftX;
        float sourceY = yy * y + yx * x + centreY + field.dy[i];
        float sourceX = xy * y + xx * x + centreX + field.dx[i];
        // In the padded image, where every clamped point has its four neighbours.
        float top = Math.min(Math.max(sourceY, -1), height) + 1;
        float left = Math.min(Math.max(sourceX, -1), width) + 1;
        int topRow = (int) top;
        int leftColumn = (int) left;
        float down = top - topRow;
        float right = left - leftColumn;
        int p = topRow * stride + leftColumn;
        float upper = padded[p] + right * (padded[p + 1] - padded[p]);
        float lower = padded[p + stride] + right * (padded[p + stride + 1] - padded[p + stride]);
        out.setAtIndex(JAVA_FLOAT, first + i, upper + down * (lower - upper));
      }
    }
  }
}
