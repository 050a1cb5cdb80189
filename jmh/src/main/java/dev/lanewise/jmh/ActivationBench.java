package dev.lanewise.jmh;

import dev.lanewise.kernels.Activations;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** Activations and elementary functions, and their gradients. */
public class ActivationBench extends VectorBenchmark {
  MemorySegment x;
  MemorySegment positive;
  MemorySegment dy;
  MemorySegment y;

  @Setup
  public void setUp() {
    open();
    x = uniform(n, 1);
    dy = uniform(n, 2);
    positive = room(n);
    Activations.exp(n, x, positive, workers());
    y = room(n);
  }

  @Benchmark
  public void relu(Rate.Traffic rate) {
    Activations.relu(n, x, y, workers());
    count(rate, 2);
  }

  @Benchmark
  public void reluBackward(Rate.Traffic rate) {
    Activations.reluBackward(n, x, dy, y, workers());
    count(rate, 3);
  }

  @Benchmark
  public void exp(Rate.Traffic rate) {
    Activations.exp(n, x, y, workers());
    count(rate, 2);
  }

  @Benchmark
  public void log(Rate.Traffic rate) {
    Activations.log(n, positive, y, workers());
    count(rate, 2);
  }

  @Benchmark
  public void sigmoid(Rate.Traffic rate) {
    Activations.sigmoid(n, x, y, workers());
    count(rate, 2);
  }

  @Benchmark
  public void sigmoidBackward(Rate.Traffic rate) {
    Activations.sigmoidBackward(n, x, dy, y, workers());
    count(rate, 3);
  }

  @Benchmark
  public void tanh(Rate.Traffic rate) {
    Activations.tanh(n, x, y, workers());
    count(rate, 2);
  }

  @Benchmark
  public void tanhBackward(Rate.Traffic rate) {
    Activations.tanhBackward(n, x, dy, y, workers());
    count(rate, 3);
  }

  @Benchmark
  public void erf(Rate.Traffic rate) {
    Activations.erf(n, x, y, workers());
    count(rate, 2);
  }

  @Benchmark
  public void rsqrt(Rate.Traffic rate) {
    Activations.rsqrt(n, positive, y, workers());
    count(rate, 2);
  }

  @Benchmark
  public void gelu(Rate.Traffic rate) {
    Activations.gelu(n, x, y, workers());
    count(rate, 2);
  }

  @Benchmark
  public void geluTanh(Rate.Traffic rate) {
    Activations.geluTanh(n, x, y, workers());
    count(rate, 2);
  }

  @Benchmark
  public void silu(Rate.Traffic rate) {
    Activations.silu(n, x, y, workers());
    count(rate, 2);
  }

  @Benchmark
  public void geluBackward(Rate.Traffic rate) {
    Activations.geluBackward(n, x, dy, y, workers());
    count(rate, 3);
  }

  @Benchmark
  public void geluTanhBackward(Rate.Traffic rate) {
    Activations.geluTanhBackward(n, x, dy, y, workers());
    count(rate, 3);
  }

  @Benchmark
  public void siluBackward(Rate.Traffic rate) {
    Activations.siluBackward(n, x, dy, y, workers());
    count(rate, 3);
  }
}
