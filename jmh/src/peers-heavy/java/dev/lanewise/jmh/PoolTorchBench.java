package dev.lanewise.jmh;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.jmh.gemm.PeerAbsentException;
import dev.lanewise.jmh.torch.Torch;
import java.lang.foreign.MemorySegment;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** The pools of {@link PoolBench} by PyTorch, on images in its usual order and in ours, which it calls channels-last. */
public class PoolTorchBench extends KernelBenchmark {
  private static final long[] TWO = {2, 2};

  /** Height and width of the images. */
  @Param({"26", "11"}) public int size;

  @Param({"pytorch", "pytorch-channels-last"}) public String peer;

  int channels;
  MemorySegment memoryX;

  private Torch library;
  private Tensor x;
  private Tensor y;
  private Tensor indices;
  private double inputs;
  private double outputs;

  @Setup
  public void setUp() throws PeerAbsentException {
    open();
    requirePeer(peer, "pytorch", "pytorch-channels-last");
    library = new Torch(workers().threads());
    channels = size == 26 ? 32 : 64;
    inputs = (double) PoolBench.BATCH * size * size * channels;
    outputs = (double) PoolBench.BATCH * (size / 2) * (size / 2) * channels;
    memoryX = uniform((long) inputs, 1);
    x = library.on(memoryX, PoolBench.BATCH, size, size, channels).permute(0, 3, 1, 2);
    if (peer.equals("pytorch")) {
      x = x.contiguous();
    }
    // What it allocates has the order of x, and from here on is written to.
    y = torch.avg_pool2d(x, TWO);
    try (T_TensorTensor_T pair = torch.max_pool2d_with_indices(x, TWO)) {
      indices = new Tensor(pair.get1());
    }
  }

  /** What max_pool2d calls on a processor: it finds the positions of the maxima whether or not they are wanted. */
  @Benchmark
  public void maxForward(Rate.Traffic rate) {
    torch.max_pool2d_with_indices_out(y, indices, x, TWO).close();
    rate.gb += 4e-9 * (inputs + outputs);
  }

  @Benchmark
  public void maxForwardWithArgmax(Rate.Traffic rate) {
    torch.max_pool2d_with_indices_out(y, indices, x, TWO).close();
    rate.gb += 4e-9 * (inputs + 2 * outputs);
  }

  @Benchmark
  public void averageForward(Rate.Traffic rate) {
    torch.avg_pool2d_out(y, x, TWO);
    rate.gb += 4e-9 * (inputs + outputs);
  }

  /** In our order. */
  float[] result() {
    MemorySegment copy = room((long) outputs);
    library.on(copy, PoolBench.BATCH, size / 2, size / 2, channels).copy_(y.permute(0, 2, 3, 1));
    return copy.toArray(JAVA_FLOAT);
  }

  @TearDown
  public void release() {
    library.close();
  }
}
