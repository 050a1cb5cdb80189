package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.I;
import static dev.lanewise.kernels.lane.Lanes.exact;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * GEMM micro-kernel, fp32, for dense 8 x 8 matrices in vectors of 16 lanes: each vector holds two rows, so that no lane is idle.
 *
 * <pre>C[i][j] = sum over p &lt; 8 of A[i][p] * B[p][j], chains that start from +0</pre>
 *
 * <p>Step p spreads A[i][p] over the lower half of a vector and A[i+1][p] over the upper, and multiplies them by row p of B in both halves. Order and
 * error are those of {@link GemmKernel12x2V}, and so are the bits. The caller has proved the bounds. Allocates nothing, throws nothing.
 */
final class GemmKernel8x8Pairs {
  /** Rows and columns of all three matrices. */
  static final int SIDE = 8;

  /** Whether two rows fill a vector here. */
  static final boolean FITS = Lanes.COUNT == 2 * SIDE;

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.COUNT;

  /** Chains start here; see {@link GemmKernel8x2VSpread}. */
  private static final float[] ZEROS = new float[V];

  /** For each step the lanes of its element of two rows, then for each of two rows its lanes, twice. */
  private static final int[] LANES = new int[(SIDE + 2) * V];

  static {
    for (int j = 0; j < V; j++) {
      for (int p = 0; p < SIDE; p++) {
        LANES[p * V + j] = (j / SIDE * SIDE + p) % V;
      }
      LANES[SIDE * V + j] = j % SIDE;
      LANES[(SIDE + 1) * V + j] = (SIDE + j % SIDE) % V;
    }
  }

  private GemmKernel8x8Pairs() {}

  /** Computes a whole product of dense matrices that begin at the given bytes. */
  static void run(MemorySegment a, long aAt, MemorySegment b, long bAt, MemorySegment c, long cAt) {
    a = exact(a);
    b = exact(b);
    c = exact(c);
    IntVector a0 = FloatVector.fromMemorySegment(F, a, aAt, ORDER).reinterpretAsInts();
    IntVector a1 = FloatVector.fromMemorySegment(F, a, aAt + 4 * V, ORDER).reinterpretAsInts();
    IntVector a2 = FloatVector.fromMemorySegment(F, a, aAt + 8 * V, ORDER).reinterpretAsInts();
    IntVector a3 = FloatVector.fromMemorySegment(F, a, aAt + 12 * V, ORDER).reinterpretAsInts();
    IntVector lower = IntVector.fromArray(I, LANES, SIDE * V);
    IntVector upper = IntVector.fromArray(I, LANES, (SIDE + 1) * V);
    FloatVector c0 = FloatVector.fromArray(F, ZEROS, 0);
    FloatVector c1 = FloatVector.fromArray(F, ZEROS, 0);
    FloatVector c2 = FloatVector.fromArray(F, ZEROS, 0);
    FloatVector c3 = FloatVector.fromArray(F, ZEROS, 0);
    for (int p = 0; p < SIDE; p += 2) {
      IntVector rows = FloatVector.fromMemorySegment(F, b, bAt + 2 * V * p, ORDER).reinterpretAsInts();
      FloatVector b0 = lower.selectFrom(rows).reinterpretAsFloats();
      IntVector step0 = IntVector.fromArray(I, LANES, p * V);
      c0 = step0.selectFrom(a0).reinterpretAsFloats().fma(b0, c0);
      c1 = step0.selectFrom(a1).reinterpretAsFloats().fma(b0, c1);
      c2 = step0.selectFrom(a2).reinterpretAsFloats().fma(b0, c2);
      c3 = step0.selectFrom(a3).reinterpretAsFloats().fma(b0, c3);
      FloatVector b1 = upper.selectFrom(rows).reinterpretAsFloats();
      IntVector step1 = IntVector.fromArray(I, LANES, (p + 1) * V);
      c0 = step1.selectFrom(a0).reinterpretAsFloats().fma(b1, c0);
      c1 = step1.selectFrom(a1).reinterpretAsFloats().fma(b1, c1);
      c2 = step1.selectFrom(a2).reinterpretAsFloats().fma(b1, c2);
      c3 = step1.selectFrom(a3).reinterpretAsFloats().fma(b1, c3);
    }
    c0.intoMemorySegment(c, cAt, ORDER);
    c1.intoMemorySegment(c, cAt + 4 * V, ORDER);
    c2.intoMemorySegment(c, cAt + 8 * V, ORDER);
    c3.intoMemorySegment(c, cAt + 12 * V, ORDER);
  }
}
