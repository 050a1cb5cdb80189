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
 * One step of one sequence of a GRU, after the product: three times {@code bytes} of a at byte g of the gates and of u = h W + b at byte g of
 * u, in the order r, z, n; h at byte s of the state. The passes over the row stay in the first-level cache; the functions are loops of
 * their own, since one loop of them all would pass C2's node budget.
 */
final class GruKernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private GruKernel() {}

  static void forward(long bytes, MemorySegment gates, long g, MemorySegment u, MemorySegment state, long s) {
    Rows.add(u, g, gates, g, 2 * bytes);
    SigmoidKernel.run(g, g + 2 * bytes, gates, gates);
    candidate(bytes, gates, g, u);
    TanhKernel.run(g + 2 * bytes, g + 3 * bytes, gates, gates);
    mix(bytes, gates, g, state, s);
  }

  /** a_n + r u_n, one fma. */
  private static void candidate(long bytes, MemorySegment gates, long g, MemorySegment u) {
    gates = exact(gates);
    u = exact(u);
    long last = g + 2 * bytes;
    long j = 0;
    for (; j <= bytes - STEP; j += STEP) {
      FloatVector r = fromMemorySegment(F, gates, g + j, NATIVE);
      FloatVector a = fromMemorySegment(F, gates, last + j, NATIVE);
      r.fma(fromMemorySegment(F, u, last + j, NATIVE), a).intoMemorySegment(gates, last + j, NATIVE);
    }
    for (; j < bytes; j += 4) {
      float r = gates.get(JAVA_FLOAT, g + j);
      gates.set(JAVA_FLOAT, last + j, Math.fma(r, u.get(JAVA_FLOAT, last + j), gates.get(JAVA_FLOAT, last + j)));
    }
  }

  /** h = n + z (h - n), one fma after the difference. */
  private static void mix(long bytes, MemorySegment gates, long g, MemorySegment state, long s) {
    gates = exact(gates);
    state = exact(state);
    long j = 0;
    for (; j <= bytes - STEP; j += STEP) {
      FloatVector z = fromMemorySegment(F, gates, g + bytes + j, NATIVE);
      FloatVector n = fromMemorySegment(F, gates, g + 2 * bytes + j, NATIVE);
      FloatVector h = fromMemorySegment(F, state, s + j, NATIVE);
      z.fma(h.sub(n), n).intoMemorySegment(state, s + j, NATIVE);
    }
    for (; j < bytes; j += 4) {
      float n = gates.get(JAVA_FLOAT, g + 2 * bytes + j);
      float h = state.get(JAVA_FLOAT, s + j);
      state.set(JAVA_FLOAT, s + j, Math.fma(gates.get(JAVA_FLOAT, g + bytes + j), h - n, n));
    }
  }

  /** From dh in the state to the gradients for a and u; leaves dh z in the state, to which the product adds. */
  static void backward(
      long bytes, MemorySegment gates, long g, MemorySegment u, MemorySegment tape, long t, MemorySegment state, long s) {
    gates = exact(gates);
    u = exact(u);
    tape = exact(tape);
    state = exact(state);
    FloatVector one = FloatVector.broadcast(F, 1f);
    long z0 = g + bytes;
    long n0 = g + 2 * bytes;
    long j = 0;
    for (; j <= bytes - STEP; j += STEP) {
      FloatVector r = fromMemorySegment(F, gates, g + j, NATIVE);
      FloatVector z = fromMemorySegment(F, gates, z0 + j, NATIVE);
      FloatVector n = fromMemorySegment(F, gates, n0 + j, NATIVE);
      FloatVector dh = fromMemorySegment(F, state, s + j, NATIVE);
      FloatVector rest = one.sub(z);
      FloatVector dn = dh.mul(rest).mul(n.neg().fma(n, one));
      FloatVector dz = dh.mul(fromMemorySegment(F, tape, t + j, NATIVE).sub(n)).mul(z.mul(rest));
      FloatVector dr = dn.mul(fromMemorySegment(F, u, n0 + j, NATIVE)).mul(r.mul(one.sub(r)));
      dh.mul(z).intoMemorySegment(state, s + j, NATIVE);
      dr.intoMemorySegment(gates, g + j, NATIVE);
      dr.intoMemorySegment(u, g + j, NATIVE);
      dz.intoMemorySegment(gates, z0 + j, NATIVE);
      dz.intoMemorySegment(u, z0 + j, NATIVE);
      dn.intoMemorySegment(gates, n0 + j, NATIVE);
      dn.mul(r).intoMemorySegment(u, n0 + j, NATIVE);
    }
    for (; j < bytes; j += 4) {
      float r = gates.get(JAVA_FLOAT, g + j);
      float z = gates.get(JAVA_FLOAT, z0 + j);
      float n = gates.get(JAVA_FLOAT, n0 + j);
      float dh = state.get(JAVA_FLOAT, s + j);
      float dn = dh * (1f - z) * Math.fma(-n, n, 1f);
      float dz = dh * (tape.get(JAVA_FLOAT, t + j) - n) * (z * (1f - z));
      float dr = dn * u.get(JAVA_FLOAT, n0 + j) * (r * (1f - r));
      state.set(JAVA_FLOAT, s + j, dh * z);
      gates.set(JAVA_FLOAT, g + j, dr);
      u.set(JAVA_FLOAT, g + j, dr);
      gates.set(JAVA_FLOAT, z0 + j, dz);
      u.set(JAVA_FLOAT, z0 + j, dz);
      gates.set(JAVA_FLOAT, n0 + j, dn);
      u.set(JAVA_FLOAT, n0 + j, dn * r);
    }
  }
}
