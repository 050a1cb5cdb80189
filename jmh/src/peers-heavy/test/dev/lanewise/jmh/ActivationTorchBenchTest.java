package dev.lanewise.jmh;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.jmh.gemm.PeerAbsentException;
import dev.lanewise.kernels.reference.ActivationsInDouble;
import dev.lanewise.kernels.reference.ActivationsReference;
import dev.lanewise.kernels.testkit.Bounds;
import java.lang.foreign.MemorySegment;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** PyTorch computes what our benchmark does: arguments lie in [-1, 1), elementary functions of its vector library are off by at most an ulp. */
final class ActivationTorchBenchTest {
  private static final int N = 4096;

  /**
   * Its error function is the approximation 7.1.26 of Abramowitz and Stegun, whose error is absolute, 1.5e-7; the terms of its polynomial
   * add up to 4.5 in size, and each has passed at most 12 roundings.
   */
  private static final double ERF_ROUNDINGS = 1.5e-7 / Bounds.U + 4.5 * 12;

  private final ActivationTorchBench bench = new ActivationTorchBench();
  private final Rate.Traffic rate = new Rate.Traffic();

  @BeforeEach
  void setUp() throws PeerAbsentException {
    bench.n = N;
    bench.peer = "pytorch";
    bench.setUp();
  }

  @AfterEach
  void close() {
    bench.release();
    bench.close();
    Twin.counted(rate, 2 * N);
  }

  /** |error| at most gamma_roundings times the function's value. */
  private void holds(int roundings, MemorySegment in, DoubleUnaryOperator function) {
    holds(roundings, in, function, function);
  }

  private void holds(double roundings, MemorySegment in, DoubleUnaryOperator function, DoubleUnaryOperator magnitude) {
    double[] want = new double[N];
    double[] magnitudes = new double[N];
    for (int i = 0; i < N; i++) {
      double x = in.getAtIndex(JAVA_FLOAT, i);
      want[i] = function.applyAsDouble(x);
      magnitudes[i] = Math.abs(magnitude.applyAsDouble(x));
    }
    Bounds.gamma(roundings).times(magnitudes).holds(bench.memoryY.toArray(JAVA_FLOAT), want);
  }

  @Test
  void relu() {
    bench.relu(rate);
    Twin.sameBits(bench.memoryY, y -> ActivationsReference.relu(N, bench.memoryX, y));
  }

  @Test
  void exp() {
    bench.exp(rate);
    holds(2, bench.memoryX, Math::exp);
  }

  @Test
  void log() {
    bench.log(rate);
    holds(2, bench.memoryPositive, Math::log);
  }

  /** 1 / (1 + e^-x): the exponential, the sum and the quotient. */
  @Test
  void sigmoid() {
    bench.sigmoid(rate);
    holds(4, bench.memoryX, ActivationsInDouble::sigmoid);
  }

  @Test
  void tanh() {
    bench.tanh(rate);
    holds(2, bench.memoryX, Math::tanh);
  }

  @Test
  void erf() {
    bench.erf(rate);
    holds(ERF_ROUNDINGS, bench.memoryX, ActivationsInDouble::erf, x -> 1);
  }

  @Test
  void rsqrt() {
    bench.rsqrt(rate);
    holds(2, bench.memoryPositive, x -> 1 / Math.sqrt(x));
  }

  @Test
  void gelu() {
    bench.gelu(rate);
    holds(ERF_ROUNDINGS, bench.memoryX, ActivationsInDouble::gelu, x -> x);
  }

  /** tanh of an argument of at most 1 that has passed 7 roundings, one added to it, and two products. */
  @Test
  void geluTanh() {
    bench.geluTanh(rate);
    holds(12, bench.memoryX, ActivationsInDouble::geluTanh, x -> x);
  }

  @Test
  void silu() {
    bench.silu(rate);
    holds(4, bench.memoryX, ActivationsInDouble::silu);
  }
}
