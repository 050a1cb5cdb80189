package dev.lanewise.kernels.optim;

import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.lane.BlockTask;
import dev.lanewise.kernels.reference.OptimizersReference;
import java.lang.foreign.MemorySegment;

/** A step of an optimizer, cut into blocks of parameters; what fills no vector at a block's end goes to the scalar twin. */
public final class OptimizersTask extends BlockTask {
  public static final Workers.Key<OptimizersTask> KEY = new Workers.Key<>(OptimizersTask::new);

  private enum Rule {
    SGD,
    MOMENTUM,
    RMSPROP,
    ADAM_W,
    EMA
  }

  private Rule rule = Rule.SGD;
  private MemorySegment w = MemorySegment.NULL;
  private MemorySegment g = MemorySegment.NULL;
  private MemorySegment first = MemorySegment.NULL;
  private MemorySegment second = MemorySegment.NULL;
  private float lr;
  private float weightDecay;
  private float beta1;
  private float beta2;
  private float epsilon;
  private boolean nesterov;
  private long step;

  private OptimizersTask() {}

  private void set(Rule newRule, MemorySegment newW, MemorySegment newG, float newLr, float newWeightDecay) {
    rule = newRule;
    w = newW;
    g = newG;
    lr = newLr;
    weightDecay = newWeightDecay;
  }

  public void sgd(long n, MemorySegment newW, MemorySegment newG, float newLr, float newWeightDecay, Workers workers) {
    set(Rule.SGD, newW, newG, newLr, newWeightDecay);
    run(n, 1, 1, workers);
  }

  public void momentum(
      long n, MemorySegment newW, MemorySegment newG, MemorySegment v, float newLr, float momentum,
      boolean newNesterov, float newWeightDecay, Workers workers) {
    set(Rule.MOMENTUM, newW, newG, newLr, newWeightDecay);
    first = v;
    beta1 = momentum;
    nesterov = newNesterov;
    run(n, 1, 1, workers);
  }

  public void rmsprop(
      long n, MemorySegment newW, MemorySegment newG, MemorySegment s, float newLr, float rho, float newEpsilon,
      float newWeightDecay, Workers workers) {
    set(Rule.RMSPROP, newW, newG, newLr, newWeightDecay);
    first = s;
    beta1 = rho;
    epsilon = newEpsilon;
    run(n, 1, 1, workers);
  }

  public void adamW(
      long n, MemorySegment newW, MemorySegment newG, MemorySegment m, MemorySegment v, float newLr, float newBeta1,
      float newBeta2, float newEpsilon, float newWeightDecay, long newStep, Workers workers) {
    set(Rule.ADAM_W, newW, newG, newLr, newWeightDecay);
    first = m;
    second = v;
    beta1 = newBeta1;
    beta2 = newBeta2;
    epsilon = newEpsilon;
    step = newStep;
    run(n, 1, 1, workers);
  }

  public void ema(long n, MemorySegment newW, MemorySegment average, float decay, Workers workers) {
    set(Rule.EMA, newW, MemorySegment.NULL, 0f, 0f);
    first = average;
    beta1 = decay;
    run(n, 1, 1, workers);
  }

  @Override
  protected void range(long from, long to) {
    float shrink = -(lr * weightDecay);
    switch (rule) {
      case SGD -> {
        long end = OptimizersVector.sgd(4 * from, 4 * to, w, g, lr, shrink) / 4;
        OptimizersReference.sgd(end, to, w, g, lr, weightDecay);
      }
      case MOMENTUM -> {
        long end = OptimizersVector.momentum(4 * from, 4 * to, w, g, first, lr, beta1, nesterov, shrink) / 4;
        OptimizersReference.momentum(end, to, w, g, first, lr, beta1, nesterov, weightDecay);
      }
      case RMSPROP -> {
        long end = OptimizersVector.rmsprop(4 * from, 4 * to, w, g, first, lr, beta1, epsilon, shrink) / 4;
        OptimizersReference.rmsprop(end, to, w, g, first, lr, beta1, epsilon, weightDecay);
      }
      case EMA -> {
        long end = OptimizersVector.ema(4 * from, 4 * to, w, first, beta1) / 4;
        OptimizersReference.ema(end, to, w, first, beta1);
      }
      case ADAM_W -> {
        float alpha = OptimizersReference.adamRate(lr, beta1, beta2, step);
        long end =
            OptimizersVector.adamW(4 * from, 4 * to, w, g, first, second, alpha, beta1, beta2, epsilon, shrink) / 4;
        OptimizersReference.adamW(end, to, w, g, first, second, lr, beta1, beta2, epsilon, weightDecay, step);
      }
    }
  }

  @Override
  protected void clear() {
    w = MemorySegment.NULL;
    g = MemorySegment.NULL;
    first = MemorySegment.NULL;
    second = MemorySegment.NULL;
  }
}
