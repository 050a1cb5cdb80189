package dev.lanewise.kernels.norm;

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
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * Loops over one row of layer normalisation; the row lies at byte offset {@code row} in each matrix, gamma and beta begin at 0. Sums are over
 * 16 virtual lanes.
 */
final class LayerNormKernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private LayerNormKernel() {}

  /** Sum of (x - mean)^2. */
  static float squares(long row, long bytes, MemorySegment x, float mean) {
    x = exact(x);
    FloatVector a0 = FloatVector.zero(Lanes.F);
    FloatVector a1 = FloatVector.zero(Lanes.F);
    FloatVector a2 = FloatVector.zero(Lanes.F);
    FloatVector a3 = FloatVector.zero(Lanes.F);
    long end = VirtualLanes.wholeGroups(bytes);
    for (long j = 0; j < end; j += STEP) {
      FloatVector d = fromMemorySegment(F, x, row + j, NATIVE).sub(mean);
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
    for (long j = end; j < bytes; j += 4) {
      float d = x.get(JAVA_FLOAT, row + j) - mean;
      sum = Math.fma(d, d, sum);
    }
    return sum;
  }

  /** y = gamma (x - mean) rstd + beta. */
  static void normalise(
      long row, long bytes, MemorySegment x, float mean, float rstd, MemorySegment gamma, MemorySegment beta,
      MemorySegment y) {
    x = exact(x);
    y = exact(y);
    gamma = exact(gamma);
    beta = exact(beta);
    long j = 0;
    for (; j <= bytes - STEP; j += STEP) {
      FloatVector normal = fromMemorySegment(F, x, row + j, NATIVE).sub(mean).mul(rstd);
      normal = normal.fma(fromMemorySegment(F, gamma, j, NATIVE), fromMemorySegment(F, beta, j, NATIVE));
      normal.intoMemorySegment(y, row + j, NATIVE);
    }
    for (; j < bytes; j += 4) {
      float normal = (x.get(JAVA_FLOAT, row + j) - mean) * rstd;
      y.set(JAVA_FLOAT, row + j, Math.fma(normal, gamma.get(JAVA_FLOAT, j), beta.get(JAVA_FLOAT, j)));
    }
  }

  /** Sum of dy gamma, as the bits of the upper half, and of dy gamma (x - mean) rstd, as those of the lower. */
  static long sums(
      long row, long bytes, MemorySegment dy, MemorySegment gamma, MemorySegment x, float mean, float rstd) {
    dy = exact(dy);
    x = exact(x);
    gamma = exact(gamma);
    FloatVector a0 = FloatVector.zero(Lanes.F);
    FloatVector a1 = FloatVector.zero(Lanes.F);
    FloatVector a2 = FloatVector.zero(Lanes.F);
    FloatVector a3 = FloatVector.zero(Lanes.F);
    FloatVector b0 = FloatVector.zero(Lanes.F);
    FloatVector b1 = FloatVector.zero(Lanes.F);
    FloatVector b2 = FloatVector.zero(Lanes.F);
    FloatVector b3 = FloatVector.zero(Lanes.F);
    long end = VirtualLanes.wholeGroups(bytes);
    for (long j = 0; j < end; j += STEP) {
      FloatVector normal = fromMemorySegment(F, x, row + j, NATIVE).sub(mean).mul(rstd);
      FloatVector d = fromMemorySegment(F, dy, row + j, NATIVE);
      FloatVector weight = fromMemorySegment(F, gamma, j, NATIVE);
      FloatVector next = d.fma(weight, a0);
      a0 = TWO ? a1 : next;
      a1 = FOUR ? a2 : next;
      a2 = a3;
      a3 = next;
      FloatVector projected = d.mul(weight).fma(normal, b0);
      b0 = TWO ? b1 : projected;
      b1 = FOUR ? b2 : projected;
      b2 = b3;
      b3 = projected;
    }
    FloatVector a = FOUR ? a0.add(a2).add(a1.add(a3)) : TWO ? a0.add(a1) : a0.add(a0.rearrange(BY_8));
    FloatVector b = FOUR ? b0.add(b2).add(b1.add(b3)) : TWO ? b0.add(b1) : b0.add(b0.rearrange(BY_8));
    a = FOUR ? a : a.add(a.rearrange(BY_4));
    b = FOUR ? b : b.add(b.rearrange(BY_4));
    a = a.add(a.rearrange(BY_2));
    b = b.add(b.rearrange(BY_2));
    float first = a.add(a.rearrange(BY_1)).lane(0);
    float second = b.add(b.rearrange(BY_1)).lane(0);
    for (long j = end; j < bytes; j += 4) {
      float normal = (x.get(JAVA_FLOAT, row + j) - mean) * rstd;
      float d = dy.get(JAVA_FLOAT, row + j);
      float weight = gamma.get(JAVA_FLOAT, j);
      first = Math.fma(d, weight, first);
      second = Math.fma(d * weight, normal, second);
    }
    return (long) Float.floatToRawIntBits(first) << 32 | (Float.floatToRawIntBits(second) & 0xffff_ffffL);
  }

  /** dx = rstd (dy gamma - c1 - c2 (x - mean) rstd). */
  static void backward(
      long row, long bytes, MemorySegment dy, MemorySegment gamma, MemorySegment x, float mean, float rstd, float c1,
      float c2, MemorySegment dx) {
    dy = exact(dy);
    x = exact(x);
    dx = exact(dx);
    gamma = exact(gamma);
    FloatVector minus = FloatVector.broadcast(Lanes.F, -c2);
    long j = 0;
    for (; j <= bytes - STEP; j += STEP) {
      FloatVector normal = fromMemorySegment(F, x, row + j, NATIVE).sub(mean).mul(rstd);
      FloatVector g = fromMemorySegment(F, dy, row + j, NATIVE).mul(fromMemorySegment(F, gamma, j, NATIVE));
      minus.fma(normal, g.sub(c1)).mul(rstd).intoMemorySegment(dx, row + j, NATIVE);
    }
    for (; j < bytes; j += 4) {
      float normal = (x.get(JAVA_FLOAT, row + j) - mean) * rstd;
      float g = dy.get(JAVA_FLOAT, row + j) * gamma.get(JAVA_FLOAT, j);
      dx.set(JAVA_FLOAT, row + j, Math.fma(-c2, normal, g - c1) * rstd);
    }
  }
}
