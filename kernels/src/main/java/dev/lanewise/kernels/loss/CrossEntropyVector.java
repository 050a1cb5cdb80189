package dev.lanewise.kernels.loss;

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
import dev.lanewise.kernels.reduction.ReductionsVector;
import dev.lanewise.kernels.reference.MathReference;
import dev.lanewise.kernels.softmax.SoftmaxVector;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/** One row of categorical cross-entropy from logits; the row lies at byte offset {@code row} in each operand. */
final class CrossEntropyVector {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private CrossEntropyVector() {}

  /** Loss for the class at byte offset {@code label}. */
  static float sparse(long row, long bytes, MemorySegment logits, long label) {
    float max = ReductionsVector.max(logits, row, bytes);
    float sum = SoftmaxVector.sumOfExp(row, bytes, logits, max);
    return MathReference.log(sum) - (logits.get(JAVA_FLOAT, label) - max);
  }

  /** The same, and the gradient, which may be the logits' own memory. */
  static float sparse(long row, long bytes, MemorySegment logits, long label, MemorySegment gradient, float scale) {
    float max = ReductionsVector.max(logits, row, bytes);
    float ofLabel = logits.get(JAVA_FLOAT, label) - max;
    float sum = SoftmaxVector.expAndSum(row, bytes, logits, max, gradient);
    float inverse = 1f / sum;
    float p = gradient.get(JAVA_FLOAT, label) * inverse;
    long i = row;
    for (; i <= row + bytes - STEP; i += STEP) {
      fromMemorySegment(F, gradient, i, NATIVE).mul(inverse).mul(scale).intoMemorySegment(gradient, i, NATIVE);
    }
    for (; i < row + bytes; i += 4) {
      gradient.set(JAVA_FLOAT, i, gradient.get(JAVA_FLOAT, i) * inverse * scale);
    }
    gradient.set(JAVA_FLOAT, label, (p - 1f) * scale);
    return MathReference.log(sum) - ofLabel;
  }

  /** Loss against a row of target probabilities. */
  static float dense(long row, long bytes, MemorySegment logits, MemorySegment targets) {
    float max = ReductionsVector.max(logits, row, bytes);
    float logSum = MathReference.log(SoftmaxVector.sumOfExp(row, bytes, logits, max));
    return loss(row, bytes, logits, max, logSum, targets);
  }

  /** The same, and the gradient, which may be the logits' own memory. */
  static float dense(
      long row, long bytes, MemorySegment logits, MemorySegment targets, MemorySegment gradient, float scale) {
    float max = ReductionsVector.max(logits, row, bytes);
    float sum = SoftmaxVector.sumOfExp(row, bytes, logits, max);
    float loss = loss(row, bytes, logits, max, MathReference.log(sum), targets);
    SoftmaxVector.expAndSum(row, bytes, logits, max, gradient);
    float inverse = 1f / sum;
    float mass = ReductionsVector.sum(targets, row, bytes);
    FloatVector masses = FloatVector.broadcast(Lanes.F, mass);
    long i = row;
    for (; i <= row + bytes - STEP; i += STEP) {
      FloatVector p = fromMemorySegment(F, gradient, i, NATIVE).mul(inverse);
      p.fma(masses, fromMemorySegment(F, targets, i, NATIVE).neg()).mul(scale).intoMemorySegment(gradient, i, NATIVE);
    }
    for (; i < row + bytes; i += 4) {
      float p = gradient.get(JAVA_FLOAT, i) * inverse;
      gradient.set(JAVA_FLOAT, i, Math.fma(p, mass, -targets.get(JAVA_FLOAT, i)) * scale);
    }
    return loss;
  }

  /** Sum of t (log s - (x - m)) over 16 virtual lanes. */
  private static float loss(
      long row, long bytes, MemorySegment logits, float max, float logSum, MemorySegment targets) {
    FloatVector a0 = FloatVector.zero(Lanes.F);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    long i = row;
    for (; i <= row + bytes - VirtualLanes.STEP; i += VirtualLanes.STEP) {
      a0 = surprise(logits, i, max, logSum).fma(fromMemorySegment(F, targets, i, NATIVE), a0);
      if (TWO) {
        a1 = surprise(logits, i + SECOND, max, logSum).fma(fromMemorySegment(F, targets, i + SECOND, NATIVE), a1);
      }
      if (FOUR) {
        a2 = surprise(logits, i + THIRD, max, logSum).fma(fromMemorySegment(F, targets, i + THIRD, NATIVE), a2);
        a3 = surprise(logits, i + FOURTH, max, logSum).fma(fromMemorySegment(F, targets, i + FOURTH, NATIVE), a3);
      }
    }
    for (int lane = 0; i < row + bytes; i += 4, lane++) {
      float d = logSum - (logits.get(JAVA_FLOAT, i) - max);
      float t = targets.get(JAVA_FLOAT, i);
      a0 = VirtualLanes.fmaTo(a0, 0, lane, d, t);
      a1 = TWO ? VirtualLanes.fmaTo(a1, Lanes.COUNT, lane, d, t) : a1;
      a2 = FOUR ? VirtualLanes.fmaTo(a2, 2 * Lanes.COUNT, lane, d, t) : a2;
      a3 = FOUR ? VirtualLanes.fmaTo(a3, 3 * Lanes.COUNT, lane, d, t) : a3;
    }
    return VirtualLanes.tree(a0, a1, a2, a3);
  }

  private static FloatVector surprise(MemorySegment logits, long i, float max, float logSum) {
    return FloatVector.broadcast(Lanes.F, logSum).sub(fromMemorySegment(F, logits, i, NATIVE).sub(max));
  }
}
