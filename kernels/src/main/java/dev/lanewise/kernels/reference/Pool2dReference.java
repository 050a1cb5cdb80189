package dev.lanewise.kernels.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.kernels.Pool2d;
import java.lang.foreign.MemorySegment;

/**
 * Scalar twins of {@code Pool2d}, same bits. Maxima round nothing, so they have no twin in double; averages are linear, with the twin in
 * double {@link #averageInDouble}.
 */
public final class Pool2dReference {
  private Pool2dReference() {}

  /**
   * Maximum of each window and the tap it came from: the first NaN if there is one, else the first greatest element.
   *
   * @param argmax tap {@code kh * poolWidth + kw} of each output; {@link MemorySegment#NULL} for none
   */
  public static void maxForward(Pool2d pool, int n, MemorySegment x, MemorySegment y, MemorySegment argmax) {
    boolean keep = !argmax.equals(MemorySegment.NULL);
    long out = 0;
    for (int image = 0; image < n; image++) {
      for (int oh = 0; oh < pool.outHeight(); oh++) {
        for (int ow = 0; ow < pool.outWidth(); ow++) {
          for (int c = 0; c < pool.channels(); c++, out++) {
            float max = Float.NEGATIVE_INFINITY;
            int best = -1;
            for (int tap = 0; tap < pool.poolHeight() * pool.poolWidth(); tap++) {
              float value = x.getAtIndex(JAVA_FLOAT, input(pool, image, oh, ow, tap, c));
              if (best < 0 || (!(max >= value) && !Float.isNaN(max))) {
                max = value;
                best = tap;
              }
            }
            y.setAtIndex(JAVA_FLOAT, out, max);
            if (keep) {
              argmax.setAtIndex(JAVA_INT, out, best);
            }
          }
        }
      }
    }
  }

  /** dx = 0, then dx at each window's maximum += dy, windows in ascending order. */
  public static void maxBackward(Pool2d pool, int n, MemorySegment dy, MemorySegment argmax, MemorySegment dx) {
    long size = (long) n * pool.height() * pool.width() * pool.channels();
    for (long i = 0; i < size; i++) {
      dx.setAtIndex(JAVA_FLOAT, i, 0f);
    }
    long out = 0;
    for (int image = 0; image < n; image++) {
      for (int oh = 0; oh < pool.outHeight(); oh++) {
        for (int ow = 0; ow < pool.outWidth(); ow++) {
          for (int c = 0; c < pool.channels(); c++, out++) {
            long at = input(pool, image, oh, ow, argmax.getAtIndex(JAVA_INT, out), c);
            dx.setAtIndex(JAVA_FLOAT, at, dx.getAtIndex(JAVA_FLOAT, at) + dy.getAtIndex(JAVA_FLOAT, out));
          }
        }
      }
    }
  }

  /** Sum of each window, taps in ascending order from +0, over their number. */
  public static void averageForward(Pool2d pool, int n, MemorySegment x, MemorySegment y) {
    int taps = pool.poolHeight() * pool.poolWidth();
    long out = 0;
    for (int image = 0; image < n; image++) {
      for (int oh = 0; oh < pool.outHeight(); oh++) {
        for (int ow = 0; ow < pool.outWidth(); ow++) {
          for (int c = 0; c < pool.channels(); c++, out++) {
            float sum = 0f;
            for (int tap = 0; tap < taps; tap++) {
              sum += x.getAtIndex(JAVA_FLOAT, input(pool, image, oh, ow, tap, c));
            }
            y.setAtIndex(JAVA_FLOAT, out, sum / taps);
          }
        }
      }
    }
  }

  /** dx = 0, then each tap of a window += dy over the number of taps, windows in ascending order. */
  public static void averageBackward(Pool2d pool, int n, MemorySegment dy, MemorySegment dx) {
    int taps = pool.poolHeight() * pool.poolWidth();
    long size = (long) n * pool.height() * pool.width() * pool.channels();
    for (long i = 0; i < size; i++) {
      dx.setAtIndex(JAVA_FLOAT, i, 0f);
    }
    long out = 0;
    for (int image = 0; image < n; image++) {
      for (int oh = 0; oh < pool.outHeight(); oh++) {
        for (int ow = 0; ow < pool.outWidth(); ow++) {
          for (int c = 0; c < pool.channels(); c++, out++) {
            float share = dy.getAtIndex(JAVA_FLOAT, out) / taps;
            for (int tap = 0; tap < taps; tap++) {
              long at = input(pool, image, oh, ow, tap, c);
              dx.setAtIndex(JAVA_FLOAT, at, dx.getAtIndex(JAVA_FLOAT, at) + share);
            }
          }
        }
      }
    }
  }

  /** Averages in double; x and the result as in {@link #averageForward}. */
  public static double[] averageInDouble(Pool2d pool, int n, double[] x) {
    int taps = pool.poolHeight() * pool.poolWidth();
    double[] y = new double[n * pool.outHeight() * pool.outWidth() * pool.channels()];
    for (int out = 0; out < y.length; out++) {
      int c = out % pool.channels();
      int ow = out / pool.channels() % pool.outWidth();
      int oh = out / pool.channels() / pool.outWidth() % pool.outHeight();
      int image = out / pool.channels() / pool.outWidth() / pool.outHeight();
      for (int tap = 0; tap < taps; tap++) {
        y[out] += x[(int) input(pool, image, oh, ow, tap, c)] / taps;
      }
    }
    return y;
  }

  /** Index of a window's tap in [n, height, width, channels]. */
  private static long input(Pool2d pool, int image, int oh, int ow, int tap, int c) {
    long h = (long) oh * pool.strideHeight() + tap / pool.poolWidth();
    long w = (long) ow * pool.strideWidth() + tap % pool.poolWidth();
    return ((image * (long) pool.height() + h) * pool.width() + w) * pool.channels() + c;
  }
}
