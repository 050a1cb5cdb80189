package dev.lanewise.jmh;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * What the memory traffic of other benchmarks is a share of: STREAM's triad a = b + 3 d, 12 bytes an element counted as STREAM
 * does (McCalpin, Memory Bandwidth and Machine Balance in Current High Performance Computers, 1995). On one thread.
 */
public class TriadBench extends KernelBenchmark {
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
    run(n, b, d, a);
    rate.gb += 12e-9 * n;
  }

  private static void run(int n, MemorySegment b, MemorySegment d, MemorySegment a) {
    FloatVector three = FloatVector.broadcast(F, 3);
    int whole = F.loopBound(n);
    for (int i = 0; i < whole; i += F.length()) {
      FloatVector.fromMemorySegment(F, d, 4L * i, ORDER)
          .fma(three, FloatVector.fromMemorySegment(F, b, 4L * i, ORDER))
          .intoMemorySegment(a, 4L * i, ORDER);
    }
    for (int i = whole; i < n; i++) {
      a.set(JAVA_FLOAT_UNALIGNED, 4L * i, Math.fma(d.get(JAVA_FLOAT_UNALIGNED, 4L * i), 3f, b.get(JAVA_FLOAT_UNALIGNED, 4L * i)));
    }
  }
}
