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
import static dev.lanewise.kernels.lane.VirtualLanes.STEP;
import static dev.lanewise.kernels.lane.VirtualLanes.THIRD;
import static dev.lanewise.kernels.lane.VirtualLanes.TWO;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * Sums of long vectors over 32 virtual lanes: twice those of a row, since an add waits for the one before, and a single vector of lanes waits longer
 * than memory does. Lanes 0 to 15 live in a0 to a3, lanes 16 to 31 in b0 to b3, of which the width needs one, two or four each; the others fold away.
 */
public final class SumKernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();

  private SumKernel() {}

  /** Sum of n floats. */
  public static float sum(long n, MemorySegment x) {
    x = exact(x);
    FloatVector a0 = FloatVector.zero(Lanes.F);
    FloatVector a1 = FloatVector.zero(Lanes.F);
    FloatVector a2 = FloatVector.zero(Lanes.F);
    FloatVector a3 = FloatVector.zero(Lanes.F);
    FloatVector b0 = FloatVector.zero(Lanes.F);
    FloatVector b1 = FloatVector.zero(Lanes.F);
    FloatVector b2 = FloatVector.zero(Lanes.F);
    FloatVector b3 = FloatVector.zero(Lanes.F);
    long end = 4 * (n - n % (2 * Lanes.VIRTUAL));
    for (long i = 0; i < end; i += 2 * STEP) {
      a0 = a0.add(fromMemorySegment(F, x, i, NATIVE));
      b0 = b0.add(fromMemorySegment(F, x, i + STEP, NATIVE));
      if (TWO) {
        a1 = a1.add(fromMemorySegment(F, x, i + SECOND, NATIVE));
        b1 = b1.add(fromMemorySegment(F, x, i + STEP + SECOND, NATIVE));
      }
      if (FOUR) {
        a2 = a2.add(fromMemorySegment(F, x, i + THIRD, NATIVE));
        a3 = a3.add(fromMemorySegment(F, x, i + FOURTH, NATIVE));
        b2 = b2.add(fromMemorySegment(F, x, i + STEP + THIRD, NATIVE));
        b3 = b3.add(fromMemorySegment(F, x, i + STEP + FOURTH, NATIVE));
      }
    }
    FloatVector c0 = a0.add(b0);
    FloatVector tree = FOUR ? c0.add(a2.add(b2)).add(a1.add(b1).add(a3.add(b3))) : TWO ? c0.add(a1.add(b1)) : c0.add(c0.rearrange(BY_8));
    tree = FOUR ? tree : tree.add(tree.rearrange(BY_4));
    tree = tree.add(tree.rearrange(BY_2));
    float sum = tree.add(tree.rearrange(BY_1)).lane(0);
    for (long i = end; i < 4 * n; i += 4) {
      sum += x.get(JAVA_FLOAT, i);
    }
    return sum;
  }

  /** Sum of x y over n floats of each. */
  public static float dot(long n, MemorySegment x, MemorySegment y) {
    x = exact(x);
    y = exact(y);
    FloatVector a0 = FloatVector.zero(Lanes.F);
    FloatVector a1 = FloatVector.zero(Lanes.F);
    FloatVector a2 = FloatVector.zero(Lanes.F);
    FloatVector a3 = FloatVector.zero(Lanes.F);
    FloatVector b0 = FloatVector.zero(Lanes.F);
    FloatVector b1 = FloatVector.zero(Lanes.F);
    FloatVector b2 = FloatVector.zero(Lanes.F);
    FloatVector b3 = FloatVector.zero(Lanes.F);
    long end = 4 * (n - n % (2 * Lanes.VIRTUAL));
    for (long i = 0; i < end; i += 2 * STEP) {
      a0 = fromMemorySegment(F, x, i, NATIVE).fma(fromMemorySegment(F, y, i, NATIVE), a0);
      b0 = fromMemorySegment(F, x, i + STEP, NATIVE).fma(fromMemorySegment(F, y, i + STEP, NATIVE), b0);
      if (TWO) {
        a1 = fromMemorySegment(F, x, i + SECOND, NATIVE).fma(fromMemorySegment(F, y, i + SECOND, NATIVE), a1);
        b1 = fromMemorySegment(F, x, i + STEP + SECOND, NATIVE).fma(fromMemorySegment(F, y, i + STEP + SECOND, NATIVE), b1);
      }
      if (FOUR) {
        a2 = fromMemorySegment(F, x, i + THIRD, NATIVE).fma(fromMemorySegment(F, y, i + THIRD, NATIVE), a2);
        a3 = fromMemorySegment(F, x, i + FOURTH, NATIVE).fma(fromMemorySegment(F, y, i + FOURTH, NATIVE), a3);
        b2 = fromMemorySegment(F, x, i + STEP + THIRD, NATIVE).fma(fromMemorySegment(F, y, i + STEP + THIRD, NATIVE), b2);
        b3 = fromMemorySegment(F, x, i + STEP + FOURTH, NATIVE).fma(fromMemorySegment(F, y, i + STEP + FOURTH, NATIVE), b3);
      }
    }
    FloatVector c0 = a0.add(b0);
    FloatVector tree = FOUR ? c0.add(a2.add(b2)).add(a1.add(b1).add(a3.add(b3))) : TWO ? c0.add(a1.add(b1)) : c0.add(c0.rearrange(BY_8));
    tree = FOUR ? tree : tree.add(tree.rearrange(BY_4));
    tree = tree.add(tree.rearrange(BY_2));
    float sum = tree.add(tree.rearrange(BY_1)).lane(0);
    for (long i = end; i < 4 * n; i += 4) {
      sum = Math.fma(x.get(JAVA_FLOAT, i), y.get(JAVA_FLOAT, i), sum);
    }
    return sum;
  }
}
