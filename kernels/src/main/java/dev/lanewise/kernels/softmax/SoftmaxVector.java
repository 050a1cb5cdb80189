package dev.lanewise.kernels.softmax;

import static dev.lanewise.kernels.lane.Lanes.F;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.math.ExpKernel;
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
    float dot = ReductionsVector.dot(y, dy, row, bytes);
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
    float logSum = MathReference.log(SumOfExpKernel.run(row, row + bytes, x, max));
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
    ExpKernel.run(row, row + bytes, y, 0f, dx);
    FloatVector factor = FloatVector.broadcast(Lanes.F, -sum);
    long i = row;
    for (; i <= row + bytes - STEP; i += STEP) {
      fromMemorySegment(F, dx, i, NATIVE).fma(factor, fromMemorySegment(F, dy, i, NATIVE)).intoMemorySegment(dx, i, NATIVE);
    }
    for (; i < row + bytes; i += 4) {
      dx.set(JAVA_FLOAT, i, Math.fma(dx.get(JAVA_FLOAT, i), -sum, dy.get(JAVA_FLOAT, i)));
    }
  }

  /** Writes e^(x - max) to y and returns the sum of what it wrote, over 16 virtual lanes. */
  public static float expAndSum(long row, long bytes, MemorySegment x, float max, MemorySegment y) {
    return ExpAndSumKernel.run(row, row + bytes, x, max, y);
  }
}
