package dev.lanewise.jmh;

import dev.lanewise.kernels.Elementwise;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** Arithmetic of one element at a time. */
public class ElementwiseBench extends VectorBenchmark {
  /** So small that y, which axpy adds to for ever, stays finite. */
  static final float FACTOR = 1e-6f;

  static final int ROW = 64;

  MemorySegment x;
  MemorySegment y;
  MemorySegment z;
  MemorySegment bytes;

  @Setup
  public void setUp() {
    open();
    x = uniform(n, 1);
    y = uniform(n, 2);
    z = room(n);
    bytes = uniform(n, 3);
  }

  @Benchmark
  public void add(Rate.Traffic rate) {
    Elementwise.add(n, x, y, z);
    count(rate, 3);
  }

  @Benchmark
  public void subtract(Rate.Traffic rate) {
    Elementwise.subtract(n, x, y, z);
    count(rate, 3);
  }

  @Benchmark
  public void multiply(Rate.Traffic rate) {
    Elementwise.multiply(n, x, y, z);
    count(rate, 3);
  }

  @Benchmark
  public void scale(Rate.Traffic rate) {
    Elementwise.scale(n, FACTOR, x, z);
    count(rate, 2);
  }

  @Benchmark
  public void axpy(Rate.Traffic rate) {
    Elementwise.axpy(n, FACTOR, x, z);
    count(rate, 3);
  }

  @Benchmark
  public void fill(Rate.Traffic rate) {
    Elementwise.fill(n, FACTOR, z);
    count(rate, 1);
  }

  @Benchmark
  public void copy(Rate.Traffic rate) {
    Elementwise.copy(n, x, z);
    count(rate, 2);
  }

  @Benchmark
  public void addRow(Rate.Traffic rate) {
    Elementwise.addRow(n / ROW, ROW, x, y, z);
    count(rate, 2);
  }

  @Benchmark
  public void scaleBytes(Rate.Traffic rate) {
    Elementwise.scaleBytes(n, bytes, FACTOR, z);
    rate.gb += 5e-9 * n;
  }
}
