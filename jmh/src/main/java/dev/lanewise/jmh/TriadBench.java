package dev.lanewise.jmh;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the memory traffic of other benchmarks is a share of: STREAM's triad a = b + 3 d, 12 bytes an element counted as STREAM
 * does (McCalpin, Memory Bandwidth and Machine Balance in Current High Performance Computers, 1995).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 6, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 3, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class TriadBench {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** Floats of each of the three arrays: first-level cache, second level, third level or memory, memory. */
  @Param({"2048", "32768", "1048576", "16777216"})
  public int floats;

  private Arena arena;
  private MemorySegment a;
  private MemorySegment b;
  private MemorySegment d;

  @Setup
  public void setUp() {
    VectorPath.require();
    arena = Arena.ofShared();
    a = Numbers.room(arena, floats);
    b = Numbers.uniform(arena, floats, 1);
    d = Numbers.uniform(arena, floats, 2);
  }

  @Benchmark
  public void triad(Rate.Traffic rate) {
    run(floats, b, d, a);
    rate.gb += 12e-9 * floats;
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

  float[] b() {
    return b.toArray(JAVA_FLOAT);
  }

  float[] d() {
    return d.toArray(JAVA_FLOAT);
  }

  float[] a() {
    return a.toArray(JAVA_FLOAT);
  }

  @TearDown
  public void tearDown() {
    arena.close();
  }
}
