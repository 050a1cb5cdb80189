package dev.lanewise.kernels.activation;

import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.lane.BlockTask;
import dev.lanewise.kernels.math.ErfKernel;
import dev.lanewise.kernels.math.ExpKernel;
import dev.lanewise.kernels.math.Expm1Kernel;
import dev.lanewise.kernels.math.GeluKernel;
import dev.lanewise.kernels.math.GeluTanhKernel;
import dev.lanewise.kernels.math.LogKernel;
import dev.lanewise.kernels.math.SigmoidKernel;
import dev.lanewise.kernels.math.SiluKernel;
import dev.lanewise.kernels.math.SoftplusKernel;
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
    TANH_BACKWARD,
    ERF,
    RSQRT,
    GELU,
    GELU_TANH,
    SILU,
    SOFTPLUS,
    LEAKY_RELU,
    ELU,
    GELU_BACKWARD,
    GELU_TANH_BACKWARD,
    SILU_BACKWARD,
    SOFTPLUS_BACKWARD,
    LEAKY_RELU_BACKWARD,
    ELU_BACKWARD
  }

  private Function function = Function.RELU;
  /** Slope of LeakyReLU, alpha of ELU. */
  private float parameter;
  private MemorySegment first = MemorySegment.NULL;
  private MemorySegment second = MemorySegment.NULL;
  private MemorySegment result = MemorySegment.NULL;

  private ActivationsTask() {}

  /** y = f(x). */
  public void forward(Function forward, long n, MemorySegment x, MemorySegment y, Workers workers) {
    run(forward, n, 0f, x, MemorySegment.NULL, y, workers);
  }

  /** dx = dy times the slope at x or y, whichever the function wants. */
  public void backward(
      Function backward, long n, MemorySegment xOrY, MemorySegment dy, MemorySegment dx, Workers workers) {
    run(backward, n, 0f, xOrY, dy, dx, workers);
  }

  /** Either of the two for a function with a parameter; forwards dy is {@link MemorySegment#NULL}. */
  public void run(
      Function newFunction, long n, float newParameter, MemorySegment xOrY, MemorySegment dy, MemorySegment out,
      Workers workers) {
    function = newFunction;
    parameter = newParameter;
    first = xOrY;
    second = dy;
    result = out;
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
      case ERF -> ErfKernel.run(4 * from, 4 * to, first, result);
      case RSQRT -> ActivationsVector.rsqrt(from, to, first, result);
      case GELU -> GeluKernel.run(4 * from, 4 * to, first, result);
      case GELU_TANH -> GeluTanhKernel.run(4 * from, 4 * to, first, result);
      case SILU -> SiluKernel.run(4 * from, 4 * to, first, result);
      case SOFTPLUS -> SoftplusKernel.run(4 * from, 4 * to, first, result);
      case LEAKY_RELU -> ActivationsVector.leakyRelu(from, to, first, parameter, result);
      case ELU -> Expm1Kernel.elu(4 * from, 4 * to, first, parameter, result);
      case GELU_BACKWARD -> GeluKernel.backward(4 * from, 4 * to, first, second, result);
      case GELU_TANH_BACKWARD -> GeluTanhKernel.backward(4 * from, 4 * to, first, second, result);
      case SILU_BACKWARD -> SiluKernel.backward(4 * from, 4 * to, first, second, result);
      case SOFTPLUS_BACKWARD -> Expm1Kernel.softplusBackward(4 * from, 4 * to, first, second, result);
      case LEAKY_RELU_BACKWARD -> ActivationsVector.leakyReluBackward(from, to, first, second, parameter, result);
      case ELU_BACKWARD -> ActivationsVector.eluBackward(from, to, first, second, parameter, result);
    }
  }

  @Override
  protected void clear() {
    first = MemorySegment.NULL;
    second = MemorySegment.NULL;
    result = MemorySegment.NULL;
  }
}
