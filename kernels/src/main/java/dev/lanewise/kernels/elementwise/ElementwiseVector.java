package dev.lanewise.kernels.elementwise;

import static dev.lanewise.kernels.lane.Lanes.exact;
import static dev.lanewise.kernels.lane.Lanes.F;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Element by element over native memory; the rest that fills no vector by the same operation on scalars. */
public final class ElementwiseVector {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  /** Bytes that become one vector of floats, or two where that would be fewer than the narrowest byte vector holds. */
  private static final VectorSpecies<Byte> BYTES = Lanes.COUNT == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;
  private static final int BYTE_PARTS = BYTES.length() / Lanes.COUNT;

  private ElementwiseVector() {}

  public static void add(long n, MemorySegment x, MemorySegment y, MemorySegment z) {
    long bytes = 4 * n;
    x = exact(x);
    y = exact(y);
    z = exact(z);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      fromMemorySegment(F, x, i, NATIVE).add(fromMemorySegment(F, y, i, NATIVE)).intoMemorySegment(z, i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      z.set(JAVA_FLOAT, i, x.get(JAVA_FLOAT, i) + y.get(JAVA_FLOAT, i));
    }
  }

  public static void subtract(long n, MemorySegment x, MemorySegment y, MemorySegment z) {
    long bytes = 4 * n;
    x = exact(x);
    y = exact(y);
    z = exact(z);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      fromMemorySegment(F, x, i, NATIVE).sub(fromMemorySegment(F, y, i, NATIVE)).intoMemorySegment(z, i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      z.set(JAVA_FLOAT, i, x.get(JAVA_FLOAT, i) - y.get(JAVA_FLOAT, i));
    }
  }

  public static void multiply(long n, MemorySegment x, MemorySegment y, MemorySegment z) {
    long bytes = 4 * n;
    x = exact(x);
    y = exact(y);
    z = exact(z);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      fromMemorySegment(F, x, i, NATIVE).mul(fromMemorySegment(F, y, i, NATIVE)).intoMemorySegment(z, i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      z.set(JAVA_FLOAT, i, x.get(JAVA_FLOAT, i) * y.get(JAVA_FLOAT, i));
    }
  }

  public static void scale(long n, float a, MemorySegment x, MemorySegment y) {
    long bytes = 4 * n;
    x = exact(x);
    y = exact(y);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      fromMemorySegment(F, x, i, NATIVE).mul(a).intoMemorySegment(y, i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      y.set(JAVA_FLOAT, i, a * x.get(JAVA_FLOAT, i));
    }
  }

  public static void axpy(long n, float a, MemorySegment x, MemorySegment y) {
    long bytes = 4 * n;
    x = exact(x);
    y = exact(y);
    FloatVector factor = FloatVector.broadcast(Lanes.F, a);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      factor.fma(fromMemorySegment(F, x, i, NATIVE), fromMemorySegment(F, y, i, NATIVE)).intoMemorySegment(y, i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      y.set(JAVA_FLOAT, i, Math.fma(a, x.get(JAVA_FLOAT, i), y.get(JAVA_FLOAT, i)));
    }
  }

  public static void fill(long n, float value, MemorySegment y) {
    long bytes = 4 * n;
    y = exact(y);
    FloatVector vector = FloatVector.broadcast(Lanes.F, value);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      vector.intoMemorySegment(y, i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      y.set(JAVA_FLOAT, i, value);
    }
  }

  public static void addRow(int rows, int cols, MemorySegment x, MemorySegment row, MemorySegment y) {
    long bytes = 4L * cols;
    x = exact(x);
    row = exact(row);
    y = exact(y);
    for (int i = 0; i < rows; i++) {
      long j = 0;
      for (; j <= bytes - STEP; j += STEP) {
        fromMemorySegment(F, x, i * bytes + j, NATIVE).add(fromMemorySegment(F, row, j, NATIVE)).intoMemorySegment(y, i * bytes + j,
            NATIVE);
      }
      for (; j < bytes; j += 4) {
        y.set(JAVA_FLOAT, i * bytes + j, x.get(JAVA_FLOAT, i * bytes + j) + row.get(JAVA_FLOAT, j));
      }
    }
  }

  public static void scaleBytes(long n, MemorySegment x, float factor, MemorySegment y) {
    x = exact(x);
    y = exact(y);
    long i = 0;
    for (; i <= n - BYTES.length(); i += BYTES.length()) {
      ByteVector bytes = ByteVector.fromMemorySegment(BYTES, x, i, NATIVE);
      ((FloatVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.I, 0).convert(VectorOperators.I2F, 0)).mul(factor)
          .intoMemorySegment(y, 4 * i, NATIVE);
      if (BYTE_PARTS == 2) {
        ((FloatVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.I, 1).convert(VectorOperators.I2F, 0)).mul(factor)
            .intoMemorySegment(y, 4 * i + STEP, NATIVE);
      }
    }
    for (; i < n; i++) {
      y.set(JAVA_FLOAT, 4 * i, (x.get(JAVA_BYTE, i) & 0xff) * factor);
    }
  }
}
