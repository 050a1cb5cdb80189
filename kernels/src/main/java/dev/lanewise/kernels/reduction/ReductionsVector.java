package dev.lanewise.kernels.reduction;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.VirtualLanes.FOUR;
import static dev.lanewise.kernels.lane.VirtualLanes.FOURTH;
import static dev.lanewise.kernels.lane.VirtualLanes.SECOND;
import static dev.lanewise.kernels.lane.VirtualLanes.THIRD;
import static dev.lanewise.kernels.lane.VirtualLanes.TWO;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.lane.VirtualLanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Sums over 16 virtual lanes and searches. Offsets are bytes. */
public final class ReductionsVector {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  /** Bytes that a search inspects between two looks at what it found. */
  private static final int LOOK = 4096;

  private ReductionsVector() {}

  /** Sum of the floats in x[from, from + bytes). */
  public static float sum(MemorySegment x, long from, long bytes) {
    FloatVector a0 = FloatVector.zero(Lanes.F);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    long i = 0;
    for (; i <= bytes - VirtualLanes.STEP; i += VirtualLanes.STEP) {
      a0 = a0.add(fromMemorySegment(F, x, from + i, NATIVE));
      if (TWO) {
        a1 = a1.add(fromMemorySegment(F, x, from + i + SECOND, NATIVE));
      }
      if (FOUR) {
        a2 = a2.add(fromMemorySegment(F, x, from + i + THIRD, NATIVE));
        a3 = a3.add(fromMemorySegment(F, x, from + i + FOURTH, NATIVE));
      }
    }
    for (int lane = 0; i < bytes; i += 4, lane++) {
      float value = x.get(JAVA_FLOAT, from + i);
      a0 = VirtualLanes.addTo(a0, 0, lane, value);
      a1 = TWO ? VirtualLanes.addTo(a1, Lanes.COUNT, lane, value) : a1;
      a2 = FOUR ? VirtualLanes.addTo(a2, 2 * Lanes.COUNT, lane, value) : a2;
      a3 = FOUR ? VirtualLanes.addTo(a3, 3 * Lanes.COUNT, lane, value) : a3;
    }
    return VirtualLanes.tree(a0, a1, a2, a3);
  }

  /** Sum of x y over {@code bytes} bytes of each, beginning at the given offsets. */
  public static float dot(MemorySegment x, long fromX, MemorySegment y, long fromY, long bytes) {
    FloatVector a0 = FloatVector.zero(Lanes.F);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    long i = 0;
    for (; i <= bytes - VirtualLanes.STEP; i += VirtualLanes.STEP) {
      a0 = fromMemorySegment(F, x, fromX + i, NATIVE).fma(fromMemorySegment(F, y, fromY + i, NATIVE), a0);
      if (TWO) {
        a1 = fromMemorySegment(F, x, fromX + i + SECOND, NATIVE).fma(fromMemorySegment(F, y, fromY + i + SECOND, NATIVE), a1);
      }
      if (FOUR) {
        a2 = fromMemorySegment(F, x, fromX + i + THIRD, NATIVE).fma(fromMemorySegment(F, y, fromY + i + THIRD, NATIVE), a2);
        a3 = fromMemorySegment(F, x, fromX + i + FOURTH, NATIVE).fma(fromMemorySegment(F, y, fromY + i + FOURTH, NATIVE), a3);
      }
    }
    for (int lane = 0; i < bytes; i += 4, lane++) {
      float s = x.get(JAVA_FLOAT, fromX + i);
      float t = y.get(JAVA_FLOAT, fromY + i);
      a0 = VirtualLanes.fmaTo(a0, 0, lane, s, t);
      a1 = TWO ? VirtualLanes.fmaTo(a1, Lanes.COUNT, lane, s, t) : a1;
      a2 = FOUR ? VirtualLanes.fmaTo(a2, 2 * Lanes.COUNT, lane, s, t) : a2;
      a3 = FOUR ? VirtualLanes.fmaTo(a3, 3 * Lanes.COUNT, lane, s, t) : a3;
    }
    return VirtualLanes.tree(a0, a1, a2, a3);
  }

  /** Greatest of the floats in x[from, from + bytes), NaN if there is one, -infinity for none. */
  public static float max(MemorySegment x, long from, long bytes) {
    FloatVector max = FloatVector.broadcast(Lanes.F, Float.NEGATIVE_INFINITY);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      max = max.max(fromMemorySegment(F, x, from + i, NATIVE));
    }
    float greatest = i == 0 ? Float.NEGATIVE_INFINITY : max.reduceLanes(VectorOperators.MAX);
    for (; i < bytes; i += 4) {
      greatest = Math.max(greatest, x.get(JAVA_FLOAT, from + i));
    }
    return greatest;
  }

  public static void argmax(int rows, int cols, MemorySegment x, MemorySegment indices) {
    long bytes = 4L * cols;
    for (int row = 0; row < rows; row++) {
      long from = row * bytes;
      float greatest = max(x, from, bytes);
      boolean nan = Float.isNaN(greatest);
      int j = 0;
      for (float value = x.get(JAVA_FLOAT, from);
          nan ? !Float.isNaN(value) : value != greatest;
          value = x.get(JAVA_FLOAT, from + 4L * j)) {
        j++;
      }
      indices.set(JAVA_INT, 4L * row, j);
    }
  }

  public static long firstNonFinite(long n, MemorySegment x) {
    long bytes = 4 * n;
    for (long from = 0; from < bytes; from += LOOK) {
      long to = Math.min(bytes, from + LOOK);
      if (anyNonFinite(x, from, to)) {
        for (long i = from; i < to; i += 4) {
          if (!Float.isFinite(x.get(JAVA_FLOAT, i))) {
            return i / 4;
          }
        }
      }
    }
    return -1;
  }

  /** Zero times a number is a zero, times NaN or an infinity a NaN, which stays in the sum. */
  private static boolean anyNonFinite(MemorySegment x, long from, long to) {
    FloatVector a = FloatVector.zero(Lanes.F);
    FloatVector b = a;
    long i = from;
    for (; i <= to - 2 * STEP; i += 2 * STEP) {
      a = fromMemorySegment(F, x, i, NATIVE).mul(0f).add(a);
      b = fromMemorySegment(F, x, i + STEP, NATIVE).mul(0f).add(b);
    }
    float rest = 0f;
    for (; i < to; i += 4) {
      rest += x.get(JAVA_FLOAT, i) * 0f;
    }
    return Float.isNaN(rest) || a.add(b).test(VectorOperators.IS_NAN).anyTrue();
  }
}
