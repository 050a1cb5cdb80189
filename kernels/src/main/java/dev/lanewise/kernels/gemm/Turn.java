package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.lane.Lanes.COUNT;
import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.I;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * Transposes squares of one vector's width within arrays, in registers: for each bit of a lane's number, from the highest, rows whose
 * numbers differ in that bit alone exchange the elements of the other's half (Eklundh, A Fast Computer Method for Matrix Transposing, 1972).
 *
 * <p>All passes at a time: split into methods of four rows, which meet in memory, each pass waits for the stores of the one before it and the whole takes twice as long
 * (measured, see reports/decisions/0001). One method per width, since its rows must be local variables. Lanes come from two vectors at a time where processors can
 * (512 bits), else pairs of floats from one, single floats by a shift within 64 bits, and a second operation selects.
 */
public final class Turn {
  /** For the bits 8, 4, 2 and 1 the lanes of the lower row and those of the upper, as far as rows are long enough. */
  static final int[] LANES = new int[8 * COUNT];

  static {
    for (int k = 0; k < 4; k++) {
      int bit = 8 >> k;
      for (int i = 0; i < COUNT; i++) {
        boolean first = (i & bit) == 0;
        LANES[2 * k * COUNT + i] = first ? i : COUNT + i - bit;
        LANES[(2 * k + 1) * COUNT + i] = first ? (i + bit) % COUNT : COUNT + i;
      }
    }
  }

  /** The lanes with pairs of floats exchanged: the lane whose number has the other bit 2. */
  static final int[] PAIRS_SWAPPED = new int[COUNT];

  static {
    for (int i = 0; i < COUNT; i++) {
      PAIRS_SWAPPED[i] = i ^ 2;
    }
  }

  private Turn() {}

  /**
   * {@code to[out + p * outStride + j] = from[at + j * stride + p]} for j and p below the number of lanes; nothing else is written.
   */
  public static void square(float[] from, int at, int stride, float[] to, int out, int outStride) {
    squares(1, from, at, stride, to, out, outStride);
  }

  /** The same for squares side by side, which come to lie below each other. */
  static void squares(int count, float[] from, int at, int stride, float[] to, int out, int outStride) {
    if (COUNT == 8) {
      squares8(count, from, at, stride, to, out, outStride);
      return;
    }
    for (int i = 0; i < count; i++) {
      if (COUNT == 16) {
        square16(from, at + i * COUNT, stride, to, out + i * COUNT * outStride, outStride);
      } else {
        square4(from, at + i * COUNT, stride, to, out + i * COUNT * outStride, outStride);
      }
    }
  }

