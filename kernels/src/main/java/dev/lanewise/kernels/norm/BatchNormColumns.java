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
 * Sums down columns over a stretch of rows: each a chain over ascending rows that starts from +0, added to what memory holds. {@code first} is the
 * byte of the stretch's first row in the column, {@code at} that of the column. A method for each number of vectors, as in {@code ColumnSumKernel}.
 */
final class BatchNormColumns {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  static final int STEP = 4 * Lanes.COUNT;

  private BatchNormColumns() {}

  /** Adds up x. */
  static void sumsTwo(int rows, long rowBytes, long first, MemorySegment x, long at, MemorySegment sums) {
    x = exact(x);
    sums = exact(sums);
    FloatVector a0 = FloatVector.zero(Lanes.F);
    FloatVector a1 = FloatVector.zero(Lanes.F);
    for (int i = 0; i < rows; i++) {
      long row = first + i * rowBytes;
      a0 = a0.add(fromMemorySegment(F, x, row, NATIVE));
      a1 = a1.add(fromMemorySegment(F, x, row + STEP, NATIVE));
    }
    fromMemorySegment(F, sums, at, NATIVE).add(a0).intoMemorySegment(sums, at, NATIVE);
    fromMemorySegment(F, sums, at + STEP, NATIVE).add(a1).intoMemorySegment(sums, at + STEP, NATIVE);
  }

  /** Adds up (x - mean)^2. */
  static void squaresTwo(
      int rows, long rowBytes, long first, MemorySegment x, long at, MemorySegment mean, MemorySegment sums) {
    x = exact(x);
    mean = exact(mean);
    sums = exact(sums);
    FloatVector m0 = fromMemorySegment(F, mean, at, NATIVE);
    FloatVector a0 = FloatVector.zero(Lanes.F);
    FloatVector m1 = fromMemorySegment(F, mean, at + STEP, NATIVE);
    FloatVector a1 = FloatVector.zero(Lanes.F);
    for (int i = 0; i < rows; i++) {
      long row = first + i * rowBytes;
      FloatVector d0 = fromMemorySegment(F, x, row, NATIVE).sub(m0);
      a0 = d0.fma(d0, a0);
      FloatVector d1 = fromMemorySegment(F, x, row + STEP, NATIVE).sub(m1);
      a1 = d1.fma(d1, a1);
    }
    fromMemorySegment(F, sums, at, NATIVE).add(a0).intoMemorySegment(sums, at, NATIVE);
    fromMemorySegment(F, sums, at + STEP, NATIVE).add(a1).intoMemorySegment(sums, at + STEP, NATIVE);
  }

  /** Adds up dy (x - mean) rstd and dy. */
  static void gradientsTwo(
      int rows, long rowBytes, long first, MemorySegment x, MemorySegment dy, long at, MemorySegment mean,
      MemorySegment rstd, MemorySegment dgamma, MemorySegment dbeta) {
    x = exact(x);
    dy = exact(dy);
    mean = exact(mean);
    rstd = exact(rstd);
    dgamma = exact(dgamma);
    dbeta = exact(dbeta);
    FloatVector m0 = fromMemorySegment(F, mean, at, NATIVE);
    FloatVector r0 = fromMemorySegment(F, rstd, at, NATIVE);
    FloatVector g0 = FloatVector.zero(Lanes.F);
    FloatVector b0 = FloatVector.zero(Lanes.F);
    FloatVector m1 = fromMemorySegment(F, mean, at + STEP, NATIVE);
    FloatVector r1 = fromMemorySegment(F, rstd, at + STEP, NATIVE);
    FloatVector g1 = FloatVector.zero(Lanes.F);
    FloatVector b1 = FloatVector.zero(Lanes.F);
    for (int i = 0; i < rows; i++) {
      long row = first + i * rowBytes;
      FloatVector d0 = fromMemorySegment(F, dy, row, NATIVE);
      g0 = d0.fma(fromMemorySegment(F, x, row, NATIVE).sub(m0).mul(r0), g0);
      b0 = b0.add(d0);
      FloatVector d1 = fromMemorySegment(F, dy, row + STEP, NATIVE);
      g1 = d1.fma(fromMemorySegment(F, x, row + STEP, NATIVE).sub(m1).mul(r1), g1);
      b1 = b1.add(d1);
    }
    fromMemorySegment(F, dgamma, at, NATIVE).add(g0).intoMemorySegment(dgamma, at, NATIVE);
    fromMemorySegment(F, dbeta, at, NATIVE).add(b0).intoMemorySegment(dbeta, at, NATIVE);
    fromMemorySegment(F, dgamma, at + STEP, NATIVE).add(g1).intoMemorySegment(dgamma, at + STEP, NATIVE);
    fromMemorySegment(F, dbeta, at + STEP, NATIVE).add(b1).intoMemorySegment(dbeta, at + STEP, NATIVE);
  }

