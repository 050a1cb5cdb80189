package dev.lanewise.kernels.pool;

import static dev.lanewise.kernels.lane.Lanes.F;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/** One window of average pooling over all its channels. Offsets are bytes, as in {@link MaxPoolKernel}. */
final class AveragePoolKernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private AveragePoolKernel() {}

  static void average(
      int height, int width, long in, long row, long pixel, MemorySegment x, long out, MemorySegment y) {
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
