package dev.lanewise.kernels.loss;

import static dev.lanewise.kernels.lane.Lanes.exact;
import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.VirtualLanes.BY_1;
import static dev.lanewise.kernels.lane.VirtualLanes.BY_2;
import static dev.lanewise.kernels.lane.VirtualLanes.BY_4;
import static dev.lanewise.kernels.lane.VirtualLanes.BY_8;
import static dev.lanewise.kernels.lane.VirtualLanes.FOUR;
import static dev.lanewise.kernels.lane.VirtualLanes.TWO;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.lane.VirtualLanes;
import dev.lanewise.kernels.math.SigmoidKernel;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * One row of the losses that are means over elements: the sum of the loss, and separately the gradient. The row is in the first-level
 * cache when the second loop begins.
 */
final class PointwiseVector {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private PointwiseVector() {}

  /** Sum of binary cross-entropies: of their linear parts and of their logarithms, each over 16 virtual lanes. */
  static float binary(long row, long bytes, MemorySegment logits, MemorySegment targets) {
    return linear(row, bytes, logits, targets) + SumOfSoftplusKernel.run(row, row + bytes, logits);
  }

  /** Sum of max(x, 0) - x t. */
  private static float linear(long row, long bytes, MemorySegment logits, MemorySegment targets) {
    logits = exact(logits);
    targets = exact(targets);
    FloatVector a0 = FloatVector.zero(Lanes.F);
    FloatVector a1 = FloatVector.zero(Lanes.F);
    FloatVector a2 = FloatVector.zero(Lanes.F);
    FloatVector a3 = FloatVector.zero(Lanes.F);
    long end = VirtualLanes.wholeGroups(bytes);
    for (long i = 0; i < end; i += STEP) {
      FloatVector x = fromMemorySegment(F, logits, row + i, NATIVE);
      FloatVector positive = FloatVector.zero(Lanes.F).blend(x, x.compare(VectorOperators.GT, 0f));
      FloatVector next = a0.add(x.neg().fma(fromMemorySegment(F, targets, row + i, NATIVE), positive));
      a0 = TWO ? a1 : next;
      a1 = FOUR ? a2 : next;
      a2 = a3;
      a3 = next;
    }
    FloatVector tree = FOUR ? a0.add(a2).add(a1.add(a3)) : TWO ? a0.add(a1) : a0.add(a0.rearrange(BY_8));
    tree = FOUR ? tree : tree.add(tree.rearrange(BY_4));
    tree = tree.add(tree.rearrange(BY_2));
    float sum = tree.add(tree.rearrange(BY_1)).lane(0);
    for (long i = end; i < bytes; i += 4) {
      float x = logits.get(JAVA_FLOAT, row + i);
      sum += Math.fma(-x, targets.get(JAVA_FLOAT, row + i), x > 0f ? x : 0f);
    }
    return sum;
  }

  /** Writes the gradient, which may be the logits' own memory. */
  static void binaryGradient(
      long row, long bytes, MemorySegment logits, MemorySegment targets, MemorySegment gradient, float factor) {
    SigmoidKernel.run(row, row + bytes, logits, gradient);
    difference(row, bytes, gradient, targets, gradient, factor);
  }

  /** Sum of squared differences. */
  static float squared(long row, long bytes, MemorySegment y, MemorySegment targets) {
    y = exact(y);
    targets = exact(targets);
    FloatVector a0 = FloatVector.zero(Lanes.F);
    FloatVector a1 = FloatVector.zero(Lanes.F);
    FloatVector a2 = FloatVector.zero(Lanes.F);
    FloatVector a3 = FloatVector.zero(Lanes.F);
    long end = VirtualLanes.wholeGroups(bytes);
    for (long i = 0; i < end; i += STEP) {
      FloatVector d = fromMemorySegment(F, y, row + i, NATIVE).sub(fromMemorySegment(F, targets, row + i, NATIVE));
      FloatVector next = d.fma(d, a0);
      a0 = TWO ? a1 : next;
      a1 = FOUR ? a2 : next;
      a2 = a3;
      a3 = next;
    }
    FloatVector tree = FOUR ? a0.add(a2).add(a1.add(a3)) : TWO ? a0.add(a1) : a0.add(a0.rearrange(BY_8));
    tree = FOUR ? tree : tree.add(tree.rearrange(BY_4));
    tree = tree.add(tree.rearrange(BY_2));
    float sum = tree.add(tree.rearrange(BY_1)).lane(0);
    for (long i = end; i < bytes; i += 4) {
      float d = y.get(JAVA_FLOAT, row + i) - targets.get(JAVA_FLOAT, row + i);
      sum = Math.fma(d, d, sum);
    }
    return sum;
  }

  /** (y - t) factor. */
  static void difference(
      long row, long bytes, MemorySegment y, MemorySegment targets, MemorySegment gradient, float factor) {
    y = exact(y);
    targets = exact(targets);
    gradient = exact(gradient);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      fromMemorySegment(F, y, row + i, NATIVE).sub(fromMemorySegment(F, targets, row + i, NATIVE)).mul(factor).intoMemorySegment(gradient,
          row + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      gradient.set(JAVA_FLOAT, row + i, (y.get(JAVA_FLOAT, row + i) - targets.get(JAVA_FLOAT, row + i)) * factor);
    }
  }
}
