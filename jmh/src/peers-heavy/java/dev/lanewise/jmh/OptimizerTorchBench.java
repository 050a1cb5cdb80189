package dev.lanewise.jmh;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.jmh.gemm.PeerAbsentException;
import dev.lanewise.jmh.torch.FusedAdam;
import dev.lanewise.jmh.torch.Torch;
import java.lang.foreign.MemorySegment;
import org.bytedeco.pytorch.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** PyTorch's fused Adam, on the numbers of {@link OptimizerBench}. */
public class OptimizerTorchBench extends VectorBenchmark {
  @Param("pytorch") public String peer;

  MemorySegment memoryW;
  MemorySegment memoryG;
  MemorySegment memoryM;
  MemorySegment memoryV;

  private Torch library;
  /** The binding's tensors, kept from the collector as long as the step has their addresses. */
  private Tensor[] tensors;
  private FusedAdam adam;

  @Setup
  public void setUp() throws PeerAbsentException {
    open();
    requirePeer(peer, "pytorch");
    library = new Torch(workers().threads());
    memoryW = uniform(n, 1);
    memoryG = uniform(n, 2);
    memoryM = room(n);
    memoryV = room(n);
    MemorySegment step = room(1);
    step.set(JAVA_FLOAT, 0, 10f);
    tensors = new Tensor[] {library.on(memoryW, n), library.on(memoryG, n), library.on(memoryM, n), library.on(memoryV, n),
        library.on(step)};
    adam = new FusedAdam(arena, tensors[0], tensors[1], tensors[2], tensors[3], tensors[4]);
  }

  @Benchmark
  public void adam(Rate.Traffic rate) {
    adam.step(OptimizerBench.RATE, 0.9, 0.999, OptimizerBench.EPSILON);
    count(rate, 7);
  }

  @TearDown
  public void release() {
    for (Tensor tensor : tensors) {
      tensor.close();
    }
    library.close();
  }
}
