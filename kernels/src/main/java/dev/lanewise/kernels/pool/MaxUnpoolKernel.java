package dev.lanewise.kernels.pool;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * One window of maximum pooling, backwards, over all its channels. Offsets are bytes, as in {@link MaxPoolKernel}.
 */
final class MaxUnpoolKernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private MaxUnpoolKernel() {}

  /** Writes a window that no other overlaps: dy at the maximum, 0 elsewhere. */
  static void scatter(
      int height, int width, long in, long row, long pixel, MemorySegment dx, long out, MemorySegment dy,
      MemorySegment argmax) {
    dx = exact(dx);
    dy = exact(dy);
    argmax = exact(argmax);
    for (int h = 0; h < height; h++) {
      for (int w = 0; w < width; w++) {
        int tap = h * width + w;
        long at = in + h * row + w * pixel;
        long c = 0;
        for (; c <= pixel - STEP; c += STEP) {
          VectorMask<Float> chosen =
              IntVector.fromMemorySegment(Lanes.I, argmax, out + c, NATIVE).compare(VectorOperators.EQ, tap).cast(F);
          // Adding +0 makes a -0 the +0 that a sum from zero would be.
          FloatVector selected = FloatVector.zero(F).blend(fromMemorySegment(F, dy, out + c, NATIVE).add(0f), chosen);
          selected.intoMemorySegment(dx, at + c, NATIVE);
        }
        for (; c < pixel; c += 4) {
          dx.set(JAVA_FLOAT, at + c, argmax.get(JAVA_INT, out + c) == tap ? dy.get(JAVA_FLOAT, out + c) + 0f : 0f);
        }
      }
    }
  }

  /**
   * Writes a row of 2x2 windows side by side, the usual case: gradient and tap are read once for the four pixels, and the loop over
   * windows is in here because a window of few channels is too little work for a call.
   */
  static void scatterRow2x2(
      int windows, long in, long row, long pixel, MemorySegment dx, long out, MemorySegment dy, MemorySegment argmax) {
    dx = exact(dx);
    dy = exact(dy);
    argmax = exact(argmax);
    FloatVector zero = FloatVector.zero(F);
    for (int w = 0; w < windows; w++) {
      long at = in + 2 * w * pixel;
      long from = out + w * pixel;
      long c = 0;
      for (; c <= pixel - STEP; c += STEP) {
        IntVector tap = IntVector.fromMemorySegment(Lanes.I, argmax, from + c, NATIVE);
        // Adding +0 makes a -0 the +0 that a sum from zero would be.
        FloatVector gradient = fromMemorySegment(F, dy, from + c, NATIVE).add(0f);
        zero.blend(gradient, tap.compare(VectorOperators.EQ, 0).cast(F)).intoMemorySegment(dx, at + c, NATIVE);
        zero.blend(gradient, tap.compare(VectorOperators.EQ, 1).cast(F)).intoMemorySegment(dx, at + pixel + c, NATIVE);
        zero.blend(gradient, tap.compare(VectorOperators.EQ, 2).cast(F)).intoMemorySegment(dx, at + row + c, NATIVE);
        zero.blend(gradient, tap.compare(VectorOperators.EQ, 3).cast(F)).intoMemorySegment(dx, at + row + pixel + c, NATIVE);
      }
      for (; c < pixel; c += 4) {
        int tap = argmax.get(JAVA_INT, from + c);
        float gradient = dy.get(JAVA_FLOAT, from + c) + 0f;
        dx.set(JAVA_FLOAT, at + c, tap == 0 ? gradient : 0f);
        dx.set(JAVA_FLOAT, at + pixel + c, tap == 1 ? gradient : 0f);
        dx.set(JAVA_FLOAT, at + row + c, tap == 2 ? gradient : 0f);
        dx.set(JAVA_FLOAT, at + row + pixel + c, tap == 3 ? gradient : 0f);
      }
    }
  }

  /** Adds a window to zeros or to what earlier windows left. */
  static void scatterAdd(
      int height, int width, long in, long row, long pixel, MemorySegment dx, long out, MemorySegment dy,
      MemorySegment argmax) {
    dx = exact(dx);
    dy = exact(dy);
    argmax = exact(argmax);
    for (int h = 0; h < height; h++) {
      for (int w = 0; w < width; w++) {
        int tap = h * width + w;
        long at = in + h * row + w * pixel;
        long c = 0;
        for (; c <= pixel - STEP; c += STEP) {
          VectorMask<Float> chosen =
              IntVector.fromMemorySegment(Lanes.I, argmax, out + c, NATIVE).compare(VectorOperators.EQ, tap).cast(F);
          // Adding +0 makes a -0 the +0 that a sum from zero would be.
          FloatVector selected = FloatVector.zero(F).blend(fromMemorySegment(F, dy, out + c, NATIVE).add(0f), chosen);
          fromMemorySegment(F, dx, at + c, NATIVE).add(selected).intoMemorySegment(dx, at + c, NATIVE);
        }
        for (; c < pixel; c += 4) {
          float selected = argmax.get(JAVA_INT, out + c) == tap ? dy.get(JAVA_FLOAT, out + c) : 0f;
          dx.set(JAVA_FLOAT, at + c, dx.get(JAVA_FLOAT, at + c) + selected);
        }
      }
    }
  }

  static void zero(long from, long to, MemorySegment dx) {
    dx = exact(dx);
    long i = from;
    for (; i <= to - STEP; i += STEP) {
      FloatVector.zero(Lanes.F).intoMemorySegment(dx, i, NATIVE);
    }
    for (; i < to; i += 4) {
      dx.set(JAVA_FLOAT, i, 0f);
    }
  }
}
