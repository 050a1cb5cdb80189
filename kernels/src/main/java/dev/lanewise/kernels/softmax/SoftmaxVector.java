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
    MemorySegment yOfRow = y.asSlice(row, bytes);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      fromMemorySegment(F, yOfRow, i, NATIVE).mul(inverse).intoMemorySegment(yOfRow, i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      yOfRow.set(JAVA_FLOAT, i, yOfRow.get(JAVA_FLOAT, i) * inverse);
    }
  }

  static void backward(long row, long bytes, MemorySegment y, MemorySegment dy, MemorySegment dx) {
    float dot = ReductionsVector.dot(y, dy, row, bytes);
    MemorySegment yOfRow = y.asSlice(row, bytes);
    MemorySegment dyOfRow = dy.asSlice(row, bytes);
    MemorySegment dxOfRow = dx.asSlice(row, bytes);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      fromMemorySegment(F, yOfRow, i, NATIVE).mul(fromMemorySegment(F, dyOfRow, i, NATIVE).sub(dot)).intoMemorySegment(dxOfRow, i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      dxOfRow.set(JAVA_FLOAT, i, yOfRow.get(JAVA_FLOAT, i) * (dyOfRow.get(JAVA_FLOAT, i) - dot));
    }
  }

  static void logForward(long row, long bytes, MemorySegment x, MemorySegment y) {
    float max = ReductionsVector.max(x, row, bytes);
    float logSum = MathReference.log(SumOfExpKernel.run(row, row + bytes, x, max));
    MemorySegment xOfRow = x.asSlice(row, bytes);
    MemorySegment yOfRow = y.asSlice(row, bytes);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      fromMemorySegment(F, xOfRow, i, NATIVE).sub(max).sub(logSum).intoMemorySegment(yOfRow, i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      yOfRow.set(JAVA_FLOAT, i, xOfRow.get(JAVA_FLOAT, i) - max - logSum);
    }
  }

  static void logBackward(long row, long bytes, MemorySegment y, MemorySegment dy, MemorySegment dx) {
    float sum = ReductionsVector.sum(dy, row, bytes);
    ExpKernel.run(row, row + bytes, y, 0f, dx);
    FloatVector factor = FloatVector.broadcast(Lanes.F, -sum);
    MemorySegment dyOfRow = dy.asSlice(row, bytes);
    MemorySegment dxOfRow = dx.asSlice(row, bytes);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      fromMemorySegment(F, dxOfRow, i, NATIVE).fma(factor, fromMemorySegment(F, dyOfRow, i, NATIVE)).intoMemorySegment(dxOfRow, i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      dxOfRow.set(JAVA_FLOAT, i, Math.fma(dxOfRow.get(JAVA_FLOAT, i), -sum, dyOfRow.get(JAVA_FLOAT, i)));
    }
  }

  /**
   * Writes e^(x - max) to y and returns the sum of what it wrote, over 16 virtual lanes: two loops, since the one that takes exponentials has branches,
   * and a sum carried across them would be boxed.
   */
  public static float expAndSum(long row, long bytes, MemorySegment x, float max, MemorySegment y) {
    long end = row + bytes;
    long whole = bytes - bytes % STEP;
    if (0 < whole && whole < bytes && x.address() != y.address()) {
      // The rest comes from a vector that ends with the row: some results are computed twice, to the same bits. In place they would be exponentials of
      // exponentials, so there the rest is scalar.
      ExpKernel.run(end - STEP, end, x, max, y);
      ExpKernel.run(row, row + whole, x, max, y);
    } else {
      ExpKernel.run(row, end, x, max, y);
    }
    return ReductionsVector.sum(y, row, bytes);
  }
}
