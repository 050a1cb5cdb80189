package dev.lanewise.kernels.conv;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.Workers;

/** Whether the pieces of a convolution go to all threads or stay with the caller. */
final class Sharing {
  /** Multiplications below which threads cost more than they bring. */
  private static final long FROM = 1 << 17;

  /** More pieces than threads, so that an unlucky thread is helped out by the others. */
  private static final int PIECES_PER_THREAD = 4;

  /** Pixels that such a piece has at least: with fewer, too many tiles are not full (measured, see reports/decisions/0016). */
  private static final int PIECE_PIXELS = 512;

  private Sharing() {}

  static boolean pays(Conv2dGeometry g, int images) {
    return (long) images * g.outHeight() * g.outWidth() * g.filters() * g.groupPatch() >= FROM;
  }

  /**
   * How many pieces images make that are not cut into bands: as many for each thread.
   *
   * @param together images that a piece may have
   * @param pixels of an image
   */
  static int pieces(int images, int together, int pixels, int threads) {
    long helpful = threads == 1 ? 0 : Math.min(PIECES_PER_THREAD * threads, (long) images * pixels / PIECE_PIXELS);
    return Math.ceilDiv(Math.max((int) helpful, Math.ceilDiv(images, together)), threads) * threads;
  }

  static void run(Workers.Task task, int pieces, boolean shared, Workers workers) {
    if (shared) {
      workers.run(task, pieces);
    } else {
      for (int i = 0; i < pieces; i++) {
        task.run(i, 0);
      }
    }
  }
}
