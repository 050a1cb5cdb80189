package dev.lanewise.kernels.math;

import static dev.lanewise.kernels.lane.Lanes.exact;
import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.math.ExpConstants.*;
import static dev.lanewise.kernels.math.GeluPieces.PIECES;
import static dev.lanewise.kernels.math.Lookup.*;
import static dev.lanewise.kernels.math.Pieces.*;
import static dev.lanewise.kernels.math.SmoothConstants.*;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.reference.SmoothUnitsReference;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** GELU by the error function, and its backward pass: the operations of {@code SmoothUnitsReference} lane by lane; in the loop only the Vector API is called, as {@link ExpKernel} says. */
public final class GeluKernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private GeluKernel() {}

  /** Writes y[i] = gelu x[i] for byte offsets in [from, to); y may be x. */
  public static void run(long from, long to, MemorySegment x, MemorySegment y) {
    IntVector centerA = lower(PIECES.column(CENTER));
    IntVector centerB = upper(PIECES.column(CENTER));
    IntVector c0a = lower(PIECES.column(C0));
    IntVector c0b = upper(PIECES.column(C0));
    IntVector c1a = lower(PIECES.column(C1));
    IntVector c1b = upper(PIECES.column(C1));
    IntVector c2a = lower(PIECES.column(C2));
    IntVector c2b = upper(PIECES.column(C2));
    IntVector c3a = lower(PIECES.column(C3));
    IntVector c3b = upper(PIECES.column(C3));
    IntVector c4a = lower(PIECES.column(C4));
    IntVector c4b = upper(PIECES.column(C4));
    IntVector c5a = lower(PIECES.column(C5));
    IntVector c5b = upper(PIECES.column(C5));
    IntVector c6a = lower(PIECES.column(C6));
    IntVector c6b = upper(PIECES.column(C6));
    IntVector c7a = lower(PIECES.column(C7));
    IntVector c7b = upper(PIECES.column(C7));
    IntVector c8a = lower(PIECES.column(C8));
    IntVector c8b = upper(PIECES.column(C8));
    long bytes = to - from;
    x = exact(x);
    y = exact(y);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector value = fromMemorySegment(F, x, from + i, NATIVE);
      FloatVector positive = value.blend(-0f, value.compare(VectorOperators.LT, 0f));
      FloatVector t = value.abs();
      FloatVector slope = t.fma(FloatVector.broadcast(Lanes.F, GeluPieces.A), FloatVector.broadcast(Lanes.F, GeluPieces.B));
      IntVector piece = t.fma(slope, FloatVector.broadcast(Lanes.F, ROUND)).reinterpretAsInts();
      FloatVector u = t.sub((HALVES ? piece.selectFrom(centerA, centerB) : piece.selectFrom(centerA)).reinterpretAsFloats());
      FloatVector p = (HALVES ? piece.selectFrom(c8a, c8b) : piece.selectFrom(c8a)).reinterpretAsFloats();
      p = p.fma(u, (HALVES ? piece.selectFrom(c7a, c7b) : piece.selectFrom(c7a)).reinterpretAsFloats());
      p = p.fma(u, (HALVES ? piece.selectFrom(c6a, c6b) : piece.selectFrom(c6a)).reinterpretAsFloats());
      p = p.fma(u, (HALVES ? piece.selectFrom(c5a, c5b) : piece.selectFrom(c5a)).reinterpretAsFloats());
      p = p.fma(u, (HALVES ? piece.selectFrom(c4a, c4b) : piece.selectFrom(c4a)).reinterpretAsFloats());
      p = p.fma(u, (HALVES ? piece.selectFrom(c3a, c3b) : piece.selectFrom(c3a)).reinterpretAsFloats());
      p = p.fma(u, (HALVES ? piece.selectFrom(c2a, c2b) : piece.selectFrom(c2a)).reinterpretAsFloats());
      p = p.fma(u, (HALVES ? piece.selectFrom(c1a, c1b) : piece.selectFrom(c1a)).reinterpretAsFloats());
      p = p.fma(u, (HALVES ? piece.selectFrom(c0a, c0b) : piece.selectFrom(c0a)).reinterpretAsFloats());
      FloatVector result = positive.sub(p);
      VectorMask<Float> near = t.compare(VectorOperators.LT, GeluPieces.END);
      if (!near.allTrue()) {
        t = t.reinterpretAsInts().min(GELU_TAIL_BITS).reinterpretAsFloats();
        FloatVector s = t.mul(t);
        FloatVector shifted = s.fma(FloatVector.broadcast(Lanes.F, -0.5f * LOG2_E), FloatVector.broadcast(Lanes.F, ROUND));
        FloatVector n = shifted.sub(ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(Lanes.F, -LN2_LO), t.mul(-0.5f).fma(t, n.mul(-LN2_HI)));
        FloatVector q = r.fma(FloatVector.broadcast(Lanes.F, M7), FloatVector.broadcast(Lanes.F, M6));
        q = q.fma(r, FloatVector.broadcast(Lanes.F, M5));
        q = q.fma(r, FloatVector.broadcast(Lanes.F, M4));
        q = q.fma(r, FloatVector.broadcast(Lanes.F, M3));
        q = q.fma(r, FloatVector.broadcast(Lanes.F, M2));
        FloatVector m = r.mul(r).fma(q, r);
        FloatVector v = FloatVector.broadcast(Lanes.F, 1f).div(s.add(GELU_SHIFT));
        FloatVector h = v.fma(FloatVector.broadcast(Lanes.F, H3), FloatVector.broadcast(Lanes.F, H2));
        h = h.fma(v, FloatVector.broadcast(Lanes.F, H1));
        h = h.fma(v, FloatVector.broadcast(Lanes.F, H0));
        IntVector scale = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        FloatVector size = h.fma(m, h).reinterpretAsInts().add(scale).reinterpretAsFloats();
        result = size.fma(FloatVector.broadcast(Lanes.F, -UNLIFT), positive).blend(result, near);
      }
      result.intoMemorySegment(y, from + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      y.set(JAVA_FLOAT, from + i, SmoothUnitsReference.gelu(x.get(JAVA_FLOAT, from + i)));
    }
  }

  /** Writes dx[i] = dy[i] gelu' x[i] for byte offsets in [from, to); dx may be x or dy. */
  public static void backward(long from, long to, MemorySegment x, MemorySegment dy, MemorySegment dx) {
    long bytes = to - from;
    x = exact(x);
    dy = exact(dy);
    dx = exact(dx);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector value = fromMemorySegment(F, x, from + i, NATIVE);
      FloatVector t = value.abs();
      t = t.blend(GELU_TAIL, t.compare(VectorOperators.GT, GELU_TAIL));
      FloatVector s = t.mul(t);
      FloatVector body = s.fma(FloatVector.broadcast(Lanes.F, P5), FloatVector.broadcast(Lanes.F, P4));
      body = body.fma(s, FloatVector.broadcast(Lanes.F, P3));
      body = body.fma(s, FloatVector.broadcast(Lanes.F, P2));
      body = body.fma(s, FloatVector.broadcast(Lanes.F, P1));
      body = body.fma(s, FloatVector.broadcast(Lanes.F, P0));
      FloatVector d = s.mul(-0.5f);
      FloatVector shifted = d.fma(FloatVector.broadcast(Lanes.F, LOG2_E), FloatVector.broadcast(Lanes.F, ROUND));
      FloatVector n = shifted.sub(ROUND);
      FloatVector r = n.fma(FloatVector.broadcast(Lanes.F, -LN2_LO), n.fma(FloatVector.broadcast(Lanes.F, -LN2_HI), d));
      r = t.fma(t, s.neg()).fma(FloatVector.broadcast(Lanes.F, -0.5f), r);
      FloatVector p = r.fma(FloatVector.broadcast(Lanes.F, M7), FloatVector.broadcast(Lanes.F, M6));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, M5));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, M4));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, M3));
      p = p.fma(r, FloatVector.broadcast(Lanes.F, M2));
      FloatVector m = r.mul(r).fma(p, r);
      IntVector k = shifted.reinterpretAsInts().sub(ROUND_BITS);
      IntVector half = k.lanewise(VectorOperators.ASHR, 1);
      FloatVector first = half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      FloatVector second = k.sub(half).add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      FloatVector e = m.add(1f).mul(first).mul(second);
      FloatVector density = t.mul(DENSITY);
      FloatVector w = FloatVector.broadcast(Lanes.F, 1f).div(t.add(SHIFT));
      FloatVector u = t.fma(w, FloatVector.broadcast(Lanes.F, -MIDDLE));
      FloatVector g = u.fma(FloatVector.broadcast(Lanes.F, G8), FloatVector.broadcast(Lanes.F, G7));
      g = g.fma(u, FloatVector.broadcast(Lanes.F, G6));
      g = g.fma(u, FloatVector.broadcast(Lanes.F, G5));
      g = g.fma(u, FloatVector.broadcast(Lanes.F, G4));
      g = g.fma(u, FloatVector.broadcast(Lanes.F, G3));
      g = g.fma(u, FloatVector.broadcast(Lanes.F, G2));
      g = g.fma(u, FloatVector.broadcast(Lanes.F, G1));
      g = g.fma(u, FloatVector.broadcast(Lanes.F, G0));
      VectorMask<Float> near = t.compare(VectorOperators.LE, GELU_SPLIT);
      VectorMask<Float> negative = value.compare(VectorOperators.LT, 0f);
      FloatVector inner = density.fma(e, t.mul(body));
      FloatVector outer = e.mul(g.mul(w).sub(density));
      FloatVector change = outer.neg().blend(outer, negative).blend(inner.blend(inner.neg(), negative), near);
      FloatVector slope = FloatVector.broadcast(Lanes.F, 1f).blend(0f, negative).blend(0.5f, near).add(change);
      fromMemorySegment(F, dy, from + i, NATIVE).mul(slope).intoMemorySegment(dx, from + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      dx.set(JAVA_FLOAT, from + i, dy.get(JAVA_FLOAT, from + i) * SmoothUnitsReference.geluSlope(x.get(JAVA_FLOAT, from + i)));
    }
  }
}
