package dev.lanewise.kernels.softmax;

import static dev.lanewise.kernels.lane.Lanes.exact;
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

/**
 * One row of softmax or log-softmax; the row lies at byte offset {@code row} in each operand.
 *
 * <p>A method has a loop or calls those that do, never both: C2 may compile a method for its own loop's sake before it
 * knows enough of the loop that it calls, inlines that one with its operations left as calls, and never looks again (one
 * process in five had a softmax of a sixth of the speed).
 */
public final class SoftmaxVector {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private SoftmaxVector() {}

  static void forward(long row, long bytes, MemorySegment x, MemorySegment y) {
    float max = ReductionsVector.max(x, row, bytes);
    float inverse = 1f / expAndSum(row, bytes, x, max, y);
    scale(row, bytes, inverse, y);
  }

  /** y = y inverse. */
  private static void scale(long row, long bytes, float inverse, MemorySegment y) {
    y = exact(y);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      fromMemorySegment(F, y, row + i, NATIVE).mul(inverse).intoMemorySegment(y, row + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      y.set(JAVA_FLOAT, row + i, y.get(JAVA_FLOAT, row + i) * inverse);
    }
  }

  static void backward(long row, long bytes, MemorySegment y, MemorySegment dy, MemorySegment dx) {
    project(row, bytes, y, dy, ReductionsVector.dot(y, dy, row, bytes), dx);
  }

  /** dx = y (dy - dot). */
  private static void project(long row, long bytes, MemorySegment y, MemorySegment dy, float dot, MemorySegment dx) {
    y = exact(y);
    dy = exact(dy);
    dx = exact(dx);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      fromMemorySegment(F, y, row + i, NATIVE).mul(fromMemorySegment(F, dy, row + i, NATIVE).sub(dot)).intoMemorySegment(dx, row + i,
          NATIVE);
    }
    for (; i < bytes; i += 4) {
      dx.set(JAVA_FLOAT, row + i, y.get(JAVA_FLOAT, row + i) * (dy.get(JAVA_FLOAT, row + i) - dot));
    }
  }

  static void logForward(long row, long bytes, MemorySegment x, MemorySegment y) {
    float max = ReductionsVector.max(x, row, bytes);
    float logSum = MathReference.log(SumOfExpKernel.run(row, row + bytes, x, max));
    shift(row, bytes, x, max, logSum, y);
  }

  /** y = x - max - logSum. */
  private static void shift(long row, long bytes, MemorySegment x, float max, float logSum, MemorySegment y) {
    x = exact(x);
    y = exact(y);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      fromMemorySegment(F, x, row + i, NATIVE).sub(max).sub(logSum).intoMemorySegment(y, row + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      y.set(JAVA_FLOAT, row + i, x.get(JAVA_FLOAT, row + i) - max - logSum);
    }
  }

  static void logBackward(long row, long bytes, MemorySegment y, MemorySegment dy, MemorySegment dx) {
    float sum = ReductionsVector.sum(dy, row, bytes);
    ExpKernel.run(row, row + bytes, y, 0f, dx);
    projectLog(row, bytes, dy, sum, dx);
  }

  /** dx = dy - dx sum, where dx holds the probabilities. */
  private static void projectLog(long row, long bytes, MemorySegment dy, float sum, MemorySegment dx) {
    FloatVector factor = FloatVector.broadcast(Lanes.F, -sum);
    dy = exact(dy);
    dx = exact(dx);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      fromMemorySegment(F, dx, row + i, NATIVE).fma(factor, fromMemorySegment(F, dy, row + i, NATIVE)).intoMemorySegment(dx, row + i,
          NATIVE);
    }
    for (; i < bytes; i += 4) {
      dx.set(JAVA_FLOAT, row + i, Math.fma(dx.get(JAVA_FLOAT, row + i), -sum, dy.get(JAVA_FLOAT, row + i)));
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
