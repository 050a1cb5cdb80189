package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.activation.ActivationsTask;
import dev.lanewise.kernels.activation.ActivationsTask.Function;
import dev.lanewise.kernels.reference.ActivationsReference;
import java.lang.foreign.MemorySegment;

/** An activation function or its backward pass. */
public final class ActivationsCase implements SelfTest.Case {
  private static final int N = Sample.N;

  /** Slope of LeakyReLU, alpha of ELU. */
  private static final float PARAMETER = 0.3f;

  private final Function function;

  public ActivationsCase(Function function) {
    this.function = function;
  }

  @Override
  public void run(Sample sample) {
    MemorySegment x = argument(sample);
    MemorySegment dy = sample.values(N);
    MemorySegment got = sample.blank(N);
    MemorySegment want = sample.blank(N);
    sample.workers().state(ActivationsTask.KEY).run(function, N, PARAMETER, x, dy, got, sample.workers());
    twin(function, x, dy, want);
    sample.same(function.name(), got, want);
  }

  private MemorySegment argument(Sample sample) {
    return switch (function) {
      case LOG, RSQRT -> sample.positive(N);
      case GELU -> {
        float[] x = sample.numbers(N);
        x[0] = -6f; // beyond its table
        yield sample.segment(x);
      }
      default -> sample.values(N);
    };
  }

  private static void twin(Function function, MemorySegment x, MemorySegment dy, MemorySegment y) {
    switch (function) {
      case RELU -> ActivationsReference.relu(N, x, y);
      case SIGMOID -> ActivationsReference.sigmoid(N, x, y);
      case TANH -> ActivationsReference.tanh(N, x, y);
      case EXP -> ActivationsReference.exp(N, x, y);
      case LOG -> ActivationsReference.log(N, x, y);
      case ERF -> ActivationsReference.erf(N, x, y);
      case RSQRT -> ActivationsReference.rsqrt(N, x, y);
      case GELU -> ActivationsReference.gelu(N, x, y);
      case GELU_TANH -> ActivationsReference.geluTanh(N, x, y);
      case SILU -> ActivationsReference.silu(N, x, y);
      case SOFTPLUS -> ActivationsReference.softplus(N, x, y);
      case LEAKY_RELU -> ActivationsReference.leakyRelu(N, PARAMETER, x, y);
      case ELU -> ActivationsReference.elu(N, PARAMETER, x, y);
      case RELU_BACKWARD -> ActivationsReference.reluBackward(N, x, dy, y);
      case SIGMOID_BACKWARD -> ActivationsReference.sigmoidBackward(N, x, dy, y);
      case TANH_BACKWARD -> ActivationsReference.tanhBackward(N, x, dy, y);
      case GELU_BACKWARD -> ActivationsReference.geluBackward(N, x, dy, y);
      case GELU_TANH_BACKWARD -> ActivationsReference.geluTanhBackward(N, x, dy, y);
      case SILU_BACKWARD -> ActivationsReference.siluBackward(N, x, dy, y);
      case SOFTPLUS_BACKWARD -> ActivationsReference.softplusBackward(N, x, dy, y);
      case LEAKY_RELU_BACKWARD -> ActivationsReference.leakyReluBackward(N, PARAMETER, x, dy, y);
      case ELU_BACKWARD -> ActivationsReference.eluBackward(N, PARAMETER, x, dy, y);
    }
  }
}
