package dev.lanewise.kernels.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/**
 * Scalar twins of {@code Optimizers} over elements [from, to), same bits; the truth in double is {@link OptimizersInDouble}.
 *
 * <p>Every step first shrinks the weights by Keras's decoupled decay, {@code w = fma(-(lr decay), w, w)}, which leaves them as they
 * are when the decay is 0.
 */
public final class OptimizersReference {
  private OptimizersReference() {}

  /** w = w - lr g. */
  public static void sgd(long from, long to, MemorySegment w, MemorySegment g, float lr, float weightDecay) {
    float shrink = -(lr * weightDecay);
    for (long i = from; i < to; i++) {
      float weight = w.getAtIndex(JAVA_FLOAT, i);
      weight = Math.fma(shrink, weight, weight);
      w.setAtIndex(JAVA_FLOAT, i, Math.fma(-lr, g.getAtIndex(JAVA_FLOAT, i), weight));
    }
  }

  /** v = momentum v - lr g; w = w + v, or with Nesterov w = w + momentum v - lr g. */
  public static void momentum(
      long from, long to, MemorySegment w, MemorySegment g, MemorySegment v, float lr, float momentum,
      boolean nesterov, float weightDecay) {
    float shrink = -(lr * weightDecay);
    for (long i = from; i < to; i++) {
      float step = -lr * g.getAtIndex(JAVA_FLOAT, i);
      float velocity = Math.fma(momentum, v.getAtIndex(JAVA_FLOAT, i), step);
      v.setAtIndex(JAVA_FLOAT, i, velocity);
      float weight = w.getAtIndex(JAVA_FLOAT, i);
      weight = Math.fma(shrink, weight, weight);
      w.setAtIndex(JAVA_FLOAT, i, weight + (nesterov ? Math.fma(momentum, velocity, step) : velocity));
    }
  }

  /** s = rho s + (1 - rho) g^2; w = w - lr g / sqrt(s + epsilon). */
  public static void rmsprop(
      long from, long to, MemorySegment w, MemorySegment g, MemorySegment s, float lr, float rho, float epsilon,
      float weightDecay) {
    float shrink = -(lr * weightDecay);
    for (long i = from; i < to; i++) {
      float gradient = g.getAtIndex(JAVA_FLOAT, i);
      float square = Math.fma(rho, s.getAtIndex(JAVA_FLOAT, i), (1f - rho) * (gradient * gradient));
      s.setAtIndex(JAVA_FLOAT, i, square);
      float weight = w.getAtIndex(JAVA_FLOAT, i);
      weight = Math.fma(shrink, weight, weight);
      w.setAtIndex(JAVA_FLOAT, i, weight - lr * gradient / (float) Math.sqrt(square + epsilon));
    }
  }

  /** m = m + (1 - beta1) (g - m); v = v + (1 - beta2) (g^2 - v); w = w - alpha m / (sqrt(v) + epsilon). */
  public static void adamW(
      long from, long to, MemorySegment w, MemorySegment g, MemorySegment m, MemorySegment v, float lr, float beta1,
      float beta2, float epsilon, float weightDecay, long step) {
    float alpha = adamRate(lr, beta1, beta2, step);
    float shrink = -(lr * weightDecay);
    for (long i = from; i < to; i++) {
      float gradient = g.getAtIndex(JAVA_FLOAT, i);
      float mean = m.getAtIndex(JAVA_FLOAT, i);
      mean = Math.fma(1f - beta1, gradient - mean, mean);
      m.setAtIndex(JAVA_FLOAT, i, mean);
      float square = v.getAtIndex(JAVA_FLOAT, i);
      square = Math.fma(1f - beta2, Math.fma(gradient, gradient, -square), square);
      v.setAtIndex(JAVA_FLOAT, i, square);
      float weight = w.getAtIndex(JAVA_FLOAT, i);
      weight = Math.fma(shrink, weight, weight);
      w.setAtIndex(JAVA_FLOAT, i, weight - alpha * mean / ((float) Math.sqrt(square) + epsilon));
    }
  }

  /** average = average + (1 - decay) (w - average). */
  public static void ema(long from, long to, MemorySegment w, MemorySegment average, float decay) {
    for (long i = from; i < to; i++) {
      float old = average.getAtIndex(JAVA_FLOAT, i);
      average.setAtIndex(JAVA_FLOAT, i, Math.fma(1f - decay, w.getAtIndex(JAVA_FLOAT, i) - old, old));
    }
  }

  /** lr sqrt(1 - beta2^step) / (1 - beta1^step), in double, rounded once; steps count from 1. */
  public static float adamRate(float lr, float beta1, float beta2, long step) {
    return (float) (lr * Math.sqrt(1 - StrictMath.pow(beta2, step)) / (1 - StrictMath.pow(beta1, step)));
  }
}
