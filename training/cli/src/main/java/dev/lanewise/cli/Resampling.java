package dev.lanewise.cli;

/** Changes the size of a part of an image: rows first, then columns, each output pixel a weighted mean of input pixels. */
final class Resampling {
  private Resampling() {}

  /**
   * Resizes a part of an image.
   *
   * @param image row-major, {@code stride} wide
   * @param cut top, left, bottom and right (both exclusive) of the part
   * @return row-major [newHeight, newWidth]
   */
  static float[] resize(float[] image, int stride, int[] cut, int newHeight, int newWidth) {
    int h = cut[2] - cut[0];
    int w = cut[3] - cut[1];
    float[] narrow = new float[h * newWidth];
    for (int column = 0; column < newWidth; column++) {
      for (int from = first(column, w, newWidth); from < end(column, w, newWidth); from++) {
        float weight = weight(column, from, w, newWidth);
        for (int row = 0; row < h; row++) {
          narrow[row * newWidth + column] += weight * image[(cut[0] + row) * stride + cut[1] + from];
        }
      }
    }
    float[] small = new float[newHeight * newWidth];
    for (int row = 0; row < newHeight; row++) {
      for (int from = first(row, h, newHeight); from < end(row, h, newHeight); from++) {
        float weight = weight(row, from, h, newHeight);
        for (int column = 0; column < newWidth; column++) {
          small[row * newWidth + column] += weight * narrow[from * newWidth + column];
        }
      }
    }
    return small;
  }

  // Output pixel i of n covers the input from i*size/n to (i+1)*size/n, and where the image grows, at least one whole
  // pixel around the middle of that, which makes the mean of two neighbours: linear interpolation.

  private static double begin(int i, int size, int n) {
    double middle = (i + 0.5) * size / n;
    return middle - Math.max(1, (double) size / n) / 2;
  }

  private static double end(double begin, int size, int n) {
    return begin + Math.max(1, (double) size / n);
  }

  private static int first(int i, int size, int n) {
    return Math.max(0, (int) Math.floor(begin(i, size, n)));
  }

  private static int end(int i, int size, int n) {
    return Math.min(size, (int) Math.ceil(end(begin(i, size, n), size, n)));
  }

  /** The share of output pixel {@code i} that input pixel {@code from} makes up; the shares of one pixel add up to 1. */
  private static float weight(int i, int from, int size, int n) {
    double begin = begin(i, size, n);
    double end = end(begin, size, n);
    double inside = Math.min(size, end) - Math.max(0, begin);
    double overlap = Math.min(from + 1, end) - Math.max(from, begin);
    return (float) (Math.max(0, overlap) / inside);
  }
}
