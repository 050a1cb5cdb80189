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

/** Arithmetic of one element at a time by PyTorch, on the numbers of {@link ElementwiseBench}; at few elements what a call of PyTorch costs. */
public class ElementwiseTorchBench extends VectorBenchmark {
  @Param("pytorch") public String peer;

  MemorySegment memoryX;
  MemorySegment memoryY;
  MemorySegment memoryZ;

  private Torch library;
  private Tensor x;
  private Tensor y;
  private Tensor z;

  @Setup
  public void setUp() throws PeerAbsentException {
    open();
    requirePeer(peer, "pytorch");
    library = new Torch(workers().threads());
    memoryX = uniform(n, 1);
    memoryY = uniform(n, 2);
    memoryZ = room(n);
    x = library.on(memoryX, n);
    y = library.on(memoryY, n);
    z = library.on(memoryZ, n);
  }

  @Benchmark
  public void add(Rate.Traffic rate) {
    torch.add_out(z, x, y);
    count(rate, 3);
  }

  @Benchmark
  public void copy(Rate.Traffic rate) {
    z.copy_(x);
    count(rate, 2);
  }

  @TearDown
  public void release() {
    library.close();
  }
}
