package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.activation.ActivationsTask;
import dev.lanewise.kernels.activation.ActivationsTask.Function;
import dev.lanewise.kernels.reference.ActivationsReference;
import java.lang.foreign.MemorySegment;

/** Activations and their backward passes. */
public final class ActivationsCase implements SelfTest.Case {
  /** Slope of LeakyReLU, alpha of ELU. */
  private static final float PARAMETER = 0.3f;

  private interface Forward {
    void run(long n, MemorySegment x, MemorySegment y);
  }

  private interface Backward {
    void run(long n, MemorySegment y, MemorySegment dy, MemorySegment dx);
  }

  @Override
  public void run(Sample sample) {
    MemorySegment x = sample.values(Sample.N);
    forward(sample, Function.RELU, x, ActivationsReference::relu);
    forward(sample, Function.SIGMOID, x, ActivationsReference::sigmoid);
    forward(sample, Function.TANH, x, ActivationsReference::tanh);
    forward(sample, Function.EXP, x, ActivationsReference::exp);
    forward(sample, Function.LOG, sample.positive(Sample.N), ActivationsReference::log);
    forward(sample, Function.ERF, x, ActivationsReference::erf);
    forward(sample, Function.RSQRT, sample.positive(Sample.N), ActivationsReference::rsqrt);
    forward(sample, Function.GELU, x, ActivationsReference::gelu);
    forward(sample, Function.GELU_TANH, x, ActivationsReference::geluTanh);
    forward(sample, Function.SILU, x, ActivationsReference::silu);
    forward(sample, Function.SOFTPLUS, x, ActivationsReference::softplus);
    forward(sample, Function.LEAKY_RELU, x, (n, in, out) -> ActivationsReference.leakyRelu(n, PARAMETER, in, out));
    forward(sample, Function.ELU, x, (n, in, out) -> ActivationsReference.elu(n, PARAMETER, in, out));
    backward(sample, Function.RELU_BACKWARD, x, ActivationsReference::reluBackward);
    backward(sample, Function.SIGMOID_BACKWARD, x, ActivationsReference::sigmoidBackward);
    backward(sample, Function.TANH_BACKWARD, x, ActivationsReference::tanhBackward);
    backward(sample, Function.GELU_BACKWARD, x, ActivationsReference::geluBackward);
    backward(sample, Function.GELU_TANH_BACKWARD, x, ActivationsReference::geluTanhBackward);
    backward(sample, Function.SILU_BACKWARD, x, ActivationsReference::siluBackward);
    backward(sample, Function.SOFTPLUS_BACKWARD, x, ActivationsReference::softplusBackward);
    backward(sample, Function.LEAKY_RELU_BACKWARD, x, (n, y, dy, dx) -> ActivationsReference.leakyReluBackward(n, PARAMETER, y, dy, dx));
    backward(sample, Function.ELU_BACKWARD, x, (n, y, dy, dx) -> ActivationsReference.eluBackward(n, PARAMETER, y, dy, dx));
  }

  private static void forward(Sample sample, Function function, MemorySegment x, Forward twin) {
    MemorySegment got = sample.blank(Sample.N);
    MemorySegment want = sample.blank(Sample.N);
    sample.workers().state(ActivationsTask.KEY).run(function, Sample.N, PARAMETER, x, MemorySegment.NULL, got, sample.workers());
    twin.run(Sample.N, x, want);
    sample.same(function.name(), got, want);
  }

  private static void backward(Sample sample, Function function, MemorySegment y, Backward twin) {
    MemorySegment dy = sample.values(Sample.N);
    MemorySegment got = sample.blank(Sample.N);
    MemorySegment want = sample.blank(Sample.N);
    sample.workers().state(ActivationsTask.KEY).run(function, Sample.N, PARAMETER, y, dy, got, sample.workers());
    twin.run(Sample.N, y, dy, want);
    sample.same(function.name(), got, want);
  }
}
