package dev.lanewise.jmh;

import dev.lanewise.jmh.gemm.PeerAbsentException;
import dev.lanewise.jmh.torch.Torch;
import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.LongArrayRef;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Layer normalisation by PyTorch, on the numbers of {@link NormBench}. */
public class NormTorchBench extends KernelBenchmark {
  @Param({"4", "256"}) public int rows;

  @Param("1000") public int cols;

  @Param("pytorch") public String peer;

  MemorySegment memoryX;
  MemorySegment memoryGamma;
  MemorySegment memoryBeta;

  private Torch library;
  /** What the shape points to. */
  private LongPointer columns;
  private LongArrayRef shape;
  private Tensor x;
  private TensorOptional gamma;
  private TensorOptional beta;
  private Tensor y;

  @Setup
  public void setUp() throws PeerAbsentException {
    open();
    requirePeer(peer, "pytorch");
    library = new Torch(workers().threads());
    memoryX = uniform((long) rows * cols, 1);
    memoryGamma = uniform(cols, 3);
    memoryBeta = uniform(cols, 4);
    x = library.on(memoryX, rows, cols);
    gamma = new TensorOptional(library.on(memoryGamma, cols));
    beta = new TensorOptional(library.on(memoryBeta, cols));
    columns = new LongPointer(new long[] {cols});
    shape = new LongArrayRef(columns, 1);
    y = torch.layer_norm(x, shape, gamma, beta, NormBench.EPSILON, false);
  }

  /** Its result is a tensor of its own: the variant that writes to another copies that. */
  @Benchmark
  public void layerNorm(Rate.Traffic rate) {
    y.close();
    y = torch.layer_norm(x, shape, gamma, beta, NormBench.EPSILON, false);
    rate.gb += 8e-9 * rows * cols;
  }

  MemorySegment result() {
    MemorySegment copy = room((long) rows * cols);
    library.on(copy, rows, cols).copy_(y);
    return copy;
  }

  @TearDown
  public void release() {
    columns.close();
    library.close();
  }
}
