package dev.lanewise.kernels;

import dev.lanewise.kernels.optim.OptimizersTask;
import dev.lanewise.kernels.reference.OptimizersReference;
import java.lang.foreign.MemorySegment;

/**
 * One step of an optimizer over n parameters, in one pass over memory: weights w and the optimizer's state are updated in place, the
 * gradient g is only read.
 *
 * <p>Vocabulary, formulas and defaults are Keras 3's. {@code weightDecay} is decoupled (Loshchilov and Hutter, Decoupled Weight Decay
 * Regularization, 2019), as every Keras optimizer has it: before the step {@code w -= lr weightDecay w}, one fma; 0 turns it off. A state
 * starts as zeros.
 *
 * <p>Order of operations: that of {@code OptimizersReference}, element by element, so the bits depend neither on width nor threads.
 * Error of one step from the same fp32 state, against the formula in exact arithmetic: each state is off by at most gamma_4 times the sum
 * of its absolute terms; a weight by at most gamma_2 (|w| + |lr weightDecay w|) plus gamma_8 times the absolute terms of its step (for
 * Adam and RMSprop of the step taken with the rounded state).
 *
 * <table>
 *   <caption>IEEE edges</caption>
 *   <tr><th>kernel</th><th>NaN</th><th>infinity</th><th>zeros</th><th>overflow, underflow</th></tr>
 *   <tr><td>sgd, momentum</td><td>in a gradient: its weight and velocity NaN, for good</td><td>in a gradient: its weight infinite</td><td>a gradient of 0: the weight as it is, but for decay</td><td>as the sum</td></tr>
 *   <tr><td>rmsprop, adam, adamW</td><td>in a gradient: its weight and states NaN, for good</td><td>in a gradient: its weight NaN, infinity by infinity</td><td>no gradient but 0 so far and an epsilon of 0: the weight NaN</td><td>a gradient beyond 1.8e19, whose square is infinite: no step, now or later</td></tr>
 *   <tr><td>ema</td><td>in a weight: its average NaN, for good</td><td>in a weight: its average infinite, NaN at the next step</td><td></td><td>as the sum</td></tr>
 * </table>
 *
 * <p>All of it stays in its element.
 *
 * <p>No two segments of a call may overlap. They are native and aligned to 4 bytes. Hyperparameters are not checked, except that steps
 * count from 1. A call allocates nothing.
 */
public final class Optimizers {
  private Optimizers() {}

  /**
   * Gradient descent: {@code w -= lr g}.
   *
   * @param n parameters, at least 0
   * @param workers share the parameters
   * @throws IllegalArgumentException if a segment is on the heap, too short or misaligned, or two overlap
   */
  public static void sgd(long n, MemorySegment w, MemorySegment g, float lr, float weightDecay, Workers workers) {
    require("sgd", n, w, g);
    if (Family.OPTIMIZERS_SGD.vectors()) {
      workers.state(OptimizersTask.KEY).sgd(n, w, g, lr, weightDecay, workers);
    } else {
      OptimizersReference.sgd(0, n, w, g, lr, weightDecay);
    }
  }

  /**
   * Gradient descent with momentum: {@code v = momentum v - lr g}, then {@code w += v}, or with Nesterov's look ahead {@code w += momentum v - lr g}.
   *
   * @param v velocity
   * @throws IllegalArgumentException as {@link #sgd}
   */
  public static void momentum(
      long n, MemorySegment w, MemorySegment g, MemorySegment v, float lr, float momentum, boolean nesterov,
      float weightDecay, Workers workers) {
    require("momentum", n, w, g);
    requireState("momentum", n, "the velocity", v, w, g);
    if (Family.OPTIMIZERS_MOMENTUM.vectors()) {
      workers.state(OptimizersTask.KEY).momentum(n, w, g, v, lr, momentum, nesterov, weightDecay, workers);
    } else {
      OptimizersReference.momentum(0, n, w, g, v, lr, momentum, nesterov, weightDecay);
    }
  }

