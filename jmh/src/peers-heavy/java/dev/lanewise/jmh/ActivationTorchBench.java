package dev.lanewise.jmh;

import dev.lanewise.jmh.gemm.PeerAbsentException;
import dev.lanewise.jmh.torch.Torch;
import java.lang.foreign.MemorySegment;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Activations and elementary functions by PyTorch, on the numbers of {@link ActivationBench}. */
public class ActivationTorchBench extends VectorBenchmark {
  @Param("pytorch") public String peer;

  MemorySegment memoryX;
  MemorySegment memoryPositive;
  MemorySegment memoryY;

  private Torch library;
  private Tensor x;
  private Tensor positive;
  private Tensor y;
  private Scalar zero;

  @Setup
  public void setUp() throws PeerAbsentException {
    open();
    requirePeer(peer, "pytorch");
    library = new Torch(workers().threads());
    memoryX = uniform(n, 1);
    memoryPositive = room(n);
    memoryY = room(n);
    x = library.on(memoryX, n);
    positive = library.on(memoryPositive, n);
    y = library.on(memoryY, n);
    torch.exp_out(positive, x);
    zero = new Scalar(0f);
  }

  /** What relu calls, which itself would allocate its result. */
  @Benchmark
  public void relu(Rate.Traffic rate) {
    torch.clamp_min_out(y, x, zero);
    count(rate, 2);
  }

  @Benchmark
  public void exp(Rate.Traffic rate) {
    torch.exp_out(y, x);
    count(rate, 2);
  }

  @Benchmark
  public void log(Rate.Traffic rate) {
    torch.log_out(y, positive);
    count(rate, 2);
  }

  @Benchmark
  public void sigmoid(Rate.Traffic rate) {
    torch.sigmoid_out(y, x);
    count(rate, 2);
  }

  @Benchmark
  public void tanh(Rate.Traffic rate) {
    torch.tanh_out(y, x);
    count(rate, 2);
  }

  @Benchmark
  public void erf(Rate.Traffic rate) {
    torch.erf_out(y, x);
    count(rate, 2);
  }

  @Benchmark
  public void rsqrt(Rate.Traffic rate) {
    torch.rsqrt_out(y, positive);
    count(rate, 2);
  }

  @Benchmark
  public void gelu(Rate.Traffic rate) {
    torch.gelu_out(y, x);
    count(rate, 2);
  }

  @Benchmark
  public void geluTanh(Rate.Traffic rate) {
    torch.gelu_out(y, x, "tanh");
    count(rate, 2);
  }

  @Benchmark
  public void silu(Rate.Traffic rate) {
    torch.silu_out(y, x);
    count(rate, 2);
  }

  @TearDown
  public void release() {
    library.close();
  }
}
