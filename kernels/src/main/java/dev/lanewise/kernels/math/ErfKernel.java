package dev.lanewise.kernels.math;

import static dev.lanewise.kernels.lane.Lanes.exact;
import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.math.ErfPieces.*;
import static dev.lanewise.kernels.math.ExpConstants.ROUND;
import static dev.lanewise.kernels.math.Lookup.*;
import static dev.lanewise.kernels.math.Pieces.*;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.reference.SmoothUnitsReference;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Error function, the operations of {@code SmoothUnitsReference} lane by lane; in the loop only the Vector API is called, as {@link ExpKernel} says. */
public final class ErfKernel {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private ErfKernel() {}

  /** Writes y[i] = erf x[i] for byte offsets in [from, to); y may be x. */
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
    long bytes = to - from;
    x = exact(x);
    y = exact(y);
    long i = 0;
    for (; i <= bytes - STEP; i += STEP) {
      FloatVector value = fromMemorySegment(F, x, from + i, NATIVE);
      FloatVector t = value.abs();
      FloatVector slope = t.fma(FloatVector.broadcast(Lanes.F, A), FloatVector.broadcast(Lanes.F, B));
      IntVector piece = t.fma(slope, FloatVector.broadcast(Lanes.F, ROUND)).reinterpretAsInts();
      FloatVector u = t.sub((HALVES ? piece.selectFrom(centerA, centerB) : piece.selectFrom(centerA)).reinterpretAsFloats());
      FloatVector p = (HALVES ? piece.selectFrom(c6a, c6b) : piece.selectFrom(c6a)).reinterpretAsFloats();
      p = p.fma(u, (HALVES ? piece.selectFrom(c5a, c5b) : piece.selectFrom(c5a)).reinterpretAsFloats());
      p = p.fma(u, (HALVES ? piece.selectFrom(c4a, c4b) : piece.selectFrom(c4a)).reinterpretAsFloats());
      p = p.fma(u, (HALVES ? piece.selectFrom(c3a, c3b) : piece.selectFrom(c3a)).reinterpretAsFloats());
      p = p.fma(u, (HALVES ? piece.selectFrom(c2a, c2b) : piece.selectFrom(c2a)).reinterpretAsFloats());
      p = p.fma(u, (HALVES ? piece.selectFrom(c1a, c1b) : piece.selectFrom(c1a)).reinterpretAsFloats());
      FloatVector start = (HALVES ? piece.selectFrom(c0a, c0b) : piece.selectFrom(c0a)).reinterpretAsFloats().blend(t,
          t.compare(VectorOperators.LT, FIRST_END));
      FloatVector size = p.fma(u, start).blend(1f, t.compare(VectorOperators.GT, ONE));
      IntVector sign = value.reinterpretAsInts().and(0x8000_0000);
      size.reinterpretAsInts().or(sign).intoMemorySegment(y, from + i, NATIVE);
    }
    for (; i < bytes; i += 4) {
      y.set(JAVA_FLOAT, from + i, SmoothUnitsReference.erf(x.get(JAVA_FLOAT, from + i)));
    }
  }
}
