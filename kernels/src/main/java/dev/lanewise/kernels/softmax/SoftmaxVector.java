package dev.lanewise.kernels.softmax;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.VirtualLanes.FOUR;
import static dev.lanewise.kernels.lane.VirtualLanes.FOURTH;
import static dev.lanewise.kernels.lane.VirtualLanes.SECOND;
import static dev.lanewise.kernels.lane.VirtualLanes.THIRD;
import static dev.lanewise.kernels.lane.VirtualLanes.TWO;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.lane.VirtualLanes;
import dev.lanewise.kernels.math.ExpVector;
import dev.lanewise.kernels.reduction.ReductionsVector;
import dev.lanewise.kernels.reference.MathReference;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/** One row of softmax or log-softmax; the row lies at byte offset {@code row} in each operand. */
public final class SoftmaxVector {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private SoftmaxVector() {}

  static void forward(long row, long bytes, MemorySegment x, MemorySegment y) {
    float max = ReductionsVector.max(x, row, bytes);
    float inverse = 1f / expAndSum(row, bytes, x, max, y);
    long i = row;
    for (; i <= row + bytes - STEP; i += STEP) {
      fromMemorySegment(F, y, i, NATIVE).mul(inverse).intoMemorySegment(y, i, NATIVE);
    }
    for (; i < row + bytes; i += 4) {
      y.set(JAVA_FLOAT, i, y.get(JAVA_FLOAT, i) * inverse);
    }
  }

  static void backward(long row, long bytes, MemorySegment y, MemorySegment dy, MemorySegment dx) {
    float dot = ReductionsVector.dot(y, row, dy, row, bytes);
    long i = row;
    for (; i <= row + bytes - STEP; i += STEP) {
      fromMemorySegment(F, y, i, NATIVE).mul(fromMemorySegment(F, dy, i, NATIVE).sub(dot)).intoMemorySegment(dx, i, NATIVE);
    }
    for (; i < row + bytes; i += 4) {
      dx.set(JAVA_FLOAT, i, y.get(JAVA_FLOAT, i) * (dy.get(JAVA_FLOAT, i) - dot));
    }
  }

  static void logForward(long row, long bytes, MemorySegment x, MemorySegment y) {
    float max = ReductionsVector.max(x, row, bytes);
    float logSum = MathReference.log(sumOfExp(row, bytes, x, max));
    long i = row;
    for (; i <= row + bytes - STEP; i += STEP) {
      fromMemorySegment(F, x, i, NATIVE).sub(max).sub(logSum).intoMemorySegment(y, i, NATIVE);
    }
    for (; i < row + bytes; i += 4) {
      y.set(JAVA_FLOAT, i, x.get(JAVA_FLOAT, i) - max - logSum);
    }
  }

  static void logBackward(long row, long bytes, MemorySegment y, MemorySegment dy, MemorySegment dx) {
    float sum = ReductionsVector.sum(dy, row, bytes);
    FloatVector factor = FloatVector.broadcast(Lanes.F, sum);
    long i = row;
    for (; i <= row + bytes - STEP; i += STEP) {
      ExpVector.exp(fromMemorySegment(F, y, i, NATIVE)).neg().fma(factor, fromMemorySegment(F, dy, i, NATIVE)).intoMemorySegment(dx, i, NATIVE);
    }
    for (; i < row + bytes; i += 4) {
      float p = MathReference.exp(y.get(JAVA_FLOAT, i));
      dx.set(JAVA_FLOAT, i, Math.fma(-p, sum, dy.get(JAVA_FLOAT, i)));
    }
  }

  /** Writes e^(x - max) to y and returns the sum of what it wrote, over 16 virtual lanes. */
  public static float expAndSum(long row, long bytes, MemorySegment x, float max, MemorySegment y) {
    FloatVector a0 = FloatVector.zero(Lanes.F);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    long i = row;
    for (; i <= row + bytes - VirtualLanes.STEP; i += VirtualLanes.STEP) {
      a0 = a0.add(expInto(x, i, max, y));
      if (TWO) {
        a1 = a1.add(expInto(x, i + SECOND, max, y));
      }
      if (FOUR) {
        a2 = a2.add(expInto(x, i + THIRD, max, y));
        a3 = a3.add(expInto(x, i + FOURTH, max, y));
      }
    }
    for (int lane = 0; i < row + bytes; i += 4, lane++) {
      float e = MathReference.exp(x.get(JAVA_FLOAT, i) - max);
      y.set(JAVA_FLOAT, i, e);
      a0 = VirtualLanes.addTo(a0, 0, lane, e);
      a1 = TWO ? VirtualLanes.addTo(a1, Lanes.COUNT, lane, e) : a1;
      a2 = FOUR ? VirtualLanes.addTo(a2, 2 * Lanes.COUNT, lane, e) : a2;
      a3 = FOUR ? VirtualLanes.addTo(a3, 3 * Lanes.COUNT, lane, e) : a3;
    }
    return VirtualLanes.tree(a0, a1, a2, a3);
  }

  /** Sum of e^(x - max) over 16 virtual lanes, when the exponentials themselves are not wanted. */
  public static float sumOfExp(long row, long bytes, MemorySegment x, float max) {
    FloatVector a0 = FloatVector.zero(Lanes.F);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    long i = row;
    for (; i <= row + bytes - VirtualLanes.STEP; i += VirtualLanes.STEP) {
      a0 = a0.add(ExpVector.notAbove(fromMemorySegment(F, x, i, NATIVE).sub(max)));
      if (TWO) {
        a1 = a1.add(ExpVector.notAbove(fromMemorySegment(F, x, i + SECOND, NATIVE).sub(max)));
      }
      if (FOUR) {
        a2 = a2.add(ExpVector.notAbove(fromMemorySegment(F, x, i + THIRD, NATIVE).sub(max)));
        a3 = a3.add(ExpVector.notAbove(fromMemorySegment(F, x, i + FOURTH, NATIVE).sub(max)));
      }
    }
    for (int lane = 0; i < row + bytes; i += 4, lane++) {
      float e = MathReference.exp(x.get(JAVA_FLOAT, i) - max);
      a0 = VirtualLanes.addTo(a0, 0, lane, e);
      a1 = TWO ? VirtualLanes.addTo(a1, Lanes.COUNT, lane, e) : a1;
      a2 = FOUR ? VirtualLanes.addTo(a2, 2 * Lanes.COUNT, lane, e) : a2;
      a3 = FOUR ? VirtualLanes.addTo(a3, 3 * Lanes.COUNT, lane, e) : a3;
    }
    return VirtualLanes.tree(a0, a1, a2, a3);
  }

  private static FloatVector expInto(MemorySegment x, long i, float max, MemorySegment y) {
    FloatVector e = ExpVector.notAbove(fromMemorySegment(F, x, i, NATIVE).sub(max));
    e.intoMemorySegment(y, i, NATIVE);
    return e;
  }
}
