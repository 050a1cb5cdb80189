package dev.lanewise.kernels.conv;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.Workers;

/** Whether the pieces of a convolution go to all threads or stay with the caller. */
final class Sharing {
  /** Multiplications below which threads cost more than they bring. */
  private static final long FROM = 1 << 17;

  private Sharing() {}

  static boolean pays(Conv2dGeometry g, int images) {
    return (long) images * g.outHeight() * g.outWidth() * g.filters() * g.groupPatch() >= FROM;
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