  /** A square of 16 rows by 16 columns. */
  private static void square16(float[] from, int at, int stride, float[] to, int out, int outStride) {
    IntVector low8 = IntVector.fromArray(I, LANES, 0 * COUNT);
    IntVector high8 = IntVector.fromArray(I, LANES, 1 * COUNT);
    IntVector low4 = IntVector.fromArray(I, LANES, 2 * COUNT);
    IntVector high4 = IntVector.fromArray(I, LANES, 3 * COUNT);
    IntVector low2 = IntVector.fromArray(I, LANES, 4 * COUNT);
    IntVector high2 = IntVector.fromArray(I, LANES, 5 * COUNT);
    IntVector low1 = IntVector.fromArray(I, LANES, 6 * COUNT);
    IntVector high1 = IntVector.fromArray(I, LANES, 7 * COUNT);
    IntVector r0 = FloatVector.fromArray(F, from, at).reinterpretAsInts();
    IntVector r1 = FloatVector.fromArray(F, from, at + stride).reinterpretAsInts();
    IntVector r2 = FloatVector.fromArray(F, from, at + 2 * stride).reinterpretAsInts();
    IntVector r3 = FloatVector.fromArray(F, from, at + 3 * stride).reinterpretAsInts();
    IntVector r4 = FloatVector.fromArray(F, from, at + 4 * stride).reinterpretAsInts();
    IntVector r5 = FloatVector.fromArray(F, from, at + 5 * stride).reinterpretAsInts();
    IntVector r6 = FloatVector.fromArray(F, from, at + 6 * stride).reinterpretAsInts();
    IntVector r7 = FloatVector.fromArray(F, from, at + 7 * stride).reinterpretAsInts();
    IntVector r8 = FloatVector.fromArray(F, from, at + 8 * stride).reinterpretAsInts();
    IntVector r9 = FloatVector.fromArray(F, from, at + 9 * stride).reinterpretAsInts();
    IntVector r10 = FloatVector.fromArray(F, from, at + 10 * stride).reinterpretAsInts();
    IntVector r11 = FloatVector.fromArray(F, from, at + 11 * stride).reinterpretAsInts();
    IntVector r12 = FloatVector.fromArray(F, from, at + 12 * stride).reinterpretAsInts();
    IntVector r13 = FloatVector.fromArray(F, from, at + 13 * stride).reinterpretAsInts();
    IntVector r14 = FloatVector.fromArray(F, from, at + 14 * stride).reinterpretAsInts();
    IntVector r15 = FloatVector.fromArray(F, from, at + 15 * stride).reinterpretAsInts();
    IntVector a0 = low8.selectFrom(r0, r8);
    IntVector a8 = high8.selectFrom(r0, r8);
    IntVector a1 = low8.selectFrom(r1, r9);
    IntVector a9 = high8.selectFrom(r1, r9);
    IntVector a2 = low8.selectFrom(r2, r10);
    IntVector a10 = high8.selectFrom(r2, r10);
    IntVector a3 = low8.selectFrom(r3, r11);
    IntVector a11 = high8.selectFrom(r3, r11);
    IntVector a4 = low8.selectFrom(r4, r12);
    IntVector a12 = high8.selectFrom(r4, r12);
    IntVector a5 = low8.selectFrom(r5, r13);
    IntVector a13 = high8.selectFrom(r5, r13);
    IntVector a6 = low8.selectFrom(r6, r14);
    IntVector a14 = high8.selectFrom(r6, r14);
    IntVector a7 = low8.selectFrom(r7, r15);
    IntVector a15 = high8.selectFrom(r7, r15);
    IntVector b0 = low4.selectFrom(a0, a4);
    IntVector b4 = high4.selectFrom(a0, a4);
    IntVector b1 = low4.selectFrom(a1, a5);
    IntVector b5 = high4.selectFrom(a1, a5);
    IntVector b2 = low4.selectFrom(a2, a6);
    IntVector b6 = high4.selectFrom(a2, a6);
    IntVector b3 = low4.selectFrom(a3, a7);
    IntVector b7 = high4.selectFrom(a3, a7);
    IntVector b8 = low4.selectFrom(a8, a12);
    IntVector b12 = high4.selectFrom(a8, a12);
    IntVector b9 = low4.selectFrom(a9, a13);
    IntVector b13 = high4.selectFrom(a9, a13);
    IntVector b10 = low4.selectFrom(a10, a14);
    IntVector b14 = high4.selectFrom(a10, a14);
    IntVector b11 = low4.selectFrom(a11, a15);
    IntVector b15 = high4.selectFrom(a11, a15);
    IntVector c0 = low2.selectFrom(b0, b2);
    IntVector c2 = high2.selectFrom(b0, b2);
    IntVector c1 = low2.selectFrom(b1, b3);
    IntVector c3 = high2.selectFrom(b1, b3);
    IntVector c4 = low2.selectFrom(b4, b6);
    IntVector c6 = high2.selectFrom(b4, b6);
    IntVector c5 = low2.selectFrom(b5, b7);
    IntVector c7 = high2.selectFrom(b5, b7);
    IntVector c8 = low2.selectFrom(b8, b10);
    IntVector c10 = high2.selectFrom(b8, b10);
    IntVector c9 = low2.selectFrom(b9, b11);
    IntVector c11 = high2.selectFrom(b9, b11);
    IntVector c12 = low2.selectFrom(b12, b14);
    IntVector c14 = high2.selectFrom(b12, b14);
    IntVector c13 = low2.selectFrom(b13, b15);
    IntVector c15 = high2.selectFrom(b13, b15);
    low1.selectFrom(c0, c1).reinterpretAsFloats().intoArray(to, out);
    high1.selectFrom(c0, c1).reinterpretAsFloats().intoArray(to, out + outStride);
    low1.selectFrom(c2, c3).reinterpretAsFloats().intoArray(to, out + 2 * outStride);
    high1.selectFrom(c2, c3).reinterpretAsFloats().intoArray(to, out + 3 * outStride);
    low1.selectFrom(c4, c5).reinterpretAsFloats().intoArray(to, out + 4 * outStride);
    high1.selectFrom(c4, c5).reinterpretAsFloats().intoArray(to, out + 5 * outStride);
    low1.selectFrom(c6, c7).reinterpretAsFloats().intoArray(to, out + 6 * outStride);
    high1.selectFrom(c6, c7).reinterpretAsFloats().intoArray(to, out + 7 * outStride);
    low1.selectFrom(c8, c9).reinterpretAsFloats().intoArray(to, out + 8 * outStride);
    high1.selectFrom(c8, c9).reinterpretAsFloats().intoArray(to, out + 9 * outStride);
    low1.selectFrom(c10, c11).reinterpretAsFloats().intoArray(to, out + 10 * outStride);
    high1.selectFrom(c10, c11).reinterpretAsFloats().intoArray(to, out + 11 * outStride);
    low1.selectFrom(c12, c13).reinterpretAsFloats().intoArray(to, out + 12 * outStride);
    high1.selectFrom(c12, c13).reinterpretAsFloats().intoArray(to, out + 13 * outStride);
    low1.selectFrom(c14, c15).reinterpretAsFloats().intoArray(to, out + 14 * outStride);
    high1.selectFrom(c14, c15).reinterpretAsFloats().intoArray(to, out + 15 * outStride);
  }

