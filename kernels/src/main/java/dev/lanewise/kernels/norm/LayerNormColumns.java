package dev.lanewise.kernels.norm;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * Gradients of gamma and beta: down each column one chain over ascending rows, which comes from memory and goes there (a method for each
 * number of vectors, as in {@code ColumnSumKernel}). {@code at} is the byte of the column.
 */
final class LayerNormColumns {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  static final int STEP = 4 * Lanes.COUNT;

  private LayerNormColumns() {}

  static void two(
      int rows, long rowBytes, long at, MemorySegment x, MemorySegment mean, MemorySegment rstd, MemorySegment dy,
      MemorySegment dgamma, MemorySegment dbeta) {
    x = exact(x);
    mean = exact(mean);
    rstd = exact(rstd);
    dy = exact(dy);
    dgamma = exact(dgamma);
    dbeta = exact(dbeta);
    FloatVector g0 = fromMemorySegment(F, dgamma, at, NATIVE);
    FloatVector g1 = fromMemorySegment(F, dgamma, at + STEP, NATIVE);
    FloatVector b0 = fromMemorySegment(F, dbeta, at, NATIVE);
    FloatVector b1 = fromMemorySegment(F, dbeta, at + STEP, NATIVE);
    for (int i = 0; i < rows; i++) {
      long row = at + i * rowBytes;
      float m = mean.get(JAVA_FLOAT, 4L * i);
      float r = rstd.get(JAVA_FLOAT, 4L * i);
      FloatVector d0 = fromMemorySegment(F, dy, row, NATIVE);
      FloatVector d1 = fromMemorySegment(F, dy, row + STEP, NATIVE);
      g0 = d0.fma(fromMemorySegment(F, x, row, NATIVE).sub(m).mul(r), g0);
      g1 = d1.fma(fromMemorySegment(F, x, row + STEP, NATIVE).sub(m).mul(r), g1);
      b0 = b0.add(d0);
      b1 = b1.add(d1);
    }
    g0.intoMemorySegment(dgamma, at, NATIVE);
    g1.intoMemorySegment(dgamma, at + STEP, NATIVE);
    b0.intoMemorySegment(dbeta, at, NATIVE);
    b1.intoMemorySegment(dbeta, at + STEP, NATIVE);
  }

  static void one(
      int rows, long rowBytes, long at, MemorySegment x, MemorySegment mean, MemorySegment rstd, MemorySegment dy,
      MemorySegment dgamma, MemorySegment dbeta) {
    x = exact(x);
    mean = exact(mean);
    rstd = exact(rstd);
    dy = exact(dy);
    dgamma = exact(dgamma);
    dbeta = exact(dbeta);
    FloatVector g0 = fromMemorySegment(F, dgamma, at, NATIVE);
    FloatVector b0 = fromMemorySegment(F, dbeta, at, NATIVE);
    for (int i = 0; i < rows; i++) {
      long row = at + i * rowBytes;
      FloatVector d0 = fromMemorySegment(F, dy, row, NATIVE);
      FloatVector normal =
          fromMemorySegment(F, x, row, NATIVE).sub(mean.get(JAVA_FLOAT, 4L * i)).mul(rstd.get(JAVA_FLOAT, 4L * i));
      g0 = d0.fma(normal, g0);
      b0 = b0.add(d0);
    }
    g0.intoMemorySegment(dgamma, at, NATIVE);
    b0.intoMemorySegment(dbeta, at, NATIVE);
  }

  static void scalar(
      int rows, long rowBytes, long at, MemorySegment x, MemorySegment mean, MemorySegment rstd, MemorySegment dy,
      MemorySegment dgamma, MemorySegment dbeta) {
    float g = dgamma.get(JAVA_FLOAT, at);
    float b = dbeta.get(JAVA_FLOAT, at);
    for (int i = 0; i < rows; i++) {
      long row = at + i * rowBytes;
      float d = dy.get(JAVA_FLOAT, row);
      g = Math.fma(d, (x.get(JAVA_FLOAT, row) - mean.get(JAVA_FLOAT, 4L * i)) * rstd.get(JAVA_FLOAT, 4L * i), g);
      b += d;
    }
    dgamma.set(JAVA_FLOAT, at, g);
    dbeta.set(JAVA_FLOAT, at, b);
  }
}
