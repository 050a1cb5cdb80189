package dev.lanewise.kernels.activation;

import static dev.lanewise.kernels.lane.Lanes.exact;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * ReLU and the backward passes over elements [from, to): a loop of its own for each, since a function passed in would be a call per vector.
 * The rest that fills no vector goes through the scalar formulas, which give the same bits.
 */
final class ActivationsVector {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private ActivationsVector() {}

  static void relu(long from, long to, MemorySegment in, MemorySegment out) {
    long bytes = 4 * (to - from);
    in = exact(in);
    out = exact(out);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector x = FloatVector.fromMemorySegment(Lanes.F, in, 4 * from + i, NATIVE);
      x.blend(0f, x.compare(VectorOperators.LE, 0f)).intoMemorySegment(out, 4 * from + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      float value = in.get(JAVA_FLOAT, 4 * from + i);
      out.set(JAVA_FLOAT, 4 * from + i, value <= 0f ? 0f : value);
    }
  }

  static void reluBackward(long from, long to, MemorySegment out, MemorySegment dOut, MemorySegment dIn) {
    long bytes = 4 * (to - from);
    out = exact(out);
    dOut = exact(dOut);
    dIn = exact(dIn);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector y = FloatVector.fromMemorySegment(Lanes.F, out, 4 * from + i, NATIVE);
      FloatVector d = FloatVector.fromMemorySegment(Lanes.F, dOut, 4 * from + i, NATIVE);
      FloatVector.zero(Lanes.F).blend(d, y.compare(VectorOperators.GT, 0f)).intoMemorySegment(dIn, 4 * from + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      float value = out.get(JAVA_FLOAT, 4 * from + i);
      float slope = dOut.get(JAVA_FLOAT, 4 * from + i);
      dIn.set(JAVA_FLOAT, 4 * from + i, value > 0f ? slope : 0f);
    }
  }

  static void sigmoidBackward(long from, long to, MemorySegment out, MemorySegment dOut, MemorySegment dIn) {
    long bytes = 4 * (to - from);
    out = exact(out);
    dOut = exact(dOut);
    dIn = exact(dIn);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector y = FloatVector.fromMemorySegment(Lanes.F, out, 4 * from + i, NATIVE);
      FloatVector d = FloatVector.fromMemorySegment(Lanes.F, dOut, 4 * from + i, NATIVE);
      d.mul(y.mul(FloatVector.broadcast(Lanes.F, 1f).sub(y))).intoMemorySegment(dIn, 4 * from + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      float value = out.get(JAVA_FLOAT, 4 * from + i);
      float slope = dOut.get(JAVA_FLOAT, 4 * from + i);
      dIn.set(JAVA_FLOAT, 4 * from + i, slope * (value * (1f - value)));
    }
  }

  static void tanhBackward(long from, long to, MemorySegment out, MemorySegment dOut, MemorySegment dIn) {
    long bytes = 4 * (to - from);
    out = exact(out);
    dOut = exact(dOut);
    dIn = exact(dIn);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector y = FloatVector.fromMemorySegment(Lanes.F, out, 4 * from + i, NATIVE);
      FloatVector d = FloatVector.fromMemorySegment(Lanes.F, dOut, 4 * from + i, NATIVE);
      d.mul(y.neg().fma(y, FloatVector.broadcast(Lanes.F, 1f))).intoMemorySegment(dIn, 4 * from + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      float value = out.get(JAVA_FLOAT, 4 * from + i);
      float slope = dOut.get(JAVA_FLOAT, 4 * from + i);
      dIn.set(JAVA_FLOAT, 4 * from + i, slope * Math.fma(-value, value, 1f));
    }
  }

  static void leakyRelu(long from, long to, MemorySegment in, float slope, MemorySegment out) {
    long bytes = 4 * (to - from);
    in = exact(in);
    out = exact(out);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector x = FloatVector.fromMemorySegment(Lanes.F, in, 4 * from + i, NATIVE);
      x.blend(x.mul(slope), x.compare(VectorOperators.LT, 0f)).intoMemorySegment(out, 4 * from + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      float value = in.get(JAVA_FLOAT, 4 * from + i);
      out.set(JAVA_FLOAT, 4 * from + i, value < 0f ? slope * value : value);
    }
  }

  static void leakyReluBackward(
      long from, long to, MemorySegment out, MemorySegment dOut, float slope, MemorySegment dIn) {
    long bytes = 4 * (to - from);
    out = exact(out);
    dOut = exact(dOut);
    dIn = exact(dIn);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector y = FloatVector.fromMemorySegment(Lanes.F, out, 4 * from + i, NATIVE);
      FloatVector d = FloatVector.fromMemorySegment(Lanes.F, dOut, 4 * from + i, NATIVE);
      d.mul(slope).blend(d, y.compare(VectorOperators.GT, 0f)).intoMemorySegment(dIn, 4 * from + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      float value = out.get(JAVA_FLOAT, 4 * from + i);
      float gradient = dOut.get(JAVA_FLOAT, 4 * from + i);
      dIn.set(JAVA_FLOAT, 4 * from + i, value > 0f ? gradient : slope * gradient);
    }
  }

  static void eluBackward(long from, long to, MemorySegment out, MemorySegment dOut, float alpha, MemorySegment dIn) {
    long bytes = 4 * (to - from);
    out = exact(out);
    dOut = exact(dOut);
    dIn = exact(dIn);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector y = FloatVector.fromMemorySegment(Lanes.F, out, 4 * from + i, NATIVE);
      FloatVector d = FloatVector.fromMemorySegment(Lanes.F, dOut, 4 * from + i, NATIVE);
      d.mul(y.add(alpha)).blend(d, y.compare(VectorOperators.GT, 0f)).intoMemorySegment(dIn, 4 * from + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      float value = out.get(JAVA_FLOAT, 4 * from + i);
      float gradient = dOut.get(JAVA_FLOAT, 4 * from + i);
      dIn.set(JAVA_FLOAT, 4 * from + i, value > 0f ? gradient : gradient * (value + alpha));
    }
  }

  static void rsqrt(long from, long to, MemorySegment in, MemorySegment out) {
    long bytes = 4 * (to - from);
    in = exact(in);
    out = exact(out);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector root = FloatVector.fromMemorySegment(Lanes.F, in, 4 * from + i, NATIVE).lanewise(VectorOperators.SQRT);
      FloatVector.broadcast(Lanes.F, 1f).div(root).intoMemorySegment(out, 4 * from + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      out.set(JAVA_FLOAT, 4 * from + i, 1f / (float) Math.sqrt(in.get(JAVA_FLOAT, 4 * from + i)));
    }
  }
}
