package dev.lanewise.kernels.activation;

import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.lane.BlockTask;
import dev.lanewise.kernels.math.ExpKernel;
import dev.lanewise.kernels.math.LogKernel;
import dev.lanewise.kernels.math.SigmoidKernel;
import dev.lanewise.kernels.math.TanhKernel;
import java.lang.foreign.MemorySegment;

/** An activation function or its backward pass, cut into blocks of elements. */
public final class ActivationsTask extends BlockTask {
  public static final Workers.Key<ActivationsTask> KEY = new Workers.Key<>(ActivationsTask::new);

  /** Which loop to run. */
  public enum Function {
    RELU,
    SIGMOID,
    TANH,
    EXP,
    LOG,
    RELU_BACKWARD,
    SIGMOID_BACKWARD,
    TANH_BACKWARD
  }

  private Function function = Function.RELU;
  private MemorySegment first = MemorySegment.NULL;
  private MemorySegment second = MemorySegment.NULL;
  private MemorySegment result = MemorySegment.NULL;

  private ActivationsTask() {}

  /** y = f(x). */
  public void forward(Function forward, long n, MemorySegment x, MemorySegment y, Workers workers) {
    backward(forward, n, x, MemorySegment.NULL, y, workers);
  }

  /** dx = f'(y) dy. */
  public void backward(
      Function backward, long n, MemorySegment y, MemorySegment dy, MemorySegment dx, Workers workers) {
    function = backward;
    first = y;
    second = dy;
    result = dx;
    run(n, 1, 1, workers);
  }

  @Override
  protected void range(long from, long to) {
    switch (function) {
      case RELU -> ActivationsVector.relu(from, to, first, result);
      case SIGMOID -> SigmoidKernel.run(4 * from, 4 * to, first, result);
      case TANH -> TanhKernel.run(4 * from, 4 * to, first, result);
      case EXP -> ExpKernel.run(4 * from, 4 * to, first, 0f, result);
      case LOG -> LogKernel.run(4 * from, 4 * to, first, result);
      case RELU_BACKWARD -> ActivationsVector.reluBackward(from, to, first, second, result);
      case SIGMOID_BACKWARD -> ActivationsVector.sigmoidBackward(from, to, first, second, result);
      case TANH_BACKWARD -> ActivationsVector.tanhBackward(from, to, first, second, result);
    }
  }

  @Override
  protected void clear() {
    first = MemorySegment.NULL;
    second = MemorySegment.NULL;
    result = MemorySegment.NULL;
  }
}
