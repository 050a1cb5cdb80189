package dev.lanewise.kernels.conv;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.conv.AxisClasses.AxisClass;

/**
 * The numbers of an input's gradient that gathers nothing, made once for its sizes: data, no code. Work is cut into pieces, a band of rows of a large image or a few small
 * images together, the outputs' gradients of which lie in scratch.
 */
final class DirectInputPlan {
  /** Floats of a piece in scratch, about: 256 KB, so that classes of few pixels find some of several images for a tile. */
  static final int SCRATCH = 1 << 16;

  /** Pixels at most that the classes list together: half a megabyte for each geometry. */
  static final int MOST_PIXELS = 1 << 16;

  /** Rows of input that are a band, and how many bands an image has. */
  final int bandRows;

  final int bands;

  /** Images of a piece at most, 1 if they are cut into bands. */
  final int together;

  /** Pixels of an image. */
  private final int pixels;

  final PixelClass[] classes;

  /** For each class the rows of input that its pixels lie in. */
  final int[][] rows;

  /** What one row of inputs sees. */
  static long floatsOfARow(Conv2dGeometry g) {
    return floats(g, 1);
  }

  /** The outputs that some rows of inputs see, at most. */
  private static long floats(Conv2dGeometry g, int rows) {
    long outputs = (rows - 1 + (g.kernelHeight() - 1L) * g.dilationH()) / g.strideH() + 1;
    return Math.min(g.outHeight(), outputs) * g.outWidth() * g.filters();
  }

  DirectInputPlan(Conv2dGeometry g) {
    pixels = g.height() * g.width();
    int most = 1;
    while (most < g.height() && floats(g, most + 1) <= SCRATCH) {
      most++;
    }
    bandRows = most;
    bands = Math.ceilDiv(g.height(), bandRows);
    long fit = Math.min(SCRATCH / floats(g, g.height()), MOST_PIXELS / pixels);
    together = bands > 1 ? 1 : Math.clamp(fit, 1, DirectPlan.MOST_IMAGES);
    AxisClass[] vertical = AxisClasses.of(g.height(), g.outHeight(), g.kernelHeight(), g.strideH(), g.padTop(), g.dilationH());
    AxisClass[] horizontal = AxisClasses.of(g.width(), g.outWidth(), g.kernelWidth(), g.strideW(), g.padLeft(), g.dilationW());
    classes = new PixelClass[vertical.length * horizontal.length];
    rows = new int[classes.length][];
    for (int i = 0; i < classes.length; i++) {
      AxisClass v = vertical[i / horizontal.length];
      classes[i] = pixelClass(g, v, horizontal[i % horizontal.length]);
      rows[i] = v.positions();
    }
  }

  private PixelClass pixelClass(Conv2dGeometry g, AxisClass v, AxisClass h) {
    int across = h.positions().length;
    int perImage = v.positions().length * across;
    int[] inAt = new int[together * perImage];
    int[] outAt = new int[inAt.length];
    for (int pixel = 0; pixel < inAt.length; pixel++) {
      int image = pixel / perImage;
      int down = pixel % perImage / across;
      int right = pixel % across;
      inAt[pixel] = ((image * g.outHeight() + v.firstOut()[down]) * g.outWidth() + h.firstOut()[right]) * g.filters();
      outAt[pixel] = (image * g.height() + v.positions()[down]) * g.width() + h.positions()[right];
    }
    int[] termAt = new int[v.taps().length * h.taps().length * g.filters()];
    int[] weightAt = new int[v.taps().length * h.taps().length];
    for (int tap = 0; tap < weightAt.length; tap++) {
      int down = tap / h.taps().length;
      int right = tap % h.taps().length;
      weightAt[tap] = (v.taps()[down] * g.kernelWidth() + h.taps()[right]) * g.filters() * g.channels();
      for (int f = 0; f < g.filters(); f++) {
        termAt[tap * g.filters() + f] = (v.shift()[down] * g.outWidth() + h.shift()[right]) * g.filters() + f;
      }
    }
    return new PixelClass(perImage, inAt, outAt, termAt, weightAt);
  }

  /** Pieces of some images, as many for each thread. */
  int pieces(int images, int threads) {
    if (bands > 1) {
      return images * bands;
    }
    return parts(images, threads) > 1 ? images : Sharing.pieces(images, together, pixels, threads);
  }

  /** Parts of each class of a piece, so that each thread has some even of fewer images. */
  int parts(int images, int threads) {
    return bands > 1 ? 1 : Math.ceilDiv(threads, images);
  }
}
