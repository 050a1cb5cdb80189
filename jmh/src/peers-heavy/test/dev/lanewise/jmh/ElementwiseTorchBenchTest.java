package dev.lanewise.jmh;

import dev.lanewise.jmh.gemm.PeerAbsentException;
import dev.lanewise.kernels.reference.ElementwiseReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ElementwiseTorchBenchTest {
  private static final int N = 4096;

  private final ElementwiseTorchBench bench = new ElementwiseTorchBench();
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
  }

  @Test
  void add() {
    bench.add(rate);
    Twin.sameBits(bench.memoryZ, z -> ElementwiseReference.add(N, bench.memoryX, bench.memoryY, z));
    Twin.counted(rate, 3 * N);
  }

  @Test
  void copy() {
    bench.copy(rate);
    Twin.sameBits(bench.memoryZ, bench.memoryX);
    Twin.counted(rate, 2 * N);
  }
}
