package dev.lanewise.kernels.recurrent;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.math.SigmoidKernel;
import dev.lanewise.kernels.math.TanhKernel;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * One step of one sequence of an LSTM, after the product: four times {@code bytes} of a + h W at byte g of the gates, in the order i, f, g, o; h
 * and c at byte s of the state; h before, c before and tanh(c) at byte t of the tape. The passes over the row stay in the first-level
 * cache; the functions are loops of their own, since one loop of them all would pass C2's node budget.
 */
final class LstmKernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private LstmKernel() {}

  static void forward(
      long bytes, MemorySegment gates, long g, MemorySegment state, long s, MemorySegment tape, long t) {
    SigmoidKernel.run(g, g + 2 * bytes, gates, gates);
    TanhKernel.run(g + 2 * bytes, g + 3 * bytes, gates, gates);
    SigmoidKernel.run(g + 3 * bytes, g + 4 * bytes, gates, gates);
    remember(bytes, gates, g, state, s + bytes, tape, t + bytes);
    TanhKernel.run(t + 2 * bytes, t + 3 * bytes, tape, tape);
    show(bytes, gates, g + 3 * bytes, tape, t + 2 * bytes, state, s);
  }

  /** c = f c + i g, the product i g rounded, the rest one fma. */
  private static void remember(
      long bytes, MemorySegment gates, long g, MemorySegment state, long c0, MemorySegment tape, long t) {
    gates = exact(gates);
    state = exact(state);
    tape = exact(tape);
    long j = 0;
    for (; j <= bytes - STEP; j += STEP) {
      FloatVector c = fromMemorySegment(F, state, c0 + j, NATIVE);
      c.intoMemorySegment(tape, t + j, NATIVE);
      FloatVector news = fromMemorySegment(F, gates, g + j, NATIVE).mul(fromMemorySegment(F, gates, g + 2 * bytes + j, NATIVE));
      c = fromMemorySegment(F, gates, g + bytes + j, NATIVE).fma(c, news);
      c.intoMemorySegment(state, c0 + j, NATIVE);
      c.intoMemorySegment(tape, t + bytes + j, NATIVE);
    }
    for (; j < bytes; j += 4) {
      float c = state.get(JAVA_FLOAT, c0 + j);
      tape.set(JAVA_FLOAT, t + j, c);
      float news = gates.get(JAVA_FLOAT, g + j) * gates.get(JAVA_FLOAT, g + 2 * bytes + j);
      c = Math.fma(gates.get(JAVA_FLOAT, g + bytes + j), c, news);
      state.set(JAVA_FLOAT, c0 + j, c);
      tape.set(JAVA_FLOAT, t + bytes + j, c);
    }
  }

  /** h = o tanh(c). */
  private static void show(
      long bytes, MemorySegment gates, long o, MemorySegment tape, long t, MemorySegment state, long s) {
    gates = exact(gates);
    tape = exact(tape);
    state = exact(state);
    long j = 0;
    for (; j <= bytes - STEP; j += STEP) {
      FloatVector h = fromMemorySegment(F, gates, o + j, NATIVE).mul(fromMemorySegment(F, tape, t + j, NATIVE));
      h.intoMemorySegment(state, s + j, NATIVE);
    }
    for (; j < bytes; j += 4) {
      state.set(JAVA_FLOAT, s + j, gates.get(JAVA_FLOAT, o + j) * tape.get(JAVA_FLOAT, t + j));
    }
  }

  /** From dh and dc in the state to the gradient for a; leaves 0, to which the product adds, and dc for the step before. */
  static void backward(
      long bytes, MemorySegment gates, long i0, MemorySegment tape, long t, MemorySegment state, long s) {
    gates = exact(gates);
    tape = exact(tape);
    state = exact(state);
    FloatVector one = FloatVector.broadcast(F, 1f);
    long f0 = i0 + bytes;
    long g0 = f0 + bytes;
    long o0 = g0 + bytes;
    long c0 = t + bytes;
    long tanh0 = c0 + bytes;
    long dc0 = s + bytes;
    long j = 0;
    for (; j <= bytes - STEP; j += STEP) {
      FloatVector dh = fromMemorySegment(F, state, s + j, NATIVE);
      FloatVector o = fromMemorySegment(F, gates, o0 + j, NATIVE);
      FloatVector tanh = fromMemorySegment(F, tape, tanh0 + j, NATIVE);
      FloatVector dc = dh.mul(o).fma(tanh.neg().fma(tanh, one), fromMemorySegment(F, state, dc0 + j, NATIVE));
      dh.mul(tanh).mul(o.mul(one.sub(o))).intoMemorySegment(gates, o0 + j, NATIVE);
      FloatVector i = fromMemorySegment(F, gates, i0 + j, NATIVE);
      FloatVector f = fromMemorySegment(F, gates, f0 + j, NATIVE);
      FloatVector g = fromMemorySegment(F, gates, g0 + j, NATIVE);
      dc.mul(g).mul(i.mul(one.sub(i))).intoMemorySegment(gates, i0 + j, NATIVE);
      dc.mul(fromMemorySegment(F, tape, c0 + j, NATIVE)).mul(f.mul(one.sub(f))).intoMemorySegment(gates, f0 + j, NATIVE);
      dc.mul(i).mul(g.neg().fma(g, one)).intoMemorySegment(gates, g0 + j, NATIVE);
      dc.mul(f).intoMemorySegment(state, dc0 + j, NATIVE);
      FloatVector.zero(F).intoMemorySegment(state, s + j, NATIVE);
    }
    for (; j < bytes; j += 4) {
      float dh = state.get(JAVA_FLOAT, s + j);
      float o = gates.get(JAVA_FLOAT, o0 + j);
      float tanh = tape.get(JAVA_FLOAT, tanh0 + j);
      float dc = Math.fma(dh * o, Math.fma(-tanh, tanh, 1f), state.get(JAVA_FLOAT, dc0 + j));
      gates.set(JAVA_FLOAT, o0 + j, dh * tanh * (o * (1f - o)));
      float i = gates.get(JAVA_FLOAT, i0 + j);
      float f = gates.get(JAVA_FLOAT, f0 + j);
      float g = gates.get(JAVA_FLOAT, g0 + j);
      gates.set(JAVA_FLOAT, i0 + j, dc * g * (i * (1f - i)));
      gates.set(JAVA_FLOAT, f0 + j, dc * tape.get(JAVA_FLOAT, c0 + j) * (f * (1f - f)));
      gates.set(JAVA_FLOAT, g0 + j, dc * i * Math.fma(-g, g, 1f));
      state.set(JAVA_FLOAT, dc0 + j, dc * f);
      state.set(JAVA_FLOAT, s + j, 0f);
    }
  }
}
