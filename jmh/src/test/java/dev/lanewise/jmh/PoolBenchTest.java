package dev.lanewise.jmh;

import static dev.lanewise.jmh.PoolBench.BATCH;

import dev.lanewise.kernels.reference.Pool2dReference;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PoolBenchTest {
  private static final int INPUTS = BATCH * 11 * 11 * 64;
  private static final int OUTPUTS = BATCH * 5 * 5 * 64;

  private final PoolBench bench = new PoolBench();
  private final Rate.Traffic rate = new Rate.Traffic();

  @BeforeEach
  void setUp() {
    bench.size = 11;
    bench.setUp();
    bench.y.fill((byte) 0xff);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void maxForward() {
    bench.maxForward(rate);
    Twin.sameBits(bench.y, y -> Pool2dReference.maxForward(bench.pool, BATCH, bench.x, y, MemorySegment.NULL));
    Twin.counted(rate, INPUTS + OUTPUTS);
  }

  @Test
  void maxForwardWithArgmax() {
    bench.argmax.fill((byte) 0xff);
    bench.maxForwardWithArgmax(rate);
    Twin.sameBits(bench.y, y -> Twin.sameBits(
        bench.argmax, argmax -> Pool2dReference.maxForward(bench.pool, BATCH, bench.x, y, argmax)));
    Twin.counted(rate, INPUTS + 2 * OUTPUTS);
  }

  @Test
  void maxBackward() {
    bench.maxBackward(rate);
    Twin.sameBits(bench.dx, dx -> Pool2dReference.maxBackward(bench.pool, BATCH, bench.dy, bench.argmax, dx));
    Twin.counted(rate, INPUTS + 2 * OUTPUTS);
  }

  @Test
  void averageForward() {
    bench.averageForward(rate);
    Twin.sameBits(bench.y, y -> Pool2dReference.averageForward(bench.pool, BATCH, bench.x, y));
    Twin.counted(rate, INPUTS + OUTPUTS);
  }

  @Test
  void averageBackward() {
    bench.averageBackward(rate);
    Twin.sameBits(bench.dx, dx -> Pool2dReference.averageBackward(bench.pool, BATCH, bench.dy, dx));
    Twin.counted(rate, INPUTS + OUTPUTS);
  }
}