  /**
   * RMSprop (Tieleman and Hinton, Lecture 6.5, 2012): {@code s = rho s + (1 - rho) g^2}, {@code w -= lr g / sqrt(s + epsilon)}.
   *
   * @param s moving average of squared gradients
   * @param rho Keras's default 0.9
   * @param epsilon Keras's default 1e-7
   * @throws IllegalArgumentException as {@link #sgd}
   */
  public static void rmsprop(
      long n, MemorySegment w, MemorySegment g, MemorySegment s, float lr, float rho, float epsilon,
      float weightDecay, Workers workers) {
    require("rmsprop", n, w, g);
    requireState("rmsprop", n, "the moving average", s, w, g);
    if (Family.OPTIMIZERS_RMSPROP.vectors()) {
      workers.state(OptimizersTask.KEY).rmsprop(n, w, g, s, lr, rho, epsilon, weightDecay, workers);
    } else {
      OptimizersReference.rmsprop(0, n, w, g, s, lr, rho, epsilon, weightDecay);
    }
  }

  /**
   * Adam (Kingma and Ba, Adam: A Method for Stochastic Optimization, 2015, end of section 2): {@link #adamW} without decay.
   *
   * @throws IllegalArgumentException as {@link #adamW}
   */
  public static void adam(
      long n, MemorySegment w, MemorySegment g, MemorySegment m, MemorySegment v, float lr, float beta1, float beta2,
      float epsilon, long step, Workers workers) {
    adamW(n, w, g, m, v, lr, beta1, beta2, epsilon, 0f, step, workers);
  }

  /**
   * Adam with decoupled decay: {@code m += (1 - beta1) (g - m)}, {@code v += (1 - beta2) (g^2 - v)}, {@code w -= alpha m / (sqrt(v) + epsilon)} with
   * {@code alpha = lr sqrt(1 - beta2^step) / (1 - beta1^step)}, computed in double and rounded once.
   *
   * @param m moving average of gradients
   * @param v moving average of squared gradients
   * @param beta1 Keras's default 0.9
   * @param beta2 Keras's default 0.999
   * @param epsilon Keras's default 1e-7
   * @param step 1 for the first step
   * @throws IllegalArgumentException as {@link #sgd}, or if the step is less than 1
   */
  public static void adamW(
      long n, MemorySegment w, MemorySegment g, MemorySegment m, MemorySegment v, float lr, float beta1, float beta2,
      float epsilon, float weightDecay, long step, Workers workers) {
    require("adam", n, w, g);
    requireState("adam", n, "m", m, w, g);
    requireState("adam", n, "v", v, w, g);
    Segments.requireApart("adam", "m", m, n, "v", v, n);
    if (step < 1) {
      throw new IllegalArgumentException("adam: step " + step + "; steps count from 1");
    }
    if (Family.OPTIMIZERS_ADAM_W.vectors()) {
      workers
          .state(OptimizersTask.KEY)
          .adamW(n, w, g, m, v, lr, beta1, beta2, epsilon, weightDecay, step, workers);
    } else {
      OptimizersReference.adamW(0, n, w, g, m, v, lr, beta1, beta2, epsilon, weightDecay, step);
    }
  }

  /**
   * Exponential moving average of weights: {@code average += (1 - decay) (w - average)}, one fma and half an ulp of w - average; exact where the two
   * are equal.
   *
   * @param average updated
   * @param decay share of the average that stays, e.g. 0.999
   * @throws IllegalArgumentException as {@link #sgd}
   */
  public static void ema(long n, MemorySegment w, MemorySegment average, float decay, Workers workers) {
    Segments.require("ema", "the weight array", w, n);
    Segments.require("ema", "the average", average, n);
    Segments.requireApart("ema", "the average", average, n, "the weight array", w, n);
    if (Family.OPTIMIZERS_EMA.vectors()) {
      workers.state(OptimizersTask.KEY).ema(n, w, average, decay, workers);
    } else {
      OptimizersReference.ema(0, n, w, average, decay);
    }
  }

  private static void require(String door, long n, MemorySegment w, MemorySegment g) {
    Segments.require(door, "the weight array", w, n);
    Segments.require(door, "the gradient", g, n);
    Segments.requireApart(door, "the weight array", w, n, "the gradient", g, n);
  }

  private static void requireState(
      String door, long n, String name, MemorySegment state, MemorySegment w, MemorySegment g) {
    Segments.require(door, name, state, n);
    Segments.requireApart(door, name, state, n, "the weight array", w, n);
    Segments.requireApart(door, name, state, n, "the gradient", g, n);
  }
}
