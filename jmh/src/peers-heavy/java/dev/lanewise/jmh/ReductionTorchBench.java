package dev.lanewise.jmh;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.jmh.gemm.PeerAbsentException;
import dev.lanewise.jmh.torch.Torch;
import java.lang.foreign.MemorySegment;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Sums by PyTorch, on the numbers of {@link ReductionBench}. */
public class ReductionTorchBench extends VectorBenchmark {
  @Param("pytorch") public String peer;

  MemorySegment memoryX;
  MemorySegment memoryY;

  private MemorySegment result;
  private Torch library;
  private Tensor x;
  private Tensor y;
  private Tensor sum;
  private Tensor product;

  @Setup
  public void setUp() throws PeerAbsentException {
    open();
    requirePeer(peer, "pytorch");
    library = new Torch(workers().threads());
    memoryX = uniform(n, 1);
    memoryY = uniform(n, 2);
    result = room(1);
    x = library.on(memoryX, n);
    y = library.on(memoryY, n);
    sum = library.on(result);
    product = torch.dot(x, y);
  }

  @Benchmark
  public float sum(Rate.Traffic rate) {
    torch.sum_out(sum, x, 0);
    count(rate, 1);
    return result.get(JAVA_FLOAT, 0);
  }

  /** Its result is a tensor of its own: the variant that writes to another copies that. */
  @Benchmark
  public float dot(Rate.Traffic rate) {
    product.close();
    product = torch.dot(x, y);
    count(rate, 2);
    return product.item_float();
  }

  @TearDown
  public void release() {
    library.close();
  }
}