  /**
   * Squares of 8 rows by 8 columns, half of one at a time, which 16 registers hold: a vector takes four floats of an upper row and, of a row that begins so much earlier,
   * four of a lower one. Single floats change places by shifts.
   */
  private static void squares8(int count, float[] from, int at, int stride, float[] to, int out, int outStride) {
    VectorMask<Integer> second4 = VectorMask.fromLong(I, 0xf0);
    IntVector swap2 = IntVector.fromArray(I, PAIRS_SWAPPED, 0);
    VectorMask<Integer> second2 = VectorMask.fromLong(I, 0xcc);
    VectorMask<Integer> second1 = VectorMask.fromLong(I, 0xaa);
    for (int i = 0; i < 2 * count; i++) {
      int upper = at + i * 4;
      int lower = upper + 4 * stride - 4;
      int below = out + i * 4 * outStride;
      IntVector r0 = FloatVector.fromArray(F, from, upper).reinterpretAsInts();
      IntVector r1 = FloatVector.fromArray(F, from, upper + stride).reinterpretAsInts();
      IntVector r2 = FloatVector.fromArray(F, from, upper + 2 * stride).reinterpretAsInts();
      IntVector r3 = FloatVector.fromArray(F, from, upper + 3 * stride).reinterpretAsInts();
      IntVector b0 = r0.blend(FloatVector.fromArray(F, from, lower).reinterpretAsInts(), second4);
      IntVector b1 = r1.blend(FloatVector.fromArray(F, from, lower + stride).reinterpretAsInts(), second4);
      IntVector b2 = r2.blend(FloatVector.fromArray(F, from, lower + 2 * stride).reinterpretAsInts(), second4);
      IntVector b3 = r3.blend(FloatVector.fromArray(F, from, lower + 3 * stride).reinterpretAsInts(), second4);
      IntVector c0 = b0.blend(swap2.selectFrom(b2), second2);
      IntVector c2 = swap2.selectFrom(b0).blend(b2, second2);
      IntVector c1 = b1.blend(swap2.selectFrom(b3), second2);
      IntVector c3 = swap2.selectFrom(b1).blend(b3, second2);
      IntVector d0 = c0.blend(c1.reinterpretAsLongs().lanewise(LSHL, 32).reinterpretAsInts(), second1);
      IntVector d1 = c0.reinterpretAsLongs().lanewise(LSHR, 32).reinterpretAsInts().blend(c1, second1);
      IntVector d2 = c2.blend(c3.reinterpretAsLongs().lanewise(LSHL, 32).reinterpretAsInts(), second1);
      IntVector d3 = c2.reinterpretAsLongs().lanewise(LSHR, 32).reinterpretAsInts().blend(c3, second1);
      d0.reinterpretAsFloats().intoArray(to, below);
      d1.reinterpretAsFloats().intoArray(to, below + outStride);
      d2.reinterpretAsFloats().intoArray(to, below + 2 * outStride);
      d3.reinterpretAsFloats().intoArray(to, below + 3 * outStride);
    }
  }

  /** A square of 4 rows by 4 columns. */
  private static void square4(float[] from, int at, int stride, float[] to, int out, int outStride) {
    IntVector swap2 = IntVector.fromArray(I, PAIRS_SWAPPED, 0);
    VectorMask<Integer> second2 = VectorMask.fromLong(I, 0xcc);
    VectorMask<Integer> second1 = VectorMask.fromLong(I, 0xaa);
    IntVector r0 = FloatVector.fromArray(F, from, at).reinterpretAsInts();
    IntVector r1 = FloatVector.fromArray(F, from, at + stride).reinterpretAsInts();
    IntVector r2 = FloatVector.fromArray(F, from, at + 2 * stride).reinterpretAsInts();
    IntVector r3 = FloatVector.fromArray(F, from, at + 3 * stride).reinterpretAsInts();
    IntVector c0 = r0.blend(swap2.selectFrom(r2), second2);
    IntVector c2 = swap2.selectFrom(r0).blend(r2, second2);
    IntVector c1 = r1.blend(swap2.selectFrom(r3), second2);
    IntVector c3 = swap2.selectFrom(r1).blend(r3, second2);
    IntVector d0 = c0.blend(c1.reinterpretAsLongs().lanewise(LSHL, 32).reinterpretAsInts(), second1);
    IntVector d1 = c0.reinterpretAsLongs().lanewise(LSHR, 32).reinterpretAsInts().blend(c1, second1);
    IntVector d2 = c2.blend(c3.reinterpretAsLongs().lanewise(LSHL, 32).reinterpretAsInts(), second1);
    IntVector d3 = c2.reinterpretAsLongs().lanewise(LSHR, 32).reinterpretAsInts().blend(c3, second1);
    d0.reinterpretAsFloats().intoArray(to, out);
    d1.reinterpretAsFloats().intoArray(to, out + outStride);
    d2.reinterpretAsFloats().intoArray(to, out + 2 * outStride);
    d3.reinterpretAsFloats().intoArray(to, out + 3 * outStride);
  }
}
