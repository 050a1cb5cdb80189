package dev.lanewise.training.data;

/**
 * A smooth random displacement for each pixel of an image.
 *
 * <p>Simard, Steinkraus and Platt (ICDAR 2003, section 2.2) smooth white noise with a Gaussian of deviation 4 pixels.
 * Here random numbers sit on knots {@value #SPACING} pixels apart and cubic B-splines spread them: that kernel has a
 * deviation of SPACING / sqrt(3) = 4.04 pixels and nearly the Gaussian's form, for a hundred random numbers and
 * sixteen multiplications per pixel instead of thousands of each.
 */
final class ElasticField {
  static final int SPACING = 7;

  /** Mean over positions of the sum of squared cubic B-spline weights: variance that one direction of smoothing keeps. */
  private static final float KEPT = 151f / 315f;

  private final int height;
  private final int width;
  private final int knotRows;
  private final int knotColumns;
  private final float[] rowWeights; // [height, 4]
  private final float[] columnWeights; // [width, 4]
  private final float[] knots; // [knotRows, knotColumns]
  private final float[] lines; // [knotRows, width]: knots spread along columns

  /** Displacements in pixels, [height, width] each; zero until drawn. */
  final float[] dy;

  final float[] dx;

  ElasticField(int height, int width) {
    this.height = height;
    this.width = width;
    knotRows = (height - 1) / SPACING + 4;
    knotColumns = (width - 1) / SPACING + 4;
    rowWeights = weights(height);
    columnWeights = weights(width);
    knots = new float[knotRows * knotColumns];
    lines = new float[knotRows * width];
    dy = new float[height * width];
    dx = new float[height * width];
  }

  /** Draws both directions anew, each with standard deviation {@code pixels} and never beyond 3.7 * {@code pixels}. */
  void draw(Draws draws, float pixels) {
    // A uniform number within a has deviation a / sqrt(3); smoothing both ways multiplies it by KEPT.
    float limit = pixels * 1.7320508f / KEPT;
    spread(draws, limit, dy);
    spread(draws, limit, dx);
  }

  private void spread(Draws draws, float limit, float[] field) {
    for (int i = 0; i < knots.length; i++) {
      knots[i] = draws.within(limit);
    }
    for (int k = 0; k < knotRows; k++) {
      for (int c = 0; c < width; c++) {
        int knot = k * knotColumns + c / SPACING;
        int w = 4 * c;
        lines[k * width + c] = columnWeights[w] * knots[knot] + columnWeights[w + 1] * knots[knot + 1]
            + columnWeights[w + 2] * knots[knot + 2] + columnWeights[w + 3] * knots[knot + 3];
      }
    }
    for (int r = 0; r < height; r++) {
      int line = r / SPACING * width;
      float w0 = rowWeights[4 * r];
      float w1 = rowWeights[4 * r + 1];
      float w2 = rowWeights[4 * r + 2];
      float w3 = rowWeights[4 * r + 3];
      for (int c = 0; c < width; c++) {
        field[r * width + c] = w0 * lines[line + c] + w1 * lines[line + width + c] + w2 * lines[line + 2 * width + c]
            + w3 * lines[line + 3 * width + c];
      }
    }
  }

  private static float[] weights(int pixels) {
    float[] weights = new float[4 * pixels];
    for (int p = 0; p < pixels; p++) {
      double u = p % SPACING / (double) SPACING;
      weights[4 * p] = (float) ((1 - u) * (1 - u) * (1 - u) / 6);
      weights[4 * p + 1] = (float) ((3 * u * u * u - 6 * u * u + 4) / 6);
      weights[4 * p + 2] = (float) ((-3 * u * u * u + 3 * u * u + 3 * u + 1) / 6);
      weights[4 * p + 3] = (float) (u * u * u / 6);
    }
    return weights;
  }
}
