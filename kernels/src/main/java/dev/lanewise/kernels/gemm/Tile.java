package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.gemm.GemmPlan.NR;
import static dev.lanewise.kernels.lane.Lanes.COUNT;
import static dev.lanewise.kernels.lane.Lanes.F;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Moves a tile of C between memory and the scratch that the micro-kernel works on. The epilogue happens here, while the
 * finished tile is in the first-level cache: bias and ReLU cost no second pass over memory.
 */
final class Tile {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private Tile() {}

  static void zero(float[] t) {
    Arrays.fill(t, 0f);
  }

  /** Reads rows x columns of C; what lies outside of them in t is left as it is. */
  static void load(MemorySegment c, long[] rowOffsets, int row0, int rows, long columnOffset, int columns, float[] t) {
    for (int i = 0; i < rows; i++) {
      long at = rowOffsets[row0 + i] + columnOffset;
      if (columns == NR) {
        FloatVector.fromMemorySegment(F, c, at, ORDER).intoArray(t, i * NR);
        FloatVector.fromMemorySegment(F, c, at + 4L * COUNT, ORDER).intoArray(t, i * NR + COUNT);
      } else {
        Copy.run(c, at, t, i * NR, columns);
      }
    }
  }

  /** Writes rows x columns of t to C as they are: a partial sum. */
  static void store(MemorySegment c, long[] rowOffsets, int row0, int rows, long columnOffset, int columns, float[] t) {
    for (int i = 0; i < rows; i++) {
      long at = rowOffsets[row0 + i] + columnOffset;
      if (columns == NR) {
        FloatVector.fromArray(F, t, i * NR).intoMemorySegment(c, at, ORDER);
        FloatVector.fromArray(F, t, i * NR + COUNT).intoMemorySegment(c, at + 4L * COUNT, ORDER);
      } else {
        for (int j = 0; j < columns; j++) {
          c.set(JAVA_FLOAT_UNALIGNED, at + 4L * j, t[i * NR + j]);
        }
      }
    }
  }

  /**
   * Adds the bias to every row of t and cuts negatives to zero, as asked.
   *
   * @param bias NR floats from {@code biasAt}, zeros where the tile has no column
   */
  static void finish(float[] t, int rows, boolean addBias, float[] bias, int biasAt, boolean relu) {
    if (addBias) {
      FloatVector b0 = FloatVector.fromArray(F, bias, biasAt);
      FloatVector b1 = FloatVector.fromArray(F, bias, biasAt + COUNT);
      for (int i = 0; i < rows; i++) {
        FloatVector.fromArray(F, t, i * NR).add(b0).intoArray(t, i * NR);
        FloatVector.fromArray(F, t, i * NR + COUNT).add(b1).intoArray(t, i * NR + COUNT);
      }
    }
    if (relu) {
      for (int i = 0; i < rows * NR; i += COUNT) {
        FloatVector.fromArray(F, t, i).max(0f).intoArray(t, i);
      }
    }
  }
}
