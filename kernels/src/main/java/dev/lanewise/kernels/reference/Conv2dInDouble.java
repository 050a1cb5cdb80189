package dev.lanewise.kernels.reference;

import dev.lanewise.kernels.Conv2dGeometry;

/**
 * Convolution and its two gradients in double, on arrays of double: the truth for the bounds of {@code Conv2d}. Of absolute values they are
 * the sums of absolute products that a bound multiplies.
 */
public final class Conv2dInDouble {
  /** What happens for each weight that an output sees a pixel through; positions in the whole arrays. */
  @FunctionalInterface
  private interface Term {
    void at(int x, int w, int y);
  }

  private Conv2dInDouble() {}

  /** y += x w. */
  public static double[] forward(Conv2dGeometry g, int n, double[] x, double[] w) {
    double[] y = new double[n * g.outHeight() * g.outWidth() * g.filters()];
    each(g, n, (ix, iw, iy) -> y[iy] += x[ix] * w[iw]);
    return y;
  }

  /** dx += dy w. */
  public static double[] backwardInput(Conv2dGeometry g, int n, double[] dy, double[] w) {
    double[] dx = new double[n * g.height() * g.width() * g.channels()];
    each(g, n, (ix, iw, iy) -> dx[ix] += dy[iy] * w[iw]);
    return dx;
  }

  /** dw += x dy. */
  public static double[] backwardWeights(Conv2dGeometry g, int n, double[] x, double[] dy) {
    double[] dw = new double[g.groupPatch() * g.filters()];
    each(g, n, (ix, iw, iy) -> dw[iw] += x[ix] * dy[iy]);
    return dw;
  }

  /** All terms whose pixel is inside of the image: those of the padding are 0. */
  private static void each(Conv2dGeometry g, int n, Term term) {
    for (int y = 0; y < n * g.outHeight() * g.outWidth() * g.filters(); y++) {
      int f = y % g.filters();
      int ow = y / g.filters() % g.outWidth();
      int oh = y / g.filters() / g.outWidth() % g.outHeight();
      int image = y / g.filters() / g.outWidth() / g.outHeight();
      int firstChannel = f / g.groupFilters() * g.groupChannels();
      for (int e = 0; e < g.groupPatch(); e++) {
        int kw = e / g.groupChannels() % g.kernelWidth();
        int kh = e / g.groupChannels() / g.kernelWidth();
        int ih = oh * g.strideH() - g.padTop() + kh * g.dilationH();
        int iw = ow * g.strideW() - g.padLeft() + kw * g.dilationW();
        if (ih >= 0 && ih < g.height() && iw >= 0 && iw < g.width()) {
          int pixel = (image * g.height() + ih) * g.width() + iw;
          term.at(pixel * g.channels() + firstChannel + e % g.groupChannels(), e * g.filters() + f, y);
        }
      }
    }
  }
}
