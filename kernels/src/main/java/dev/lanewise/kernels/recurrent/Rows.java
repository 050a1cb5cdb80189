package dev.lanewise.kernels.recurrent;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/** What all cells do with a row of a few hundred floats, for which a call of {@code MemorySegment.copy} costs more than the copy. */
final class Rows {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private Rows() {}

  static void copy(MemorySegment from, long fromAt, MemorySegment to, long toAt, long bytes) {
    from = exact(from);
    to = exact(to);
    long j = 0;
    for (; j <= bytes - STEP; j += STEP) {
      fromMemorySegment(F, from, fromAt + j, NATIVE).intoMemorySegment(to, toAt + j, NATIVE);
    }
    for (; j < bytes; j += 4) {
      to.set(JAVA_FLOAT, toAt + j, from.get(JAVA_FLOAT, fromAt + j));
    }
  }

  /** to += from. */
  static void add(MemorySegment from, long fromAt, MemorySegment to, long toAt, long bytes) {
    from = exact(from);
    to = exact(to);
    long j = 0;
    for (; j <= bytes - STEP; j += STEP) {
      FloatVector sum = fromMemorySegment(F, to, toAt + j, NATIVE).add(fromMemorySegment(F, from, fromAt + j, NATIVE));
      sum.intoMemorySegment(to, toAt + j, NATIVE);
    }
    for (; j < bytes; j += 4) {
      to.set(JAVA_FLOAT, toAt + j, to.get(JAVA_FLOAT, toAt + j) + from.get(JAVA_FLOAT, fromAt + j));
    }
  }

  static void zero(MemorySegment x, long at, long bytes) {
    x = exact(x);
    FloatVector zero = FloatVector.zero(F);
    long j = 0;
    for (; j <= bytes - STEP; j += STEP) {
      zero.intoMemorySegment(x, at + j, NATIVE);
    }
    for (; j < bytes; j += 4) {
      x.set(JAVA_FLOAT, at + j, 0f);
    }
  }
}
