package dev.lanewise.kernels.reduction;

import static dev.lanewise.kernels.lane.Lanes.exact;
import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.VirtualLanes.BY_1;
import static dev.lanewise.kernels.lane.VirtualLanes.BY_2;
import static dev.lanewise.kernels.lane.VirtualLanes.BY_4;
import static dev.lanewise.kernels.lane.VirtualLanes.BY_8;
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

/** Sums of rows over 16 virtual lanes, and searches. Offsets are bytes. */
public final class ReductionsVector {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  /** Bytes that a search inspects between two looks at what it found. */
  private static final int LOOK = 4096;

  private ReductionsVector() {}

  /** Sum of the floats in x[from, from + bytes). */
  public static float sum(MemorySegment x, long from, long bytes) {
    x = exact(x);
    FloatVector a0 = FloatVector.zero(Lanes.F);
    FloatVector a1 = FloatVector.zero(Lanes.F);
    FloatVector a2 = FloatVector.zero(Lanes.F);
    FloatVector a3 = FloatVector.zero(Lanes.F);
    long end = VirtualLanes.wholeGroups(bytes);
    for (long i = 0; i < end; i += VirtualLanes.STEP) {
      a0 = a0.add(fromMemorySegment(F, x, from + i, NATIVE));
      if (TWO) {
        a1 = a1.add(fromMemorySegment(F, x, from + i + SECOND, NATIVE));
      }
      if (FOUR) {
        a2 = a2.add(fromMemorySegment(F, x, from + i + THIRD, NATIVE));
        a3 = a3.add(fromMemorySegment(F, x, from + i + FOURTH, NATIVE));
      }
    }
    FloatVector tree = FOUR ? a0.add(a2).add(a1.add(a3)) : TWO ? a0.add(a1) : a0.add(a0.rearrange(BY_8));
    tree = FOUR ? tree : tree.add(tree.rearrange(BY_4));
    tree = tree.add(tree.rearrange(BY_2));
    float sum = tree.add(tree.rearrange(BY_1)).lane(0);
    for (long i = end; i < bytes; i += 4) {
      sum += x.get(JAVA_FLOAT, from + i);
    }
    return sum;
  }

  /** Sum of x y over {@code bytes} bytes of each, both beginning at {@code from}. */
  public static float dot(MemorySegment x, MemorySegment y, long from, long bytes) {
    x = exact(x);
    y = exact(y);
    FloatVector a0 = FloatVector.zero(Lanes.F);
    FloatVector a1 = FloatVector.zero(Lanes.F);
    FloatVector a2 = FloatVector.zero(Lanes.F);
    FloatVector a3 = FloatVector.zero(Lanes.F);
    long end = VirtualLanes.wholeGroups(bytes);
    for (long i = 0; i < end; i += VirtualLanes.STEP) {
      a0 = fromMemorySegment(F, x, from + i, NATIVE).fma(fromMemorySegment(F, y, from + i, NATIVE), a0);
      if (TWO) {
        a1 = fromMemorySegment(F, x, from + i + SECOND, NATIVE).fma(fromMemorySegment(F, y, from + i + SECOND, NATIVE), a1);
      }
      if (FOUR) {
        a2 = fromMemorySegment(F, x, from + i + THIRD, NATIVE).fma(fromMemorySegment(F, y, from + i + THIRD, NATIVE), a2);
        a3 = fromMemorySegment(F, x, from + i + FOURTH, NATIVE).fma(fromMemorySegment(F, y, from + i + FOURTH, NATIVE), a3);
      }
    }
    FloatVector tree = FOUR ? a0.add(a2).add(a1.add(a3)) : TWO ? a0.add(a1) : a0.add(a0.rearrange(BY_8));
    tree = FOUR ? tree : tree.add(tree.rearrange(BY_4));
    tree = tree.add(tree.rearrange(BY_2));
    float sum = tree.add(tree.rearrange(BY_1)).lane(0);
    for (long i = end; i < bytes; i += 4) {
      sum = Math.fma(x.get(JAVA_FLOAT, from + i), y.get(JAVA_FLOAT, from + i), sum);
    }
    return sum;
  }

  /** Greatest of the floats in x[from, from + bytes), NaN if there is one, -infinity for none. */
  public static float max(MemorySegment x, long from, long bytes) {
    x = exact(x);
    if (bytes < STEP) {
      float greatest = Float.NEGATIVE_INFINITY;
      for (long i = 0; i < bytes; i += 4) {
        greatest = Math.max(greatest, x.get(JAVA_FLOAT, from + i));
      }
      return greatest;
    }
    // A maximum may count an element twice: the vector that ends with the range takes the rest along.
    FloatVector a = fromMemorySegment(F, x, from + bytes - STEP, NATIVE);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    long i = 0;
    for (; i <= bytes - 4 * STEP; i += 4 * STEP) {
      a = a.max(fromMemorySegment(F, x, from + i, NATIVE));
      b = b.max(fromMemorySegment(F, x, from + i + STEP, NATIVE));
      c = c.max(fromMemorySegment(F, x, from + i + 2 * STEP, NATIVE));
      d = d.max(fromMemorySegment(F, x, from + i + 3 * STEP, NATIVE));
    }
    for (; i <= bytes - STEP; i += STEP) {
      a = a.max(fromMemorySegment(F, x, from + i, NATIVE));
    }
    return a.max(b).max(c.max(d)).reduceLanes(VectorOperators.MAX);
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
    long bytes = to - from;
    x = exact(x);
    FloatVector a = FloatVector.zero(Lanes.F);
    FloatVector b = a;
    long i = 0;
    for (; i <= bytes - 2 * STEP; i += 2 * STEP) {
      a = fromMemorySegment(F, x, from + i, NATIVE).mul(0f).add(a);
      b = fromMemorySegment(F, x, from + i + STEP, NATIVE).mul(0f).add(b);
    }
    float rest = 0f;
    for (; i < bytes; i += 4) {
      rest += x.get(JAVA_FLOAT, from + i) * 0f;
    }
    return Float.isNaN(rest) || a.add(b).test(VectorOperators.IS_NAN).anyTrue();
  }
}
