package dev.lanewise.kernels.recurrent;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.math.TanhKernel;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * One step of one sequence of Elman's network, after the product: {@code bytes} of a + h W at byte g of the gates, h at byte s of the state;
 * backwards the state holds dh, and 0 is left in it for the product to add to.
 */
final class RnnKernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private RnnKernel() {}

  static void tanh(long bytes, MemorySegment gates, long g, MemorySegment state, long s) {
    TanhKernel.run(g, g + bytes, gates, gates);
    Rows.copy(gates, g, state, s, bytes);
  }

  static void relu(long bytes, MemorySegment gates, long g, MemorySegment state, long s) {
    cut(bytes, gates, g);
    Rows.copy(gates, g, state, s, bytes);
  }

  /** Negatives to zero, NaN stays. */
  private static void cut(long bytes, MemorySegment gates, long g) {
    gates = exact(gates);
    long j = 0;
    for (; j <= bytes - STEP; j += STEP) {
      FloatVector a = fromMemorySegment(F, gates, g + j, NATIVE);
      a.blend(0f, a.compare(VectorOperators.LE, 0f)).intoMemorySegment(gates, g + j, NATIVE);
    }
    for (; j < bytes; j += 4) {
      float a = gates.get(JAVA_FLOAT, g + j);
      gates.set(JAVA_FLOAT, g + j, a <= 0f ? 0f : a);
    }
  }

  static void tanhBackward(long bytes, MemorySegment gates, long g, MemorySegment state, long s) {
    gates = exact(gates);
    state = exact(state);
    FloatVector zero = FloatVector.zero(F);
    long j = 0;
    for (; j <= bytes - STEP; j += STEP) {
      FloatVector h = fromMemorySegment(F, gates, g + j, NATIVE);
      FloatVector slope = h.neg().fma(h, FloatVector.broadcast(F, 1f));
      fromMemorySegment(F, state, s + j, NATIVE).mul(slope).intoMemorySegment(gates, g + j, NATIVE);
      zero.intoMemorySegment(state, s + j, NATIVE);
    }
    for (; j < bytes; j += 4) {
      float h = gates.get(JAVA_FLOAT, g + j);
      gates.set(JAVA_FLOAT, g + j, state.get(JAVA_FLOAT, s + j) * Math.fma(-h, h, 1f));
      state.set(JAVA_FLOAT, s + j, 0f);
    }
  }

  static void reluBackward(long bytes, MemorySegment gates, long g, MemorySegment state, long s) {
    gates = exact(gates);
    state = exact(state);
    FloatVector zero = FloatVector.zero(F);
    long j = 0;
    for (; j <= bytes - STEP; j += STEP) {
      FloatVector h = fromMemorySegment(F, gates, g + j, NATIVE);
      FloatVector dh = fromMemorySegment(F, state, s + j, NATIVE);
      zero.blend(dh, h.compare(VectorOperators.GT, 0f)).intoMemorySegment(gates, g + j, NATIVE);
      zero.intoMemorySegment(state, s + j, NATIVE);
    }
    for (; j < bytes; j += 4) {
      gates.set(JAVA_FLOAT, g + j, gates.get(JAVA_FLOAT, g + j) > 0f ? state.get(JAVA_FLOAT, s + j) : 0f);
      state.set(JAVA_FLOAT, s + j, 0f);
    }
  }
}
