package dev.lanewise.kernels.pool;

import static dev.lanewise.kernels.lane.Lanes.exact;
import static dev.lanewise.kernels.lane.Lanes.F;
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
 * One window of maximum pooling, or a row of them, forwards, over all their channels. Offsets are bytes; {@code in} is the window's first pixel, {@code out} the
 * output pixel, {@code row} the distance from an input row to the next, {@code pixel} the bytes of a pixel.
 */
final class MaxPoolKernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private MaxPoolKernel() {}

  /** Whether {@code value} takes the place of {@code max}: it is greater, or the first NaN. */
  private static boolean wins(float value, float max) {
    return !(max >= value) && !Float.isNaN(max);
  }

  /**
   * A row of 2x2 windows, the usual case, without their taps; {@code stride} is the distance from a window to the next. The loop over windows is in
   * here because a window of few channels is too little work for a call.
   */
  static void maxRowOf2x2(
      int windows, long stride, long in, long row, long pixel, MemorySegment x, long out, MemorySegment y) {
    x = exact(x);
    y = exact(y);
    for (int w = 0; w < windows; w++) {
      long at = w * stride;
      long to = w * pixel;
      long c = 0;
      for (; c <= pixel - STEP; c += STEP) {
        FloatVector max = fromMemorySegment(F, x, in + at + c, NATIVE);
        FloatVector value = fromMemorySegment(F, x, in + at + c + pixel, NATIVE);
        max = max.blend(value, max.compare(VectorOperators.EQ, max).andNot(max.compare(VectorOperators.GE, value)));
        value = fromMemorySegment(F, x, in + row + at + c, NATIVE);
        max = max.blend(value, max.compare(VectorOperators.EQ, max).andNot(max.compare(VectorOperators.GE, value)));
        value = fromMemorySegment(F, x, in + row + at + c + pixel, NATIVE);
        max = max.blend(value, max.compare(VectorOperators.EQ, max).andNot(max.compare(VectorOperators.GE, value)));
        max.intoMemorySegment(y, out + to + c, NATIVE);
      }
      if (c < pixel) {
        maxRest(c, 2, 2, in + at, row, pixel, x, out + to, y);
      }
    }
  }

  /** A row of 2x2 windows and their taps, 0 to 3. */
  static void argmaxRowOf2x2(
      int windows, long stride, long in, long row, long pixel, MemorySegment x, long out, MemorySegment y, MemorySegment argmax) {
    // Taps travel as the bits of floats: the masks of float comparisons then need no cast.
    FloatVector one = IntVector.broadcast(Lanes.I, 1).reinterpretAsFloats();
    FloatVector two = IntVector.broadcast(Lanes.I, 2).reinterpretAsFloats();
    FloatVector three = IntVector.broadcast(Lanes.I, 3).reinterpretAsFloats();
    x = exact(x);
    y = exact(y);
    argmax = exact(argmax);
    for (int w = 0; w < windows; w++) {
      long at = w * stride;
      long to = w * pixel;
      long c = 0;
      for (; c <= pixel - STEP; c += STEP) {
        FloatVector max = fromMemorySegment(F, x, in + at + c, NATIVE);
        FloatVector value = fromMemorySegment(F, x, in + at + c + pixel, NATIVE);
        VectorMask<Float> wins = max.compare(VectorOperators.EQ, max).andNot(max.compare(VectorOperators.GE, value));
        max = max.blend(value, wins);
        FloatVector tap = FloatVector.zero(F).blend(one, wins);
        value = fromMemorySegment(F, x, in + row + at + c, NATIVE);
        wins = max.compare(VectorOperators.EQ, max).andNot(max.compare(VectorOperators.GE, value));
        max = max.blend(value, wins);
        tap = tap.blend(two, wins);
        value = fromMemorySegment(F, x, in + row + at + c + pixel, NATIVE);
        wins = max.compare(VectorOperators.EQ, max).andNot(max.compare(VectorOperators.GE, value));
        max.blend(value, wins).intoMemorySegment(y, out + to + c, NATIVE);
        tap.blend(three, wins).reinterpretAsInts().intoMemorySegment(argmax, out + to + c, NATIVE);
      }
      if (c < pixel) {
        argmaxRest(c, 2, 2, in + at, row, pixel, x, out + to, y, argmax);
      }
    }
  }

  static void max(
      int height, int width, long in, long row, long pixel, MemorySegment x, long out, MemorySegment y) {
    x = exact(x);
    y = exact(y);
    long c = 0;
    for (; c <= pixel - STEP; c += STEP) {
      FloatVector max = fromMemorySegment(F, x, in + c, NATIVE);
      for (int h = 0; h < height; h++) {
        for (int w = 0; w < width; w++) {
          FloatVector value = fromMemorySegment(F, x, in + c + h * row + w * pixel, NATIVE);
          max = max.blend(value, max.compare(VectorOperators.EQ, max).andNot(max.compare(VectorOperators.GE, value)));
        }
      }
      max.intoMemorySegment(y, out + c, NATIVE);
    }
    maxRest(c, height, width, in, row, pixel, x, out, y);
  }

  static void argmax(
      int height, int width, long in, long row, long pixel, MemorySegment x, long out, MemorySegment y,
      MemorySegment argmax) {
    x = exact(x);
    y = exact(y);
    argmax = exact(argmax);
    long c = 0;
    for (; c <= pixel - STEP; c += STEP) {
      FloatVector max = fromMemorySegment(F, x, in + c, NATIVE);
      FloatVector tap = FloatVector.zero(F);
      for (int h = 0; h < height; h++) {
        for (int w = 0; w < width; w++) {
          FloatVector value = fromMemorySegment(F, x, in + c + h * row + w * pixel, NATIVE);
          VectorMask<Float> wins = max.compare(VectorOperators.EQ, max).andNot(max.compare(VectorOperators.GE, value));
          max = max.blend(value, wins);
          tap = tap.blend(IntVector.broadcast(Lanes.I, h * width + w).reinterpretAsFloats(), wins);
        }
      }
      max.intoMemorySegment(y, out + c, NATIVE);
      tap.reinterpretAsInts().intoMemorySegment(argmax, out + c, NATIVE);
    }
    argmaxRest(c, height, width, in, row, pixel, x, out, y, argmax);
  }

  private static void maxRest(
      long c, int height, int width, long in, long row, long pixel, MemorySegment x, long out, MemorySegment y) {
    for (; c < pixel; c += 4) {
      float max = x.get(JAVA_FLOAT, in + c);
      for (int h = 0; h < height; h++) {
        for (int w = 0; w < width; w++) {
          float value = x.get(JAVA_FLOAT, in + c + h * row + w * pixel);
          max = wins(value, max) ? value : max;
        }
      }
      y.set(JAVA_FLOAT, out + c, max);
    }
  }

  private static void argmaxRest(
      long c, int height, int width, long in, long row, long pixel, MemorySegment x, long out, MemorySegment y,
      MemorySegment argmax) {
    for (; c < pixel; c += 4) {
      float max = x.get(JAVA_FLOAT, in + c);
      int tap = 0;
      for (int h = 0; h < height; h++) {
        for (int w = 0; w < width; w++) {
          float value = x.get(JAVA_FLOAT, in + c + h * row + w * pixel);
          if (wins(value, max)) {
            max = value;
            tap = h * width + w;
          }
        }
      }
      y.set(JAVA_FLOAT, out + c, max);
      argmax.set(JAVA_INT, out + c, tap);
    }
  }
}
