package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.gemm.GemmPlan.NR;
import static dev.lanewise.kernels.lane.Lanes.COUNT;
import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.lanewise.kernels.Epilogue;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * Moves a tile of C between memory and the scratch that the micro-kernel works on. The epilogue happens here, while the
 * finished tile is in the first-level cache: bias and ReLU cost no second pass over memory.
 */
final class Tile {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private Tile() {}

  /** Reads rows x columns of C; what lies outside of them in t is left as it is. */
  static void load(MemorySegment c, long[] rowOffsets, int row0, int rows, long columnOffset, int columns, float[] t) {
    if (columns == NR) {
      loadWhole(c, rowOffsets, row0, rows, columnOffset, t);
    } else {
      for (int i = 0; i < rows; i++) {
        Copy.run(c, rowOffsets[row0 + i] + columnOffset, t, i * NR, columns);
      }
    }
  }

  private static void loadWhole(MemorySegment c, long[] rowOffsets, int row0, int rows, long columnOffset, float[] t) {
    c = exact(c);
    for (int i = 0; i < rows; i++) {
      long at = rowOffsets[row0 + i] + columnOffset;
      FloatVector.fromMemorySegment(F, c, at, ORDER).intoArray(t, i * NR);
      FloatVector.fromMemorySegment(F, c, at + 4L * COUNT, ORDER).intoArray(t, i * NR + COUNT);
    }
  }

  /** Writes rows x columns of t to C as they are: a partial sum. */
  static void store(MemorySegment c, long[] rowOffsets, int row0, int rows, long columnOffset, int columns, float[] t) {
    c = exact(c);
    for (int i = 0; i < rows; i++) {
      long at = rowOffsets[row0 + i] + columnOffset;
      if (columns == NR) {
        FloatVector.fromArray(F, t, i * NR).intoMemorySegment(c, at, ORDER);
        FloatVector.fromArray(F, t, i * NR + COUNT).intoMemorySegment(c, at + 4L * COUNT, ORDER);
      } else {
        int j = 0;
        for (; j <= columns - COUNT; j += COUNT) {
          FloatVector.fromArray(F, t, i * NR + j).intoMemorySegment(c, at + 4L * j, ORDER);
        }
        for (; j < columns; j++) {
          c.set(JAVA_FLOAT_UNALIGNED, at + 4L * j, t[i * NR + j]);
        }
      }
    }
  }

  /**
   * Adds the bias to every row of t, cuts negatives to zero if asked, and writes rows x columns to C: one pass.
   *
   * <p>Without a bias -0 is added and without ReLU the maximum with minus infinity taken: both leave every number as it is.
   *
   * @param bias the columns' biases from {@code biasAt}, anything up to the tile's width
   */
  static void finish(
      MemorySegment c, long[] rowOffsets, int row0, int rows, long columnOffset, int columns, float[] t,
      boolean addBias, float[] bias, int biasAt, boolean relu) {
    if (!addBias && !relu) {
      store(c, rowOffsets, row0, rows, columnOffset, columns, t);
      return;
    }
    finishVectors(c, rowOffsets, row0, rows, columnOffset, columns, t, addBias, bias, biasAt, relu);
    if (columns < NR) {
      store(c, rowOffsets, row0, rows, columnOffset, columns, t);
    }
  }

  /** What {@link #finish} does to whole rows; narrower ones stay in t. */
  private static void finishVectors(
      MemorySegment c, long[] rowOffsets, int row0, int rows, long columnOffset, int columns, float[] t,
      boolean addBias, float[] bias, int biasAt, boolean relu) {
    c = exact(c);
    FloatVector b0 = addBias ? FloatVector.fromArray(F, bias, biasAt) : FloatVector.broadcast(F, -0f);
    FloatVector b1 = addBias ? FloatVector.fromArray(F, bias, biasAt + COUNT) : FloatVector.broadcast(F, -0f);
    FloatVector floor = FloatVector.broadcast(F, relu ? 0f : Float.NEGATIVE_INFINITY);
    for (int i = 0; i < rows; i++) {
      FloatVector t0 = FloatVector.fromArray(F, t, i * NR).add(b0).max(floor);
      FloatVector t1 = FloatVector.fromArray(F, t, i * NR + COUNT).add(b1).max(floor);
      if (columns == NR) {
        long at = rowOffsets[row0 + i] + columnOffset;
        t0.intoMemorySegment(c, at, ORDER);
        t1.intoMemorySegment(c, at + 4L * COUNT, ORDER);
      } else {
        t0.intoArray(t, i * NR);
        t1.intoArray(t, i * NR + COUNT);
      }
    }
  }

