package dev.lanewise.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Brings a picture of a digit into the form that the network learned from, as MNIST's makers did (LeCun et al., 1998,
 * section III A): light on dark, cut out, scaled with its proportions into a box of 20/28 of the side, placed with its
 * centre of mass in the middle.
 */
final class DigitImage {
  /** Fainter ink than this share of the darkest does not count as part of the digit when it is cut out. */
  private static final float FAINT = 0.2f;

  private final int height;
  private final int width;
  private final float[] ink; // 0 (paper) to 1 (the strongest ink)

  private DigitImage(int height, int width, float[] ink) {
    this.height = height;
    this.width = width;
    this.ink = ink;
  }

  /**
   * Reads a picture.
   *
   * @return uint8 [height, width], 255 for ink
   * @throws IOException naming the file, if it is no image or all of one colour
   */
  static byte[] read(Path file, int height, int width) throws IOException {
    GreyImage image = GreyImage.read(file);
    if (image.blank()) {
      throw new IOException(file + ": the image is all of one colour; there is no digit in it");
    }
    return of(image).fit(height, width);
  }

  /** The ink of a picture: what differs from the paper, which is what the border shows most of. */
  static DigitImage of(GreyImage image) {
    float darkest = image.darkest();
    float range = image.brightest() - darkest;
    boolean darkOnLight = border(image) > darkest + range / 2;
    float[] ink = new float[image.levels().length];
    for (int i = 0; i < ink.length; i++) {
      float light = (image.levels()[i] - darkest) / range;
      ink[i] = darkOnLight ? 1 - light : light;
    }
    return new DigitImage(image.height(), image.width(), ink);
  }

  /** The median level along the border: a stroke that runs out of the picture does not change it. */
  private static float border(GreyImage image) {
    int h = image.height();
    int w = image.width();
    float[] levels = new float[2 * (h + w)];
    for (int column = 0; column < w; column++) {
      levels[column] = image.level(0, column);
      levels[w + column] = image.level(h - 1, column);
    }
    for (int row = 0; row < h; row++) {
      levels[2 * w + row] = image.level(row, 0);
      levels[2 * w + h + row] = image.level(row, w - 1);
    }
    Arrays.sort(levels);
    return levels[levels.length / 2];
  }

  /** The digit in an image of that size. */
  byte[] fit(int toHeight, int toWidth) {
    int box = Math.max(1, Math.round(Math.min(toHeight, toWidth) * 20f / 28));
    if (height == toHeight && width == toWidth && inPlace(box)) {
      return bytes(ink);
    }
    int[] cut = bounds(FAINT);
    int cutHeight = cut[2] - cut[0];
    int cutWidth = cut[3] - cut[1];
    double scale = (double) box / Math.max(cutHeight, cutWidth);
    int newHeight = Math.max(1, (int) Math.round(cutHeight * scale));
    int newWidth = Math.max(1, (int) Math.round(cutWidth * scale));
    float[] digit = Resampling.resize(ink, width, cut, newHeight, newWidth);
    stretch(digit);
    return bytes(centred(digit, newHeight, newWidth, toHeight, toWidth));
  }

  /** Whether nothing is to be done: such an image comes from the data set itself, and scaling would only blur it. */
  private boolean inPlace(int box) {
    int[] cut = bounds(0.05f);
    int side = Math.max(cut[2] - cut[0], cut[3] - cut[1]);
    double[] centre = centre(ink, height, width);
    return side <= box + 2 && side >= box - 2
        && Math.abs(centre[0] - (height - 1) / 2.0) <= 1.5 && Math.abs(centre[1] - (width - 1) / 2.0) <= 1.5;
  }

  /** Top, left, bottom and right (both exclusive) of the ink that is stronger than {@code least}. */
  private int[] bounds(float least) {
    int[] bounds = {height, width, 0, 0};
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        if (ink[row * width + column] > least) {
          bounds[0] = Math.min(bounds[0], row);
          bounds[1] = Math.min(bounds[1], column);
          bounds[2] = Math.max(bounds[2], row + 1);
          bounds[3] = Math.max(bounds[3], column + 1);
        }
      }
    }
    return bounds;
  }

  /** Thin strokes fade when they are scaled down: the strongest ink is full ink again. */
  private static void stretch(float[] digit) {
    float strongest = 0;
    for (float value : digit) {
      strongest = Math.max(strongest, value);
    }
    for (int i = 0; i < digit.length; i++) {
      digit[i] /= strongest;
    }
  }

  private static float[] centred(float[] digit, int h, int w, int toHeight, int toWidth) {
    double[] centre = centre(digit, h, w);
    int top = Math.clamp(Math.round((toHeight - 1) / 2.0 - centre[0]), 0, toHeight - h);
    int left = Math.clamp(Math.round((toWidth - 1) / 2.0 - centre[1]), 0, toWidth - w);
    float[] image = new float[toHeight * toWidth];
    for (int row = 0; row < h; row++) {
      System.arraycopy(digit, row * w, image, (top + row) * toWidth + left, w);
    }
    return image;
  }

  /** Row and column of the centre of mass. */
  private static double[] centre(float[] ink, int h, int w) {
    double mass = 0;
    double rows = 0;
    double columns = 0;
    for (int row = 0; row < h; row++) {
      for (int column = 0; column < w; column++) {
        double value = ink[row * w + column];
        mass += value;
        rows += value * row;
        columns += value * column;
      }
    }
    return new double[] {rows / mass, columns / mass};
  }

  private static byte[] bytes(float[] ink) {
    byte[] bytes = new byte[ink.length];
    for (int i = 0; i < ink.length; i++) {
      bytes[i] = (byte) Math.round(ink[i] * 255);
    }
    return bytes;
  }
}
