package dev.lanewise.jmh;

import dev.lanewise.kernels.Pool2d;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The two pools of the article's network, by maximum and by average, 2x2 over a batch of 32: after conv1 (26 x 26 x 32) and conv2 (11 x 11 x 64). */
public class PoolBench extends KernelBenchmark {
  static final int BATCH = 32;

  /** Height and width of the images. */
  @Param({"26", "11"}) public int size;

  Pool2d pool;
  MemorySegment x;
  MemorySegment y;
  MemorySegment argmax;
  MemorySegment dy;
  MemorySegment dx;

  private long inputs;
  private long outputs;

  @Setup
  public void setUp() {
    open();
    pool = Pool2d.of(size, size, size == 26 ? 32 : 64, 2, 2, 2, 2);
    inputs = (long) BATCH * size * size * pool.channels();
    outputs = (long) BATCH * pool.outHeight() * pool.outWidth() * pool.channels();
    x = uniform(inputs, 1);
    dy = uniform(outputs, 2);
    y = room(outputs);
    dx = room(inputs);
    argmax = room(outputs);
    pool.maxForward(BATCH, x, y, argmax, workers());
  }

  @Benchmark
  public void maxForward(Rate.Traffic rate) {
    pool.maxForward(BATCH, x, y, workers());
    rate.gb += 4e-9 * (inputs + outputs);
  }

  @Benchmark
  public void maxForwardWithArgmax(Rate.Traffic rate) {
    pool.maxForward(BATCH, x, y, argmax, workers());
    rate.gb += 4e-9 * (inputs + 2 * outputs);
  }

  @Benchmark
  public void maxBackward(Rate.Traffic rate) {
    pool.maxBackward(BATCH, dy, argmax, dx, workers());
    rate.gb += 4e-9 * (inputs + 2 * outputs);
  }

  @Benchmark
  public void averageForward(Rate.Traffic rate) {
    pool.averageForward(BATCH, x, y, workers());
    rate.gb += 4e-9 * (inputs + outputs);
  }

  @Benchmark
  public void averageBackward(Rate.Traffic rate) {
    pool.averageBackward(BATCH, dy, dx, workers());
    rate.gb += 4e-9 * (inputs + outputs);
  }
}
