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
import dev.lanewise.kernels.math.ExpVector;
import dev.lanewise.kernels.math.LogVector;
import dev.lanewise.kernels.reference.LossesReference;
import dev.lanewise.kernels.reference.MathReference;
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

  /** Sum of binary cross-entropies. */
  static float binary(long row, long bytes, MemorySegment logits, MemorySegment targets) {
    FloatVector a0 = FloatVector.zero(Lanes.F);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    long i = row;
    for (; i <= row + bytes - VirtualLanes.STEP; i += VirtualLanes.STEP) {
      a0 = a0.add(binary(fromMemorySegment(F, logits, i, NATIVE), fromMemorySegment(F, targets, i, NATIVE)));
      if (TWO) {
        a1 = a1.add(binary(fromMemorySegment(F, logits, i + SECOND, NATIVE), fromMemorySegment(F, targets, i + SECOND, NATIVE)));
      }
      if (FOUR) {
        a2 = a2.add(binary(fromMemorySegment(F, logits, i + THIRD, NATIVE), fromMemorySegment(F, targets, i + THIRD, NATIVE)));
        a3 = a3.add(binary(fromMemorySegment(F, logits, i + FOURTH, NATIVE), fromMemorySegment(F, targets, i + FOURTH, NATIVE)));
      }
    }
    for (int lane = 0; i < row + bytes; i += 4, lane++) {
      float loss = LossesReference.binary(logits.get(JAVA_FLOAT, i), targets.get(JAVA_FLOAT, i));
      a0 = VirtualLanes.addTo(a0, 0, lane, loss);
      a1 = TWO ? VirtualLanes.addTo(a1, Lanes.COUNT, lane, loss) : a1;
      a2 = FOUR ? VirtualLanes.addTo(a2, 2 * Lanes.COUNT, lane, loss) : a2;
      a3 = FOUR ? VirtualLanes.addTo(a3, 3 * Lanes.COUNT, lane, loss) : a3;
    }
    return VirtualLanes.tree(a0, a1, a2, a3);
  }

  private static FloatVector binary(FloatVector x, FloatVector t) {
    FloatVector positive = FloatVector.zero(Lanes.F).blend(x, x.compare(VectorOperators.GT, 0f));
    return x.neg().fma(t, positive).add(LogVector.onePlus(ExpVector.notAbove(x.abs().neg())));
  }

  static void binaryGradient(
      long row, long bytes, MemorySegment logits, MemorySegment targets, MemorySegment gradient, float factor) {
    long i = row;
    for (; i <= row + bytes - STEP; i += STEP) {
      FloatVector p = ExpVector.sigmoid(fromMemorySegment(F, logits, i, NATIVE));
      p.sub(fromMemorySegment(F, targets, i, NATIVE)).mul(factor).intoMemorySegment(gradient, i, NATIVE);
    }
    for (; i < row + bytes; i += 4) {
      float p = MathReference.sigmoid(logits.get(JAVA_FLOAT, i));
      gradient.set(JAVA_FLOAT, i, (p - targets.get(JAVA_FLOAT, i)) * factor);
    }
  }

  /** Sum of squared differences. */
  static float squared(long row, long bytes, MemorySegment y, MemorySegment targets) {
    FloatVector a0 = FloatVector.zero(Lanes.F);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    long i = row;
    for (; i <= row + bytes - VirtualLanes.STEP; i += VirtualLanes.STEP) {
      FloatVector d0 = fromMemorySegment(F, y, i, NATIVE).sub(fromMemorySegment(F, targets, i, NATIVE));
      a0 = d0.fma(d0, a0);
      if (TWO) {
        FloatVector d1 = fromMemorySegment(F, y, i + SECOND, NATIVE).sub(fromMemorySegment(F, targets, i + SECOND, NATIVE));
        a1 = d1.fma(d1, a1);
      }
      if (FOUR) {
        FloatVector d2 = fromMemorySegment(F, y, i + THIRD, NATIVE).sub(fromMemorySegment(F, targets, i + THIRD, NATIVE));
        a2 = d2.fma(d2, a2);
        FloatVector d3 = fromMemorySegment(F, y, i + FOURTH, NATIVE).sub(fromMemorySegment(F, targets, i + FOURTH, NATIVE));
        a3 = d3.fma(d3, a3);
      }
    }
    for (int lane = 0; i < row + bytes; i += 4, lane++) {
      float d = y.get(JAVA_FLOAT, i) - targets.get(JAVA_FLOAT, i);
      a0 = VirtualLanes.fmaTo(a0, 0, lane, d, d);
      a1 = TWO ? VirtualLanes.fmaTo(a1, Lanes.COUNT, lane, d, d) : a1;
      a2 = FOUR ? VirtualLanes.fmaTo(a2, 2 * Lanes.COUNT, lane, d, d) : a2;
      a3 = FOUR ? VirtualLanes.fmaTo(a3, 3 * Lanes.COUNT, lane, d, d) : a3;
    }
    return VirtualLanes.tree(a0, a1, a2, a3);
  }

  static void squaredGradient(
      long row, long bytes, MemorySegment y, MemorySegment targets, MemorySegment gradient, float factor) {
    long i = row;
    for (; i <= row + bytes - STEP; i += STEP) {
      fromMemorySegment(F, y, i, NATIVE).sub(fromMemorySegment(F, targets, i, NATIVE)).mul(factor).intoMemorySegment(gradient, i, NATIVE);
    }
    for (; i < row + bytes; i += 4) {
      gradient.set(JAVA_FLOAT, i, (y.get(JAVA_FLOAT, i) - targets.get(JAVA_FLOAT, i)) * factor);
    }
  }
}
