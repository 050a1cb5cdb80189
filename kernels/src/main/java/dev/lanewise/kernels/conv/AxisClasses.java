package dev.lanewise.kernels.conv;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  static List<AxisClass> of(int size, int out, int kernel, int stride, int pad, int dilation) {
    Map<List<Integer>, List<Integer>> byTaps = new LinkedHashMap<>();
    for (int position = 0; position < size; position++) {
      byTaps.computeIfAbsent(reaching(position, out, kernel, stride, pad, dilation), taps -> new ArrayList<>()).add(position);
    }
    List<AxisClass> classes = new ArrayList<>();
    byTaps.forEach((taps, positions) -> {
      int first = taps.isEmpty() ? 0 : taps.getFirst();
      classes.add(new AxisClass(
          ints(positions),
          positions.stream().mapToInt(p -> taps.isEmpty() ? 0 : (p + pad - first * dilation) / stride).toArray(),
          ints(taps),
          taps.stream().mapToInt(t -> (first - t) * dilation / stride).toArray()));
    });
    return classes;
  }

  private static List<Integer> reaching(int position, int out, int kernel, int stride, int pad, int dilation) {
    List<Integer> taps = new ArrayList<>();
    for (int tap = 0; tap < kernel; tap++) {
      int scaled = position + pad - tap * dilation;
      if (scaled >= 0 && scaled % stride == 0 && scaled / stride < out) {
        taps.add(tap);
      }
    }
    return taps;
  }

  private static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }
}
