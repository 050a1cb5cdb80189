package dev.lanewise.kernels.pool;

import static dev.lanewise.kernels.lane.Lanes.exact;
import static dev.lanewise.kernels.lane.Lanes.F;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/** One window of average pooling, or a row of them, over all their channels. Offsets are bytes, as in {@link MaxPoolKernel}. */
final class AveragePoolKernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private AveragePoolKernel() {}

  /** A row of 2x2 windows, the usual case; {@code stride} is the distance from a window to the next. */
  static void rowOf2x2(
      int windows, long stride, long in, long row, long pixel, MemorySegment x, long out, MemorySegment y) {
    x = exact(x);
    y = exact(y);
    for (int w = 0; w < windows; w++) {
      long at = w * stride;
      long c = 0;
      for (; c <= pixel - STEP; c += STEP) {
        FloatVector sum = FloatVector.zero(F).add(fromMemorySegment(F, x, in + at + c, NATIVE));
        sum = sum.add(fromMemorySegment(F, x, in + at + c + pixel, NATIVE));
        sum = sum.add(fromMemorySegment(F, x, in + row + at + c, NATIVE));
        sum = sum.add(fromMemorySegment(F, x, in + row + at + c + pixel, NATIVE));
        // Times 1/4 has the bits of the quotient, since 4 is a power of two.
        sum.mul(0.25f).intoMemorySegment(y, out + w * pixel + c, NATIVE);
      }
      if (c < pixel) {
        averageRest(c, 2, 2, in + at, row, pixel, x, out + w * pixel, y);
      }
    }
  }

  static void average(
      int height, int width, long in, long row, long pixel, MemorySegment x, long out, MemorySegment y) {
    x = exact(x);
    y = exact(y);
    float taps = (float) height * width;
    long c = 0;
    for (; c <= pixel - STEP; c += STEP) {
      FloatVector sum = FloatVector.zero(F);
      for (int h = 0; h < height; h++) {
        for (int w = 0; w < width; w++) {
          sum = sum.add(fromMemorySegment(F, x, in + c + h * row + w * pixel, NATIVE));
        }
      }
      sum.div(taps).intoMemorySegment(y, out + c, NATIVE);
    }
    averageRest(c, height, width, in, row, pixel, x, out, y);
  }

  private static void averageRest(
      long c, int height, int width, long in, long row, long pixel, MemorySegment x, long out, MemorySegment y) {
    float taps = (float) height * width;
    for (; c < pixel; c += 4) {
      float sum = 0f;
      for (int h = 0; h < height; h++) {
        for (int w = 0; w < width; w++) {
          sum += x.get(JAVA_FLOAT, in + c + h * row + w * pixel);
        }
      }
      y.set(JAVA_FLOAT, out + c, sum / taps);
    }
  }

  /** Writes a window that no other overlaps. */
  static void spread(
      int height, int width, long in, long row, long pixel, MemorySegment dx, long out, MemorySegment dy) {
    dx = exact(dx);
    dy = exact(dy);
    float taps = (float) height * width;
    long c = 0;
    for (; c <= pixel - STEP; c += STEP) {
      // Adding +0 makes a -0 the +0 that a sum from zero would be.
      FloatVector share = fromMemorySegment(F, dy, out + c, NATIVE).div(taps).add(0f);
      for (int h = 0; h < height; h++) {
        for (int w = 0; w < width; w++) {
          share.intoMemorySegment(dx, in + c + h * row + w * pixel, NATIVE);
        }
      }
    }
    for (; c < pixel; c += 4) {
      float share = dy.get(JAVA_FLOAT, out + c) / taps + 0f;
      for (int h = 0; h < height; h++) {
        for (int w = 0; w < width; w++) {
          dx.set(JAVA_FLOAT, in + c + h * row + w * pixel, share);
        }
      }
    }
  }

  /** Adds a window to zeros or to what earlier windows left. */
  static void spreadAdd(
      int height, int width, long in, long row, long pixel, MemorySegment dx, long out, MemorySegment dy) {
    dx = exact(dx);
    dy = exact(dy);
    float taps = (float) height * width;
    long c = 0;
    for (; c <= pixel - STEP; c += STEP) {
      FloatVector share = fromMemorySegment(F, dy, out + c, NATIVE).div(taps);
      for (int h = 0; h < height; h++) {
        for (int w = 0; w < width; w++) {
          long at = in + c + h * row + w * pixel;
          fromMemorySegment(F, dx, at, NATIVE).add(share).intoMemorySegment(dx, at, NATIVE);
        }
      }
    }
    for (; c < pixel; c += 4) {
      float share = dy.get(JAVA_FLOAT, out + c) / taps;
      for (int h = 0; h < height; h++) {
        for (int w = 0; w < width; w++) {
          long at = in + c + h * row + w * pixel;
          dx.set(JAVA_FLOAT, at, dx.get(JAVA_FLOAT, at) + share);
        }
      }
    }
  }
}
