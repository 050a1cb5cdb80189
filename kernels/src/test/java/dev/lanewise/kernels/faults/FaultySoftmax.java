package dev.lanewise.kernels.faults;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.kernels.reference.MathReference;
import java.lang.foreign.MemorySegment;

/** Softmax along rows with one fault or none. */
enum FaultySoftmax implements MapsRows {
  NONE,
  WRONG_SIGN,
  LAST_COLUMN_LEFT_OUT,
  TAIL_SKIPPED,
  STRIDE_OF_ANOTHER_SIZE,
  STALE_SUM,
  NO_SHIFT;

  @Override
  public void run(int rows, int cols, MemorySegment x, MemorySegment y) {
    float sum = 0;
    for (int i = 0; i < rows; i++) {
      long at = this == STRIDE_OF_ANOTHER_SIZE ? (long) i * (cols - cols % 4) : (long) i * cols;
      float max = Float.NEGATIVE_INFINITY;
      for (int j = 0; j < cols; j++) {
        max = Math.max(max, x.getAtIndex(JAVA_FLOAT, at + j));
      }
      if (this == NO_SHIFT) {
        max = 0;
      }
      if (this != STALE_SUM) {
        sum = 0;
      }
      int summed = this == LAST_COLUMN_LEFT_OUT ? cols - 1 : cols;
      int written = this == TAIL_SKIPPED ? cols - cols % 4 : cols;
      for (int j = 0; j < summed; j++) {
        sum += exp(x.getAtIndex(JAVA_FLOAT, at + j) - max);
      }
      for (int j = 0; j < written; j++) {
        y.setAtIndex(JAVA_FLOAT, at + j, exp(x.getAtIndex(JAVA_FLOAT, at + j) - max) / sum);
      }
    }
  }

  private float exp(float x) {
    return MathReference.exp(this == WRONG_SIGN ? -x : x);
  }
}
