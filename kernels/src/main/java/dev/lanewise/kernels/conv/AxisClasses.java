package dev.lanewise.kernels.conv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sorts the input positions of one axis into classes that are reached by the same taps of the kernel.
 *
 * <p>Input position i is reached by tap t from output position (i + pad - t dilation) / stride, where that is whole and inside. All
 * positions of a class have the same taps, and their output positions differ by one shift for all taps; so a class is dense,
 * and the gradient of a convolution is one dense product per class, without a multiplication by zero at borders or for strides.
 */
final class AxisClasses {
  /**
   * @param positions input positions, ascending
   * @param firstOut for each position, the output position that its first tap comes from
   * @param taps ascending
   * @param shift for each tap, output positions from the first tap's to its own (0 or negative)
   */
  record AxisClass(int[] positions, int[] firstOut, int[] taps, int[] shift) {}

  private AxisClasses() {}

  /** Loops where streams would read as well: those would cost the first call of a process ten milliseconds of classes. */
  static AxisClass[] of(int size, int out, int kernel, int stride, int pad, int dilation) {
    List<int[]> taps = new ArrayList<>();
    int[] classOf = new int[size];
    for (int position = 0; position < size; position++) {
      classOf[position] = indexIn(taps, reaching(position, out, kernel, stride, pad, dilation));
    }
    AxisClass[] classes = new AxisClass[taps.size()];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = axisClass(positions(classOf, i), taps.get(i), stride, pad, dilation);
    }
    return classes;
  }

  private static int[] reaching(int position, int out, int kernel, int stride, int pad, int dilation) {
    int[] taps = new int[kernel];
    int n = 0;
    for (int tap = 0; tap < kernel; tap++) {
      int scaled = position + pad - tap * dilation;
      if (scaled >= 0 && scaled % stride == 0 && scaled / stride < out) {
        taps[n++] = tap;
      }
    }
    return Arrays.copyOf(taps, n);
  }

  /** Added if it is new; the latest is asked first, since neighbours have the same taps. */
  private static int indexIn(List<int[]> known, int[] taps) {
    for (int i = known.size() - 1; i >= 0; i--) {
      if (Arrays.equals(known.get(i), taps)) {
        return i;
      }
    }
    known.add(taps);
    return known.size() - 1;
  }

  private static int[] positions(int[] classOf, int wanted) {
    int[] positions = new int[classOf.length];
    int n = 0;
    for (int position = 0; position < classOf.length; position++) {
      if (classOf[position] == wanted) {
        positions[n++] = position;
      }
    }
    return Arrays.copyOf(positions, n);
  }

  private static AxisClass axisClass(int[] positions, int[] taps, int stride, int pad, int dilation) {
    int first = taps.length == 0 ? 0 : taps[0];
    int[] firstOut = new int[positions.length];
    for (int i = 0; i < positions.length; i++) {
      firstOut[i] = taps.length == 0 ? 0 : (positions[i] + pad - first * dilation) / stride;
    }
    int[] shift = new int[taps.length];
    for (int i = 0; i < taps.length; i++) {
      shift[i] = (first - taps[i]) * dilation / stride;
    }
    return new AxisClass(positions, firstOut, taps, shift);
  }
}