  /** Reads rows of two vectors of C, as where chains start. */
  static void loadTwo(MemorySegment c, long at, long rowBytes, int rows, float[] t) {
    c = exact(c);
    for (int i = 0; i < rows; i++) {
      FloatVector.fromMemorySegment(F, c, at + i * rowBytes, ORDER).intoArray(t, i * NR);
      FloatVector.fromMemorySegment(F, c, at + i * rowBytes + 4L * COUNT, ORDER).intoArray(t, i * NR + COUNT);
    }
  }

  /** Reads rows of one vector of C. */
  static void loadOne(MemorySegment c, long at, long rowBytes, int rows, float[] t) {
    c = exact(c);
    for (int i = 0; i < rows; i++) {
      FloatVector.fromMemorySegment(F, c, at + i * rowBytes, ORDER).intoArray(t, i * COUNT);
    }
  }

  /** Reads rows of less than a vector of C. */
  static void loadNarrow(MemorySegment c, long at, long rowBytes, int rows, int columns, float[] t) {
    for (int i = 0; i < rows; i++) {
      Copy.run(c, at + i * rowBytes, t, i * COUNT, columns);
    }
  }

  /** Adds the bias that begins at a byte offset, cuts negatives as asked, and writes rows of two vectors to C. */
  static void finishTwo(MemorySegment c, long at, long rowBytes, int rows, float[] t, Epilogue epilogue, long biasAt) {
    c = exact(c);
    if (epilogue == Epilogue.NONE) {
      for (int i = 0; i < rows; i++) {
        FloatVector.fromArray(F, t, i * NR).intoMemorySegment(c, at + i * rowBytes, ORDER);
        FloatVector.fromArray(F, t, i * NR + COUNT).intoMemorySegment(c, at + i * rowBytes + 4L * COUNT, ORDER);
      }
      return;
    }
    FloatVector b0 = epilogue.hasBias() ? FloatVector.fromMemorySegment(F, epilogue.bias(), biasAt, ORDER) : FloatVector.broadcast(F, -0f);
    FloatVector b1 =
        epilogue.hasBias() ? FloatVector.fromMemorySegment(F, epilogue.bias(), biasAt + 4L * COUNT, ORDER) : FloatVector.broadcast(F, -0f);
    FloatVector floor = FloatVector.broadcast(F, epilogue.relu() ? 0f : Float.NEGATIVE_INFINITY);
    for (int i = 0; i < rows; i++) {
      FloatVector.fromArray(F, t, i * NR).add(b0).max(floor).intoMemorySegment(c, at + i * rowBytes, ORDER);
      FloatVector.fromArray(F, t, i * NR + COUNT).add(b1).max(floor).intoMemorySegment(c, at + i * rowBytes + 4L * COUNT, ORDER);
    }
  }

  /** As {@link #finishTwo} for rows of one vector. */
  static void finishOne(MemorySegment c, long at, long rowBytes, int rows, float[] t, Epilogue epilogue, long biasAt) {
    c = exact(c);
    if (epilogue == Epilogue.NONE) {
      for (int i = 0; i < rows; i++) {
        FloatVector.fromArray(F, t, i * COUNT).intoMemorySegment(c, at + i * rowBytes, ORDER);
      }
      return;
    }
    FloatVector b0 = epilogue.hasBias() ? FloatVector.fromMemorySegment(F, epilogue.bias(), biasAt, ORDER) : FloatVector.broadcast(F, -0f);
    FloatVector floor = FloatVector.broadcast(F, epilogue.relu() ? 0f : Float.NEGATIVE_INFINITY);
    for (int i = 0; i < rows; i++) {
      FloatVector.fromArray(F, t, i * COUNT).add(b0).max(floor).intoMemorySegment(c, at + i * rowBytes, ORDER);
    }
  }

  /** Adds the bias that begins at a byte offset to rows of two vectors of C, and cuts negatives as asked. */
  static void finishTwo(MemorySegment c, long at, long rowBytes, int rows, Epilogue epilogue, long biasAt) {
    c = exact(c);
    FloatVector b0 = epilogue.hasBias() ? FloatVector.fromMemorySegment(F, epilogue.bias(), biasAt, ORDER) : FloatVector.broadcast(F, -0f);
    FloatVector b1 =
        epilogue.hasBias() ? FloatVector.fromMemorySegment(F, epilogue.bias(), biasAt + 4L * COUNT, ORDER) : FloatVector.broadcast(F, -0f);
    FloatVector floor = FloatVector.broadcast(F, epilogue.relu() ? 0f : Float.NEGATIVE_INFINITY);
    for (int i = 0; i < rows; i++) {
      long row = at + i * rowBytes;
      FloatVector.fromMemorySegment(F, c, row, ORDER).add(b0).max(floor).intoMemorySegment(c, row, ORDER);
      FloatVector.fromMemorySegment(F, c, row + 4L * COUNT, ORDER).add(b1).max(floor).intoMemorySegment(c, row + 4L * COUNT, ORDER);
    }
  }

