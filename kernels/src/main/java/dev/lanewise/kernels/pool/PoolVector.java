package dev.lanewise.kernels.pool;

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
 * One window of maximum pooling over all its channels. Offsets are bytes; {@code in} is the window's first pixel, {@code out} the
 * output pixel, {@code row} the distance from an input row to the next, {@code pixel} the bytes of a pixel.
 */
final class PoolVector {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private PoolVector() {}

  /** Whether {@code value} takes the place of {@code max}: it is greater, or the first NaN. */
  private static boolean wins(float value, float max) {
    return !(max >= value) && !Float.isNaN(max);
  }

  private static VectorMask<Float> wins(FloatVector value, FloatVector max) {
    return max.compare(VectorOperators.EQ, max).andNot(max.compare(VectorOperators.GE, value));
  }

  /** 2x2 windows, the usual case, without their taps. */
  static void max2x2(long in, long row, long pixel, MemorySegment x, long out, MemorySegment y) {
    long c = 0;
    for (; c <= pixel - STEP; c += STEP) {
      FloatVector max = fromMemorySegment(F, x, in + c, NATIVE);
      max = greater(fromMemorySegment(F, x, in + c + pixel, NATIVE), max);
      max = greater(fromMemorySegment(F, x, in + c + row, NATIVE), max);
      max = greater(fromMemorySegment(F, x, in + c + row + pixel, NATIVE), max);
      max.intoMemorySegment(y, out + c, NATIVE);
    }
    maxRest(c, 2, 2, in, row, pixel, x, out, y);
  }

  private static FloatVector greater(FloatVector value, FloatVector max) {
    return max.blend(value, wins(value, max));
  }

  /** 2x2 windows and their taps, 0 to 3. */
  static void argmax2x2(long in, long row, long pixel, MemorySegment x, long out, MemorySegment y, MemorySegment argmax) {
    long c = 0;
    for (; c <= pixel - STEP; c += STEP) {
      FloatVector max = fromMemorySegment(F, x, in + c, NATIVE);
      FloatVector value = fromMemorySegment(F, x, in + c + pixel, NATIVE);
      VectorMask<Float> wins = wins(value, max);
      max = max.blend(value, wins);
      // Taps travel as the bits of floats: the masks of float comparisons then need no cast.
      FloatVector tap = FloatVector.zero(Lanes.F).blend(tap(1), wins);
      value = fromMemorySegment(F, x, in + c + row, NATIVE);
      wins = wins(value, max);
      max = max.blend(value, wins);
      tap = tap.blend(tap(2), wins);
      value = fromMemorySegment(F, x, in + c + row + pixel, NATIVE);
      wins = wins(value, max);
      max.blend(value, wins).intoMemorySegment(y, out + c, NATIVE);
      tap.blend(tap(3), wins).reinterpretAsInts().intoMemorySegment(argmax, out + c, NATIVE);
    }
    argmaxRest(c, 2, 2, in, row, pixel, x, out, y, argmax);
  }

  static void max(
      int height, int width, long in, long row, long pixel, MemorySegment x, long out, MemorySegment y) {
    long c = 0;
    for (; c <= pixel - STEP; c += STEP) {
      FloatVector max = fromMemorySegment(F, x, in + c, NATIVE);
      for (int h = 0; h < height; h++) {
        for (int w = 0; w < width; w++) {
          max = greater(fromMemorySegment(F, x, in + c + h * row + w * pixel, NATIVE), max);
        }
      }
      max.intoMemorySegment(y, out + c, NATIVE);
    }
    maxRest(c, height, width, in, row, pixel, x, out, y);
  }

  static void argmax(
      int height, int width, long in, long row, long pixel, MemorySegment x, long out, MemorySegment y,
      MemorySegment argmax) {
    long c = 0;
    for (; c <= pixel - STEP; c += STEP) {
      FloatVector max = fromMemorySegment(F, x, in + c, NATIVE);
      FloatVector tap = FloatVector.zero(Lanes.F);
      for (int h = 0; h < height; h++) {
        for (int w = 0; w < width; w++) {
          FloatVector value = fromMemorySegment(F, x, in + c + h * row + w * pixel, NATIVE);
          VectorMask<Float> wins = wins(value, max);
          max = max.blend(value, wins);
          tap = tap.blend(tap(h * width + w), wins);
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

  /** Writes a window that no other overlaps: dy at the maximum, 0 elsewhere. */
  static void scatter(
      int height, int width, long in, long row, long pixel, MemorySegment dx, long out, MemorySegment dy,
      MemorySegment argmax) {
    for (int h = 0; h < height; h++) {
      for (int w = 0; w < width; w++) {
        int tap = h * width + w;
        long at = in + h * row + w * pixel;
        long c = 0;
        for (; c <= pixel - STEP; c += STEP) {
          selected(tap, out + c, dy, argmax).intoMemorySegment(dx, at + c, NATIVE);
        }
        for (; c < pixel; c += 4) {
          dx.set(JAVA_FLOAT, at + c, argmax.get(JAVA_INT, out + c) == tap ? dy.get(JAVA_FLOAT, out + c) + 0f : 0f);
        }
      }
    }
  }

  /** Adds a window to zeros or to what earlier windows left. */
  static void scatterAdd(
      int height, int width, long in, long row, long pixel, MemorySegment dx, long out, MemorySegment dy,
      MemorySegment argmax) {
    for (int h = 0; h < height; h++) {
      for (int w = 0; w < width; w++) {
        int tap = h * width + w;
        long at = in + h * row + w * pixel;
        long c = 0;
        for (; c <= pixel - STEP; c += STEP) {
          fromMemorySegment(F, dx, at + c, NATIVE).add(selected(tap, out + c, dy, argmax)).intoMemorySegment(dx, at + c, NATIVE);
        }
        for (; c < pixel; c += 4) {
          float selected = argmax.get(JAVA_INT, out + c) == tap ? dy.get(JAVA_FLOAT, out + c) : 0f;
          dx.set(JAVA_FLOAT, at + c, dx.get(JAVA_FLOAT, at + c) + selected);
        }
      }
    }
  }

  /** dy where the maximum came from this tap, else +0; adding +0 makes a -0 the +0 that a sum from zero would be. */
  private static FloatVector selected(int tap, long out, MemorySegment dy, MemorySegment argmax) {
    IntVector taps = IntVector.fromMemorySegment(Lanes.I, argmax, out, NATIVE);
    VectorMask<Float> chosen = taps.compare(VectorOperators.EQ, tap).cast(Lanes.F);
    return FloatVector.zero(Lanes.F).blend(fromMemorySegment(F, dy, out, NATIVE).add(0f), chosen);
  }

  static void zero(long from, long to, MemorySegment dx) {
    long i = from;
    for (; i <= to - STEP; i += STEP) {
      FloatVector.zero(Lanes.F).intoMemorySegment(dx, i, NATIVE);
    }
    for (; i < to; i += 4) {
      dx.set(JAVA_FLOAT, i, 0f);
    }
  }

  private static FloatVector tap(int index) {
    return IntVector.broadcast(Lanes.I, index).reinterpretAsFloats();
  }
}
