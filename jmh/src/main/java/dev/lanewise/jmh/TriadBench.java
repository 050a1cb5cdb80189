package dev.lanewise.jmh;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.lanewise.kernels.Workers;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * What the memory traffic of other benchmarks is a share of: STREAM's triad a = b + 3 d, 12 bytes an element counted as STREAM
 * does (McCalpin, Memory Bandwidth and Machine Balance in Current High Performance Computers, 1995).
 */
public class TriadBench extends KernelBenchmark implements Workers.Task {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** Floats of each of the three arrays: for the first-level cache, the second, the third, and memory. */
  @Param({"2048", "32768", "1048576", "16777216"}) public int n;

  MemorySegment a;
  MemorySegment b;
  MemorySegment d;

  @Setup
  public void setUp() {
    open();
    a = room(n);
    b = uniform(n, 1);
    d = uniform(n, 2);
  }

  @Benchmark
  public void triad(Rate.Traffic rate) {
    workers().run(this, threads);
    rate.gb += 12e-9 * n;
  }

  /** An equal piece of the arrays for each thread. */
  @Override
  public void run(int index, int worker) {
    run((int) ((long) n * index / threads), (int) ((long) n * (index + 1) / threads), b, d, a);
  }

  private static void run(int from, int to, MemorySegment b, MemorySegment d, MemorySegment a) {
    FloatVector three = FloatVector.broadcast(F, 3);
    int whole = from + F.loopBound(to - from);
    for (int i = from; i < whole; i += F.length()) {
      FloatVector.fromMemorySegment(F, d, 4L * i, ORDER)
          .fma(three, FloatVector.fromMemorySegment(F, b, 4L * i, ORDER))
          .intoMemorySegment(a, 4L * i, ORDER);
    }
    for (int i = whole; i < to; i++) {
      a.set(JAVA_FLOAT_UNALIGNED, 4L * i, Math.fma(d.get(JAVA_FLOAT_UNALIGNED, 4L * i), 3f, b.get(JAVA_FLOAT_UNALIGNED, 4L * i)));
    }
  }
}
