package dev.lanewise.jmh;

import static dev.lanewise.jmh.ElementwiseBench.FACTOR;
import static dev.lanewise.jmh.ElementwiseBench.ROW;

import dev.lanewise.kernels.reference.ElementwiseReference;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ElementwiseBenchTest {
  private static final int N = 4096;

  private final ElementwiseBench bench = new ElementwiseBench();
  private final Rate.Traffic rate = new Rate.Traffic();

  @BeforeEach
  void setUp() {
    bench.n = N;
    bench.setUp();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void add() {
    bench.add(rate);
    Twin.sameBits(bench.z, z -> ElementwiseReference.add(N, bench.x, bench.y, z));
    Twin.counted(rate, 3 * N);
  }

  @Test
  void subtract() {
    bench.subtract(rate);
    Twin.sameBits(bench.z, z -> ElementwiseReference.subtract(N, bench.x, bench.y, z));
    Twin.counted(rate, 3 * N);
  }

  @Test
  void multiply() {
    bench.multiply(rate);
    Twin.sameBits(bench.z, z -> ElementwiseReference.multiply(N, bench.x, bench.y, z));
    Twin.counted(rate, 3 * N);
  }

  @Test
  void scale() {
    bench.scale(rate);
    Twin.sameBits(bench.z, z -> ElementwiseReference.scale(N, FACTOR, bench.x, z));
    Twin.counted(rate, 2 * N);
  }

  @Test
  void axpy() {
    MemorySegment want = Twin.copy(bench.z);
    bench.axpy(rate);
    ElementwiseReference.axpy(N, FACTOR, bench.x, want);
    Twin.sameBits(bench.z, want);
    Twin.counted(rate, 3 * N);
  }

  @Test
  void fill() {
    bench.fill(rate);
    Twin.sameBits(bench.z, z -> ElementwiseReference.fill(N, FACTOR, z));
    Twin.counted(rate, N);
  }

  @Test
  void copy() {
    bench.copy(rate);
    Twin.sameBits(bench.z, bench.x);
    Twin.counted(rate, 2 * N);
  }

  @Test
  void addRow() {
    bench.addRow(rate);
    Twin.sameBits(bench.z, z -> ElementwiseReference.addRow(N / ROW, ROW, bench.x, bench.y, z));
    Twin.counted(rate, 2 * N);
  }

  @Test
  void scaleBytes() {
    bench.scaleBytes(rate);
    Twin.sameBits(bench.z, z -> ElementwiseReference.scaleBytes(N, bench.bytes, FACTOR, z));
    Twin.counted(rate, 1.25 * N);
  }
}
