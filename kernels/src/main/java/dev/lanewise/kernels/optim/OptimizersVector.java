package dev.lanewise.kernels.optim;

import static dev.lanewise.kernels.lane.Lanes.exact;
import static dev.lanewise.kernels.lane.Lanes.F;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Optimizer steps over the vectors of bytes [from, to), one pass over memory; each returns where it stopped because less than a vector
 * was left. {@code shrink} is -(lr decay).
 */
final class OptimizersVector {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private OptimizersVector() {}

  static long sgd(long from, long to, MemorySegment w, MemorySegment g, float lr, float shrink) {
    long bytes = to - from;
    w = exact(w);
    g = exact(g);
    FloatVector descent = FloatVector.broadcast(Lanes.F, -lr);
    FloatVector decay = FloatVector.broadcast(Lanes.F, shrink);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector weight = fromMemorySegment(F, w, from + i, NATIVE);
      weight = decay.fma(weight, weight);
      descent.fma(fromMemorySegment(F, g, from + i, NATIVE), weight).intoMemorySegment(w, from + i, NATIVE);
    }
    return from + i;
  }

  static long momentum(
      long from, long to, MemorySegment w, MemorySegment g, MemorySegment v, float lr, float momentum,
      boolean nesterov, float shrink) {
    long bytes = to - from;
    w = exact(w);
    g = exact(g);
    v = exact(v);
    FloatVector inertia = FloatVector.broadcast(Lanes.F, momentum);
    FloatVector decay = FloatVector.broadcast(Lanes.F, shrink);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector step = fromMemorySegment(F, g, from + i, NATIVE).mul(-lr);
      FloatVector velocity = inertia.fma(fromMemorySegment(F, v, from + i, NATIVE), step);
      velocity.intoMemorySegment(v, from + i, NATIVE);
      FloatVector weight = fromMemorySegment(F, w, from + i, NATIVE);
      weight = decay.fma(weight, weight);
      weight = weight.add(nesterov ? inertia.fma(velocity, step) : velocity);
      weight.intoMemorySegment(w, from + i, NATIVE);
    }
    return from + i;
  }

  static long rmsprop(
      long from, long to, MemorySegment w, MemorySegment g, MemorySegment s, float lr, float rho, float epsilon,
      float shrink) {
    long bytes = to - from;
    w = exact(w);
    g = exact(g);
    s = exact(s);
    FloatVector keep = FloatVector.broadcast(Lanes.F, rho);
    FloatVector decay = FloatVector.broadcast(Lanes.F, shrink);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector gradient = fromMemorySegment(F, g, from + i, NATIVE);
      FloatVector square = keep.fma(fromMemorySegment(F, s, from + i, NATIVE), gradient.mul(gradient).mul(1f - rho));
      square.intoMemorySegment(s, from + i, NATIVE);
      FloatVector weight = fromMemorySegment(F, w, from + i, NATIVE);
      weight = decay.fma(weight, weight);
      FloatVector root = square.add(epsilon).lanewise(VectorOperators.SQRT);
      weight.sub(gradient.mul(lr).div(root)).intoMemorySegment(w, from + i, NATIVE);
    }
    return from + i;
  }

  static long adamW(
      long from, long to, MemorySegment w, MemorySegment g, MemorySegment m, MemorySegment v, float alpha, float beta1,
      float beta2, float epsilon, float shrink) {
    long bytes = to - from;
    w = exact(w);
    g = exact(g);
    m = exact(m);
    v = exact(v);
    FloatVector news1 = FloatVector.broadcast(Lanes.F, 1f - beta1);
    FloatVector news2 = FloatVector.broadcast(Lanes.F, 1f - beta2);
    FloatVector decay = FloatVector.broadcast(Lanes.F, shrink);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector gradient = fromMemorySegment(F, g, from + i, NATIVE);
      FloatVector mean = fromMemorySegment(F, m, from + i, NATIVE);
      mean = news1.fma(gradient.sub(mean), mean);
      mean.intoMemorySegment(m, from + i, NATIVE);
      FloatVector square = fromMemorySegment(F, v, from + i, NATIVE);
      square = news2.fma(gradient.fma(gradient, square.neg()), square);
      square.intoMemorySegment(v, from + i, NATIVE);
      FloatVector weight = fromMemorySegment(F, w, from + i, NATIVE);
      weight = decay.fma(weight, weight);
      FloatVector root = square.lanewise(VectorOperators.SQRT);
      weight.sub(mean.mul(alpha).div(root.add(epsilon))).intoMemorySegment(w, from + i, NATIVE);
    }
    return from + i;
  }

  static long ema(long from, long to, MemorySegment w, MemorySegment average, float decay) {
    long bytes = to - from;
    w = exact(w);
    average = exact(average);
    FloatVector news = FloatVector.broadcast(Lanes.F, 1f - decay);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector old = fromMemorySegment(F, average, from + i, NATIVE);
      news.fma(fromMemorySegment(F, w, from + i, NATIVE).sub(old), old).intoMemorySegment(average, from + i, NATIVE);
    }
    return from + i;
  }
}
