package dev.lanewise.kernels.variational;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;
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
 * One row of latent variables. Offsets are bytes: {@code mu} of the row in tensors of means and logarithms, which follow {@code bytes} later,
 * {@code at} of the row in the others.
 */
final class GaussianKernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private GaussianKernel() {}

  /** y = lambda / 2. */
  static void halve(long lambda, long at, long bytes, MemorySegment h, MemorySegment y) {
    h = exact(h);
    y = exact(y);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      fromMemorySegment(F, h, lambda + i, NATIVE).mul(0.5f).intoMemorySegment(y, at + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      y.set(JAVA_FLOAT, at + i, 0.5f * h.get(JAVA_FLOAT, lambda + i));
    }
  }

  /** z = mu + sigma eps. */
  static void shift(long mu, long at, long bytes, MemorySegment h, MemorySegment eps, MemorySegment sigma, MemorySegment z) {
    h = exact(h);
    eps = exact(eps);
    sigma = exact(sigma);
    z = exact(z);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector m = fromMemorySegment(F, h, mu + i, NATIVE);
      FloatVector e = fromMemorySegment(F, eps, at + i, NATIVE);
      fromMemorySegment(F, sigma, at + i, NATIVE).fma(e, m).intoMemorySegment(z, at + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      float s = sigma.get(JAVA_FLOAT, at + i);
      z.set(JAVA_FLOAT, at + i, Math.fma(s, eps.get(JAVA_FLOAT, at + i), h.get(JAVA_FLOAT, mu + i)));
    }
  }

  /** dmu = dz, dlambda = dz eps sigma / 2. */
  static void backward(
      long mu, long at, long bytes, MemorySegment eps, MemorySegment sigma, MemorySegment dz, MemorySegment dh) {
    eps = exact(eps);
    sigma = exact(sigma);
    dz = exact(dz);
    dh = exact(dh);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector g = fromMemorySegment(F, dz, at + i, NATIVE);
      g.intoMemorySegment(dh, mu + i, NATIVE);
      g.mul(fromMemorySegment(F, eps, at + i, NATIVE))
          .mul(fromMemorySegment(F, sigma, at + i, NATIVE))
          .mul(0.5f)
          .intoMemorySegment(dh, mu + bytes + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      float g = dz.get(JAVA_FLOAT, at + i);
      dh.set(JAVA_FLOAT, mu + i, g);
      dh.set(JAVA_FLOAT, mu + bytes + i, g * eps.get(JAVA_FLOAT, at + i) * sigma.get(JAVA_FLOAT, at + i) * 0.5f);
    }
  }

  /** Sum of mu^2 + sigma^2 - (1 + lambda), over 16 virtual lanes. */
  static float divergence(long mu, long at, long bytes, MemorySegment h, MemorySegment sigma) {
    h = exact(h);
    sigma = exact(sigma);
    FloatVector a0 = FloatVector.zero(Lanes.F);
    FloatVector a1 = FloatVector.zero(Lanes.F);
    FloatVector a2 = FloatVector.zero(Lanes.F);
    FloatVector a3 = FloatVector.zero(Lanes.F);
    long end = VirtualLanes.wholeGroups(bytes);
    for (long i = 0; i < end; i += STEP) {
      FloatVector m = fromMemorySegment(F, h, mu + i, NATIVE);
      FloatVector s = fromMemorySegment(F, sigma, at + i, NATIVE);
      FloatVector l = fromMemorySegment(F, h, mu + bytes + i, NATIVE).add(1f).neg();
      FloatVector next = a0.add(m.fma(m, s.fma(s, l)));
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
      float m = h.get(JAVA_FLOAT, mu + i);
      float s = sigma.get(JAVA_FLOAT, at + i);
      sum += Math.fma(m, m, Math.fma(s, s, -(1f + h.get(JAVA_FLOAT, mu + bytes + i))));
    }
    return sum;
  }

  /** dmu += scale mu, dlambda += scale / 2 (sigma^2 - 1). */
  static void divergenceGradient(
      long mu, long at, long bytes, MemorySegment h, MemorySegment sigma, float scale, MemorySegment dh) {
    h = exact(h);
    sigma = exact(sigma);
    dh = exact(dh);
    float half = 0.5f * scale;
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector m = fromMemorySegment(F, h, mu + i, NATIVE);
      FloatVector s = fromMemorySegment(F, sigma, at + i, NATIVE);
      m.fma(FloatVector.broadcast(F, scale), fromMemorySegment(F, dh, mu + i, NATIVE)).intoMemorySegment(dh, mu + i, NATIVE);
      FloatVector slope = s.fma(s, FloatVector.broadcast(F, -1f));
      slope.fma(FloatVector.broadcast(F, half), fromMemorySegment(F, dh, mu + bytes + i, NATIVE))
          .intoMemorySegment(dh, mu + bytes + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      float s = sigma.get(JAVA_FLOAT, at + i);
      dh.set(JAVA_FLOAT, mu + i, Math.fma(scale, h.get(JAVA_FLOAT, mu + i), dh.get(JAVA_FLOAT, mu + i)));
      float slope = Math.fma(s, s, -1f);
      dh.set(JAVA_FLOAT, mu + bytes + i, Math.fma(half, slope, dh.get(JAVA_FLOAT, mu + bytes + i)));
    }
  }
}
