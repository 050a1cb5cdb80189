package dev.lanewise.kernels.norm;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/** One row of batch normalisation, at byte {@code row} of each matrix; what belongs to channels begins at 0, arrays hold what the task computed. */
final class BatchNormKernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();

  private BatchNormKernel() {}

  /** y = (x - mean) scale + beta. */
  static void normalise(
      long row, int channels, MemorySegment x, MemorySegment mean, float[] scale, MemorySegment beta, MemorySegment y) {
    x = exact(x);
    mean = exact(mean);
    beta = exact(beta);
    y = exact(y);
    int c = 0;
    for (; c <= channels - Lanes.COUNT; c += Lanes.COUNT) {
      FloatVector centred = fromMemorySegment(F, x, row + 4L * c, NATIVE).sub(fromMemorySegment(F, mean, 4L * c, NATIVE));
      FloatVector normal = centred.fma(FloatVector.fromArray(F, scale, c), fromMemorySegment(F, beta, 4L * c, NATIVE));
      normal.intoMemorySegment(y, row + 4L * c, NATIVE);
    }
    for (; c < channels; c++) {
      float centred = x.get(JAVA_FLOAT, row + 4L * c) - mean.get(JAVA_FLOAT, 4L * c);
      y.set(JAVA_FLOAT, row + 4L * c, Math.fma(centred, scale[c], beta.get(JAVA_FLOAT, 4L * c)));
    }
  }

  /** dx = scale (dy - c1 - c2 (x - mean) rstd). */
  static void backward(
      long row, int channels, MemorySegment x, MemorySegment mean, MemorySegment rstd, MemorySegment dy, float[] scale,
      float[] c1, float[] c2, MemorySegment dx) {
    x = exact(x);
    mean = exact(mean);
    rstd = exact(rstd);
    dy = exact(dy);
    dx = exact(dx);
    int c = 0;
    for (; c <= channels - Lanes.COUNT; c += Lanes.COUNT) {
      FloatVector normal =
          fromMemorySegment(F, x, row + 4L * c, NATIVE)
              .sub(fromMemorySegment(F, mean, 4L * c, NATIVE))
              .mul(fromMemorySegment(F, rstd, 4L * c, NATIVE));
      FloatVector d = fromMemorySegment(F, dy, row + 4L * c, NATIVE).sub(FloatVector.fromArray(F, c1, c));
      d = FloatVector.fromArray(F, c2, c).neg().fma(normal, d);
      d.mul(FloatVector.fromArray(F, scale, c)).intoMemorySegment(dx, row + 4L * c, NATIVE);
    }
    for (; c < channels; c++) {
      float centred = x.get(JAVA_FLOAT, row + 4L * c) - mean.get(JAVA_FLOAT, 4L * c);
      float d = dy.get(JAVA_FLOAT, row + 4L * c) - c1[c];
      dx.set(JAVA_FLOAT, row + 4L * c, Math.fma(-c2[c], centred * rstd.get(JAVA_FLOAT, 4L * c), d) * scale[c]);
    }
  }
}
