package dev.lanewise.kernels.optim;

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

  static long sgd(long from, long to, MemorySegment allW, MemorySegment allG, float lr, float shrink) {
    long bytes = to - from;
    MemorySegment w = allW.asSlice(from, bytes);
    MemorySegment g = allG.asSlice(from, bytes);
    FloatVector descent = FloatVector.broadcast(Lanes.F, -lr);
    FloatVector decay = FloatVector.broadcast(Lanes.F, shrink);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector weight = fromMemorySegment(F, w, i, NATIVE);
      weight = decay.fma(weight, weight);
      descent.fma(fromMemorySegment(F, g, i, NATIVE), weight).intoMemorySegment(w, i, NATIVE);
    }
    return from + i;
  }

  static long momentum(
      long from, long to, MemorySegment allW, MemorySegment allG, MemorySegment allV, float lr, float momentum,
      boolean nesterov, float shrink) {
    long bytes = to - from;
    MemorySegment w = allW.asSlice(from, bytes);
    MemorySegment g = allG.asSlice(from, bytes);
    MemorySegment v = allV.asSlice(from, bytes);
    FloatVector inertia = FloatVector.broadcast(Lanes.F, momentum);
    FloatVector decay = FloatVector.broadcast(Lanes.F, shrink);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector step = fromMemorySegment(F, g, i, NATIVE).mul(-lr);
      FloatVector velocity = inertia.fma(fromMemorySegment(F, v, i, NATIVE), step);
      velocity.intoMemorySegment(v, i, NATIVE);
      FloatVector weight = fromMemorySegment(F, w, i, NATIVE);
      weight = decay.fma(weight, weight);
      weight = weight.add(nesterov ? inertia.fma(velocity, step) : velocity);
      weight.intoMemorySegment(w, i, NATIVE);
    }
    return from + i;
  }

  static long rmsprop(
      long from, long to, MemorySegment allW, MemorySegment allG, MemorySegment allS, float lr, float rho, float epsilon,
      float shrink) {
    long bytes = to - from;
    MemorySegment w = allW.asSlice(from, bytes);
    MemorySegment g = allG.asSlice(from, bytes);
    MemorySegment s = allS.asSlice(from, bytes);
    FloatVector keep = FloatVector.broadcast(Lanes.F, rho);
    FloatVector decay = FloatVector.broadcast(Lanes.F, shrink);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector gradient = fromMemorySegment(F, g, i, NATIVE);
      FloatVector square = keep.fma(fromMemorySegment(F, s, i, NATIVE), gradient.mul(gradient).mul(1f - rho));
      square.intoMemorySegment(s, i, NATIVE);
      FloatVector weight = fromMemorySegment(F, w, i, NATIVE);
      weight = decay.fma(weight, weight);
      FloatVector root = square.add(epsilon).lanewise(VectorOperators.SQRT);
      weight.sub(gradient.mul(lr).div(root)).intoMemorySegment(w, i, NATIVE);
    }
    return from + i;
  }

  static long adamW(
      long from, long to, MemorySegment allW, MemorySegment allG, MemorySegment allM, MemorySegment allV, float alpha, float beta1,
      float beta2, float epsilon, float shrink) {
    long bytes = to - from;
    MemorySegment w = allW.asSlice(from, bytes);
    MemorySegment g = allG.asSlice(from, bytes);
    MemorySegment m = allM.asSlice(from, bytes);
    MemorySegment v = allV.asSlice(from, bytes);
    FloatVector news1 = FloatVector.broadcast(Lanes.F, 1f - beta1);
    FloatVector news2 = FloatVector.broadcast(Lanes.F, 1f - beta2);
    FloatVector decay = FloatVector.broadcast(Lanes.F, shrink);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector gradient = fromMemorySegment(F, g, i, NATIVE);
      FloatVector mean = fromMemorySegment(F, m, i, NATIVE);
      mean = news1.fma(gradient.sub(mean), mean);
      mean.intoMemorySegment(m, i, NATIVE);
      FloatVector square = fromMemorySegment(F, v, i, NATIVE);
      square = news2.fma(gradient.fma(gradient, square.neg()), square);
      square.intoMemorySegment(v, i, NATIVE);
      FloatVector weight = fromMemorySegment(F, w, i, NATIVE);
      weight = decay.fma(weight, weight);
      FloatVector root = square.lanewise(VectorOperators.SQRT);
      weight.sub(mean.mul(alpha).div(root.add(epsilon))).intoMemorySegment(w, i, NATIVE);
    }
    return from + i;
  }

  static long ema(long from, long to, MemorySegment allW, MemorySegment allAverage, float decay) {
    long bytes = to - from;
    MemorySegment w = allW.asSlice(from, bytes);
    MemorySegment average = allAverage.asSlice(from, bytes);
    FloatVector news = FloatVector.broadcast(Lanes.F, 1f - decay);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector old = fromMemorySegment(F, average, i, NATIVE);
      news.fma(fromMemorySegment(F, w, i, NATIVE).sub(old), old).intoMemorySegment(average, i, NATIVE);
    }
    return from + i;
  }
}
