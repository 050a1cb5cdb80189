package dev.lanewise.kernels.conv;

import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.gemm.Copy;
import java.util.Arrays;

/**
 * An epilogue in numbers, so that kernels need not ask what it does: {@code max(least, sum + bias)}. Without a bias -0 is added and without ReLU the maximum with minus
 * infinity taken: both leave every number as it is.
 */
final class Finish {
  float[] bias = {};
  float least;

  /** For so many columns. */
  void set(Epilogue epilogue, int columns) {
    bias = Room.atLeast(columns, bias);
    if (epilogue.hasBias()) {
      Copy.run(epilogue.bias(), 0, bias, 0, columns);
    } else {
      Arrays.fill(bias, 0, columns, -0f);
    }
    least = epilogue.relu() ? 0f : Float.NEGATIVE_INFINITY;
  }
}
