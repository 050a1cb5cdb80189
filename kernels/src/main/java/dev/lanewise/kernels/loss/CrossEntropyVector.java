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
import dev.lanewise.kernels.reduction.ReductionsVector;
import dev.lanewise.kernels.reference.MathReference;
import dev.lanewise.kernels.softmax.SoftmaxVector;
import dev.lanewise.kernels.softmax.SumOfExpKernel;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * One row of categorical cross-entropy from logits; the row lies at byte offset {@code row} in each operand. As in {@link SoftmaxVector}, a method has
 * a loop or calls those that do.
 */
final class CrossEntropyVector {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private CrossEntropyVector() {}

  /** Loss for the class at byte offset {@code label}. */
  static float sparse(long row, long bytes, MemorySegment logits, long label) {
    float max = ReductionsVector.max(logits, row, bytes);
    float sum = SumOfExpKernel.run(row, row + bytes, logits, max);
    return MathReference.log(sum) - (logits.get(JAVA_FLOAT, label) - max);
  }

  /** The same, and the gradient, which may be the logits' own memory. */
  static float sparse(long row, long bytes, MemorySegment logits, long label, MemorySegment gradient, float scale) {
    float max = ReductionsVector.max(logits, row, bytes);
    float ofLabel = logits.get(JAVA_FLOAT, label) - max;
    float sum = SoftmaxVector.expAndSum(row, bytes, logits, max, gradient);
    float inverse = 1f / sum;
    float p = gradient.get(JAVA_FLOAT, label) * inverse;
    scale(row, bytes, inverse, scale, gradient);
    gradient.set(JAVA_FLOAT, label, (p - 1f) * scale);
    return MathReference.log(sum) - ofLabel;
  }

  /** gradient = gradient inverse scale. */
  private static void scale(long row, long bytes, float inverse, float scale, MemorySegment gradient) {
    gradient = exact(gradient);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      fromMemorySegment(F, gradient, row + i, NATIVE).mul(inverse).mul(scale).intoMemorySegment(gradient, row + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      gradient.set(JAVA_FLOAT, row + i, gradient.get(JAVA_FLOAT, row + i) * inverse * scale);
    }
  }

  /** Loss against a row of target probabilities. */
  static float dense(long row, long bytes, MemorySegment logits, MemorySegment targets) {
    float max = ReductionsVector.max(logits, row, bytes);
    float logSum = MathReference.log(SumOfExpKernel.run(row, row + bytes, logits, max));
    return loss(row, bytes, logits, max, logSum, targets);
  }

  /** The same, and the gradient, which may be the logits' own memory. */
  static float dense(
      long row, long bytes, MemorySegment logits, MemorySegment targets, MemorySegment gradient, float scale) {
    float max = ReductionsVector.max(logits, row, bytes);
    float sum = SumOfExpKernel.run(row, row + bytes, logits, max);
    float loss = loss(row, bytes, logits, max, MathReference.log(sum), targets);
    SoftmaxVector.expAndSum(row, bytes, logits, max, gradient);
    gradient(row, bytes, 1f / sum, targets, ReductionsVector.sum(targets, row, bytes), scale, gradient);
    return loss;
  }

  /** gradient = (gradient inverse mass - targets) scale. */
  private static void gradient(
      long row, long bytes, float inverse, MemorySegment targets, float mass, float scale, MemorySegment gradient) {
    FloatVector masses = FloatVector.broadcast(Lanes.F, mass);
    gradient = exact(gradient);
    targets = exact(targets);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector p = fromMemorySegment(F, gradient, row + i, NATIVE).mul(inverse);
      p.fma(masses, fromMemorySegment(F, targets, row + i, NATIVE).neg()).mul(scale).intoMemorySegment(gradient, row + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      float p = gradient.get(JAVA_FLOAT, row + i) * inverse;
      gradient.set(JAVA_FLOAT, row + i, Math.fma(p, mass, -targets.get(JAVA_FLOAT, row + i)) * scale);
    }
  }

  /** Sum of t (log s - (x - m)) over 16 virtual lanes. */
  private static float loss(
      long row, long bytes, MemorySegment logits, float max, float logSum, MemorySegment targets) {
    logits = exact(logits);
    targets = exact(targets);
    FloatVector a0 = FloatVector.zero(Lanes.F);
    FloatVector a1 = FloatVector.zero(Lanes.F);
    FloatVector a2 = FloatVector.zero(Lanes.F);
    FloatVector a3 = FloatVector.zero(Lanes.F);
    long end = VirtualLanes.wholeGroups(bytes);
    for (long i = 0; i < end; i += STEP) {
      FloatVector surprise = FloatVector.broadcast(Lanes.F, logSum).sub(fromMemorySegment(F, logits, row + i, NATIVE).sub(max));
      FloatVector next = fromMemorySegment(F, targets, row + i, NATIVE).fma(surprise, a0);
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
      sum = Math.fma(targets.get(JAVA_FLOAT, row + i), logSum - (logits.get(JAVA_FLOAT, row + i) - max), sum);
    }
    return sum;
  }
}
