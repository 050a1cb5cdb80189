package dev.lanewise.kernels.elementwise;

import static dev.lanewise.kernels.lane.Lanes.COUNT;
import static dev.lanewise.kernels.lane.Lanes.F;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Transposes squares of one vector's width in registers: for each bit d of a lane's number, rows r and r + d exchange the elements whose bit d in
 * row and lane differ (Eklundh, A Fast Computer Method for Matrix Transposing, 1972). Four rows at a time, so that a method stays small: first
 * the high bits, from x into y, then bits 2 and 1 within y.
 */
public final class TransposeKernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();

  private static final VectorShuffle<Float> UP_8 = up(8);
  private static final VectorShuffle<Float> UP_4 = up(4);
  private static final VectorShuffle<Float> UP_2 = up(2);
  private static final VectorShuffle<Float> UP_1 = up(1);
  private static final VectorShuffle<Float> DOWN_8 = down(8);
  private static final VectorShuffle<Float> DOWN_4 = down(4);
  private static final VectorShuffle<Float> DOWN_2 = down(2);
  private static final VectorShuffle<Float> DOWN_1 = down(1);

  /** Lanes whose number has this bit. */
  private static final VectorMask<Float> BIT_8 = VectorMask.fromLong(F, 0xff00);
  private static final VectorMask<Float> BIT_4 = VectorMask.fromLong(F, 0xf0f0);
  private static final VectorMask<Float> BIT_2 = VectorMask.fromLong(F, 0xcccc);
  private static final VectorMask<Float> BIT_1 = VectorMask.fromLong(F, 0xaaaa);

  private TransposeKernel() {}

  /** Brings the lane so far below to each lane. */
  private static VectorShuffle<Float> up(int lanes) {
    return VectorShuffle.iota(F, (COUNT - lanes % COUNT) % COUNT, 1, true);
  }

  /** Brings the lane so far above to each lane. */
  private static VectorShuffle<Float> down(int lanes) {
    return VectorShuffle.iota(F, lanes % COUNT, 1, true);
  }

  /** y[j, i] = x[i, j]. */
  public static void run(int rows, int cols, MemorySegment x, MemorySegment y) {
    int wholeRows = rows - rows % COUNT;
    int wholeCols = cols - cols % COUNT;
    long in = 4L * cols;
    long out = 4L * rows;
    for (int i = 0; i < wholeRows; i += COUNT) {
      for (int j = 0; j < wholeCols; j += COUNT) {
        square(i * in + 4L * j, in, x, j * out + 4L * i, out, y);
      }
    }
    scalar(0, rows, wholeCols, cols, in, x, out, y);
    scalar(wholeRows, rows, 0, wholeCols, in, x, out, y);
  }

  private static void scalar(
      int fromRow, int toRow, int fromCol, int toCol, long in, MemorySegment x, long out, MemorySegment y) {
    for (int j = fromCol; j < toCol; j++) {
      for (int i = fromRow; i < toRow; i++) {
        y.set(JAVA_FLOAT, j * out + 4L * i, x.get(JAVA_FLOAT, i * in + 4L * j));
      }
    }
  }

  private static void square(long from, long in, MemorySegment x, long to, long out, MemorySegment y) {
    if (Lanes.COUNT == 4) {
      near(from, in, x, to, out, y);
      return;
    }
    for (int r = 0; r < 4; r++) {
      if (Lanes.COUNT == 16) {
        far16(from + r * in, in, x, to + r * out, out, y);
      } else {
        far8(from + r * in, in, x, to + r * out, out, y);
      }
    }
    for (int r = 0; r < COUNT; r += 4) {
      near(to + r * out, out, y, to + r * out, out, y);
    }
  }

  /** Bits 8 and 4 of rows 0, 4, 8 and 12. */
  private static void far16(long from, long in, MemorySegment x, long to, long out, MemorySegment y) {
    FloatVector a = fromMemorySegment(F, x, from, NATIVE);
    FloatVector b = fromMemorySegment(F, x, from + 4 * in, NATIVE);
    FloatVector c = fromMemorySegment(F, x, from + 8 * in, NATIVE);
    FloatVector d = fromMemorySegment(F, x, from + 12 * in, NATIVE);
    FloatVector ac = a.blend(c.rearrange(UP_8), BIT_8);
    FloatVector ca = a.rearrange(DOWN_8).blend(c, BIT_8);
    FloatVector bd = b.blend(d.rearrange(UP_8), BIT_8);
    FloatVector db = b.rearrange(DOWN_8).blend(d, BIT_8);
    ac.blend(bd.rearrange(UP_4), BIT_4).intoMemorySegment(y, to, NATIVE);
    ac.rearrange(DOWN_4).blend(bd, BIT_4).intoMemorySegment(y, to + 4 * out, NATIVE);
    ca.blend(db.rearrange(UP_4), BIT_4).intoMemorySegment(y, to + 8 * out, NATIVE);
    ca.rearrange(DOWN_4).blend(db, BIT_4).intoMemorySegment(y, to + 12 * out, NATIVE);
  }

  /** Bit 4 of rows 0 and 4. */
  private static void far8(long from, long in, MemorySegment x, long to, long out, MemorySegment y) {
    FloatVector a = fromMemorySegment(F, x, from, NATIVE);
    FloatVector b = fromMemorySegment(F, x, from + 4 * in, NATIVE);
    a.blend(b.rearrange(UP_4), BIT_4).intoMemorySegment(y, to, NATIVE);
    a.rearrange(DOWN_4).blend(b, BIT_4).intoMemorySegment(y, to + 4 * out, NATIVE);
  }

  /** Bits 2 and 1 of rows 0 to 3. */
  private static void near(long from, long in, MemorySegment x, long to, long out, MemorySegment y) {
    FloatVector a = fromMemorySegment(F, x, from, NATIVE);
    FloatVector b = fromMemorySegment(F, x, from + in, NATIVE);
    FloatVector c = fromMemorySegment(F, x, from + 2 * in, NATIVE);
    FloatVector d = fromMemorySegment(F, x, from + 3 * in, NATIVE);
    FloatVector ac = a.blend(c.rearrange(UP_2), BIT_2);
    FloatVector ca = a.rearrange(DOWN_2).blend(c, BIT_2);
    FloatVector bd = b.blend(d.rearrange(UP_2), BIT_2);
    FloatVector db = b.rearrange(DOWN_2).blend(d, BIT_2);
    ac.blend(bd.rearrange(UP_1), BIT_1).intoMemorySegment(y, to, NATIVE);
    ac.rearrange(DOWN_1).blend(bd, BIT_1).intoMemorySegment(y, to + out, NATIVE);
    ca.blend(db.rearrange(UP_1), BIT_1).intoMemorySegment(y, to + 2 * out, NATIVE);
    ca.rearrange(DOWN_1).blend(db, BIT_1).intoMemorySegment(y, to + 3 * out, NATIVE);
  }
}
