package dev.lanewise.kernels.conv;

import dev.lanewise.kernels.Conv2dGeometry;
import java.util.Arrays;

/** Which outputs a band of input rows sees, for gradients that are computed band by band. */
final class InputBand {
  private InputBand() {}

  /** The first output row from which a tap reaches an input row or one behind it. */
  static int firstOutput(Conv2dGeometry g, int inputRow) {
    int lowest = Math.ceilDiv(inputRow + g.padTop() - (g.kernelHeight() - 1) * g.dilationH(), g.strideH());
    return Math.clamp(lowest, 0, g.outHeight());
  }

  /** The output row from {@code first} on from which no tap reaches an input row before {@code endRow} any more. */
  static int endOutput(Conv2dGeometry g, int endRow, int first) {
    return Math.clamp((endRow - 1 + g.padTop()) / g.strideH() + 1L, first, g.outHeight());
  }

  /** The index of the first of some ascending positions that is in or behind a row. */
  static int indexFrom(int[] positions, int row) {
    int i = Arrays.binarySearch(positions, row);
    return i < 0 ? -i - 1 : i;
  }
}
