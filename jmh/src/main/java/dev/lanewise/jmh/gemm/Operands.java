package dev.lanewise.jmh.gemm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.jmh.shapes.ProductShape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/**
 * A and B of a shape, uniform in [-1, 1), the same numbers in every process.
 *
 * @param arena for native copies and results
 */
public record Operands(ProductShape shape, float[] a, float[] b, Arena arena) {
  /** Cache lines are 64 bytes on every x86-64 and most Arm cores, and so are the longest vectors. */
  private static final long ALIGNMENT = 64;

  /** Makes both matrices. */
  public static Operands of(ProductShape shape, Arena arena) {
    SplittableRandom random = new SplittableRandom(1);
    return new Operands(
        shape, uniform(random, Math.multiplyExact(shape.m(), shape.k())), uniform(random, Math.multiplyExact(shape.k(), shape.n())),
        arena);
  }

  private static float[] uniform(SplittableRandom random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  /** A native copy of some numbers. */
  MemorySegment nativeCopy(float[] values) {
    MemorySegment segment = arena.allocate(4L * values.length, ALIGNMENT);
    MemorySegment.copy(values, 0, segment, JAVA_FLOAT, 0, values.length);
    return segment;
  }

  /** Native memory for C. */
  MemorySegment nativeResult() {
    return arena.allocate(4L * shape.m() * shape.n(), ALIGNMENT);
  }
}
