package dev.lanewise.jmh;

import dev.lanewise.jmh.gemm.PeerAbsentException;
import dev.lanewise.jmh.torch.Torch;
import java.lang.foreign.MemorySegment;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Softmax by PyTorch, on the numbers of {@link SoftmaxBench}. */
public class SoftmaxTorchBench extends KernelBenchmark {
  @Param({"4", "256"}) public int rows;

  @Param("1000") public int cols;

  @Param("pytorch") public String peer;

  MemorySegment memoryX;
  MemorySegment memoryY;

  private Torch library;
  private Tensor x;
  private Tensor y;

  @Setup
  public void setUp() throws PeerAbsentException {
    open();
    requirePeer(peer, "pytorch");
    library = new Torch(workers().threads());
    memoryX = uniform((long) rows * cols, 1);
    memoryY = room((long) rows * cols);
    x = library.on(memoryX, rows, cols);
    y = library.on(memoryY, rows, cols);
  }

  @Benchmark
  public void forward(Rate.Traffic rate) {
    torch.softmax_out(y, x, 1);
    rate.gb += 8e-9 * rows * cols;
  }

  @Benchmark
  public void logSoftmax(Rate.Traffic rate) {
    torch.log_softmax_out(y, x, 1);
    rate.gb += 8e-9 * rows * cols;
  }

  @TearDown
  public void release() {
    library.close();
  }
}
