package dev.lanewise.training;

import dev.lanewise.kernels.Elementwise;
import dev.lanewise.kernels.Reductions;
import dev.lanewise.layers.Pass;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Changes parameters during a run: mean over the batches of a step, a look for the callbacks, clipping, the optimizer. */
final class Steps implements Updates {
  private final Run run;
  private final Task task;
  private final Callback[] callbacks;
  private final OptimizerState[] states;
  private final float clipNorm;
  private final Pass pass;

  private double factor;
  private int batches;
  private boolean last;
  private double lossBefore;
  private long rowsBefore;

  /** @param clipNorm the longest gradient, or infinity */
  Steps(Run run, Task task, Callback[] callbacks, OptimizerState[] states, float clipNorm, Pass pass) {
    this.run = run;
    this.task = task;
    this.callbacks = callbacks;
    this.states = states;
    this.clipNorm = clipNorm;
    this.pass = pass;
  }

  static OptimizerState[] start(List<Part> parts, Arena arena) {
    OptimizerState[] states = new OptimizerState[parts.size()];
    for (int i = 0; i < states.length; i++) {
      states[i] = parts.get(i).optimizer().start(parts.get(i).params(), arena);
    }
    return states;
  }

  /** @param factor of the schedule, on each part's learning rate */
  void beginStep(double factor) {
    this.factor = factor;
    batches = 0;
    lossBefore = 0;
    rowsBefore = 0;
    run.beginStep(rate(0));
  }

  /** @param last whether it is the last batch of its step */
  void beginBatch(boolean last) {
    this.last = last;
    batches++;
  }

  void endBatch(double lossSum) {
    lossBefore += lossSum;
    rowsBefore += task.rows();
    run.show(lossBefore, rowsBefore);
  }

  private float rate(int part) {
    return (float) (states[part].optimizer().learningRate() * factor);
  }

  @Override
  public void apply(int part, double lossSum) {
    if (!last) {
      return;
    }
    OptimizerState state = states[part];
    Tensor gradients = state.params().gradients();
    if (batches > 1) {
      Elementwise.scale(gradients.size(), 1f / batches, gradients.segment(), gradients.segment());
    }
    run.show(lossBefore + lossSum, rowsBefore + task.rows());
    for (int i = 0; i < callbacks.length; i++) {
      callbacks[i].onGradients(run);
    }
    if (clipNorm < Float.POSITIVE_INFINITY) {
      clip(gradients);
    }
    state.step(rate(part), pass.workers());
  }

  private void clip(Tensor gradients) {
    double norm = norm(gradients);
    // A NaN compares false: it stays for who looks for it.
    if (norm > clipNorm) {
      Elementwise.scale(gradients.size(), (float) (clipNorm / norm), gradients.segment(), gradients.segment());
    }
  }

  /** The Euclidean norm of all gradients of a part; in double where the squares are too large for a float. */
  static double norm(Tensor gradients) {
    float squares = Reductions.sumOfSquares(gradients.size(), gradients.segment());
    if (squares < Float.POSITIVE_INFINITY) {
      return Math.sqrt(squares);
    }
    double sum = 0;
    MemorySegment segment = gradients.segment();
    for (long i = 0; i < gradients.size(); i++) {
      double g = segment.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      sum += g * g;
    }
    return Math.sqrt(sum);
  }
}