  /** The same for rows of one vector of C. */
  static void finishOne(MemorySegment c, long at, long rowBytes, int rows, Epilogue epilogue, long biasAt) {
    c = exact(c);
    FloatVector b0 = epilogue.hasBias() ? FloatVector.fromMemorySegment(F, epilogue.bias(), biasAt, ORDER) : FloatVector.broadcast(F, -0f);
    FloatVector floor = FloatVector.broadcast(F, epilogue.relu() ? 0f : Float.NEGATIVE_INFINITY);
    for (int i = 0; i < rows; i++) {
      FloatVector.fromMemorySegment(F, c, at + i * rowBytes, ORDER).add(b0).max(floor).intoMemorySegment(c, at + i * rowBytes, ORDER);
    }
  }

  /**
   * Writes rows of less than a vector, all columns of C, as they are: whole vectors where the next rows, written right after, cover what
   * that spills.
   */
  static void storeNarrow(MemorySegment c, long at, long rowBytes, int rows, int columns, float[] t) {
    c = exact(c);
    int covered = rowBytes == 4L * columns ? Math.max(0, rows - (COUNT - 1) / columns) : 0;
    for (int i = 0; i < covered; i++) {
      FloatVector.fromArray(F, t, i * COUNT).intoMemorySegment(c, at + i * rowBytes, ORDER);
    }
    for (int i = covered; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        c.set(JAVA_FLOAT_UNALIGNED, at + i * rowBytes + 4L * j, t[i * COUNT + j]);
      }
    }
  }

  /** Reads C' [rows x columns], that is columns x rows of C. */
  static void loadTurned(MemorySegment c, long at, long rowBytes, int rows, int columns, float[] t) {
    for (int j = 0; j < columns; j++) {
      for (int i = 0; i < rows; i++) {
        t[i * NR + j] = c.get(JAVA_FLOAT_UNALIGNED, at + j * rowBytes + 4L * i);
      }
    }
  }

  /** Writes t [rows x columns] to C turned, with the bias of C's columns that begins at a byte offset; cuts negatives as asked. */
  static void finishTurned(
      MemorySegment c, long at, long rowBytes, int rows, int columns, float[] t, Epilogue epilogue, long biasAt) {
    for (int i = 0; i < rows; i++) {
      float bias = epilogue.hasBias() ? epilogue.bias().get(JAVA_FLOAT_UNALIGNED, biasAt + 4L * i) : -0f;
      for (int j = 0; j < columns; j++) {
        float y = t[i * NR + j] + bias;
        c.set(JAVA_FLOAT_UNALIGNED, at + j * rowBytes + 4L * i, epilogue.relu() ? Math.max(y, 0f) : y);
      }
    }
  }

  /** As {@link #finishRows} for one row. */
  static void finishRow(MemorySegment c, long at, int columns, float[] t, Epilogue epilogue, long biasAt) {
    finishRows(c, at, 0, 1, columns, t, 0, epilogue, biasAt);
  }

  /**
   * Adds a bias that begins at a byte offset, cuts negatives as asked, and writes the first columns of each row of t, {@code width} floats
   * apart, to C.
   *
   * <p>A rest of columns is stored as a whole vector where the next row of the tile, written right after it, covers what that spills.
   */
  static void finishRows(
      MemorySegment c, long at, long rowBytes, int rows, int columns, float[] t, int width, Epilogue epilogue, long biasAt) {
    c = exact(c);
    MemorySegment bias = epilogue.bias();
    boolean hasBias = epilogue.hasBias();
    boolean relu = epilogue.relu();
    int rest = columns % COUNT;
    boolean dense = rowBytes == 4L * columns;
    for (int i = 0; i < rows; i++) {
      long row = at + i * rowBytes;
      int j = 0;
      for (; j <= columns - COUNT; j += COUNT) {
        FloatVector y = FloatVector.fromArray(F, t, i * width + j);
        if (hasBias) {
          y = y.add(FloatVector.fromMemorySegment(F, bias, biasAt + 4L * j, ORDER));
        }
        if (relu) {
          y = y.max(0f);
        }
        y.intoMemorySegment(c, row + 4L * j, ORDER);
      }
      if (rest > 0 && dense && !hasBias && (i + 1L) * columns + COUNT - rest <= (long) rows * columns) {
        FloatVector y = FloatVector.fromArray(F, t, i * width + j);
        (relu ? y.max(0f) : y).intoMemorySegment(c, row + 4L * j, ORDER);
        continue;
      }
      for (; j < columns; j++) {
        float x = t[i * width + j];
        float y = hasBias ? x + bias.get(JAVA_FLOAT_UNALIGNED, biasAt + 4L * j) : x;
        c.set(JAVA_FLOAT_UNALIGNED, row + 4L * j, relu ? Math.max(y, 0f) : y);
      }
    }
  }
}