  /** Adds up x. */
  static void sumsOne(int rows, long rowBytes, long first, MemorySegment x, long at, MemorySegment sums) {
    x = exact(x);
    sums = exact(sums);
    FloatVector a0 = FloatVector.zero(Lanes.F);
    for (int i = 0; i < rows; i++) {
      long row = first + i * rowBytes;
      a0 = a0.add(fromMemorySegment(F, x, row, NATIVE));
    }
    fromMemorySegment(F, sums, at, NATIVE).add(a0).intoMemorySegment(sums, at, NATIVE);
  }

  /** Adds up (x - mean)^2. */
  static void squaresOne(
      int rows, long rowBytes, long first, MemorySegment x, long at, MemorySegment mean, MemorySegment sums) {
    x = exact(x);
    mean = exact(mean);
    sums = exact(sums);
    FloatVector m0 = fromMemorySegment(F, mean, at, NATIVE);
    FloatVector a0 = FloatVector.zero(Lanes.F);
    for (int i = 0; i < rows; i++) {
      long row = first + i * rowBytes;
      FloatVector d0 = fromMemorySegment(F, x, row, NATIVE).sub(m0);
      a0 = d0.fma(d0, a0);
    }
    fromMemorySegment(F, sums, at, NATIVE).add(a0).intoMemorySegment(sums, at, NATIVE);
  }

  /** Adds up dy (x - mean) rstd and dy. */
  static void gradientsOne(
      int rows, long rowBytes, long first, MemorySegment x, MemorySegment dy, long at, MemorySegment mean,
      MemorySegment rstd, MemorySegment dgamma, MemorySegment dbeta) {
    x = exact(x);
    dy = exact(dy);
    mean = exact(mean);
    rstd = exact(rstd);
    dgamma = exact(dgamma);
    dbeta = exact(dbeta);
    FloatVector m0 = fromMemorySegment(F, mean, at, NATIVE);
    FloatVector r0 = fromMemorySegment(F, rstd, at, NATIVE);
    FloatVector g0 = FloatVector.zero(Lanes.F);
    FloatVector b0 = FloatVector.zero(Lanes.F);
    for (int i = 0; i < rows; i++) {
      long row = first + i * rowBytes;
      FloatVector d0 = fromMemorySegment(F, dy, row, NATIVE);
      g0 = d0.fma(fromMemorySegment(F, x, row, NATIVE).sub(m0).mul(r0), g0);
      b0 = b0.add(d0);
    }
    fromMemorySegment(F, dgamma, at, NATIVE).add(g0).intoMemorySegment(dgamma, at, NATIVE);
    fromMemorySegment(F, dbeta, at, NATIVE).add(b0).intoMemorySegment(dbeta, at, NATIVE);
  }

  static void sumsScalar(int rows, long rowBytes, long first, MemorySegment x, long at, MemorySegment sums) {
    float sum = 0f;
    for (int i = 0; i < rows; i++) {
      sum += x.get(JAVA_FLOAT, first + i * rowBytes);
    }
    sums.set(JAVA_FLOAT, at, sums.get(JAVA_FLOAT, at) + sum);
  }

  static void squaresScalar(
      int rows, long rowBytes, long first, MemorySegment x, long at, MemorySegment mean, MemorySegment sums) {
    float m = mean.get(JAVA_FLOAT, at);
    float sum = 0f;
    for (int i = 0; i < rows; i++) {
      float d = x.get(JAVA_FLOAT, first + i * rowBytes) - m;
      sum = Math.fma(d, d, sum);
    }
    sums.set(JAVA_FLOAT, at, sums.get(JAVA_FLOAT, at) + sum);
  }

  static void gradientsScalar(
      int rows, long rowBytes, long first, MemorySegment x, MemorySegment dy, long at, MemorySegment mean,
      MemorySegment rstd, MemorySegment dgamma, MemorySegment dbeta) {
    float m = mean.get(JAVA_FLOAT, at);
    float r = rstd.get(JAVA_FLOAT, at);
    float g = 0f;
    float b = 0f;
    for (int i = 0; i < rows; i++) {
      float d = dy.get(JAVA_FLOAT, first + i * rowBytes);
      g = Math.fma(d, (x.get(JAVA_FLOAT, first + i * rowBytes) - m) * r, g);
      b += d;
    }
    dgamma.set(JAVA_FLOAT, at, dgamma.get(JAVA_FLOAT, at) + g);
    dbeta.set(JAVA_FLOAT, at, dbeta.get(JAVA_FLOAT, at) + b);
  }
}
