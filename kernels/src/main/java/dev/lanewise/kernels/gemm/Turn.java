package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.lane.Lanes.COUNT;
import static dev.lanewise.kernels.lane.Lanes.F;

import jdk.incubator.vector.FloatVector;

/**
 * Transposes squares of one vector's width within arrays, in registers: for each bit of a lane's number, from the highest, rows whose
 * numbers differ in that bit alone exchange the elements of the other's half (Eklundh, A Fast Computer Method for Matrix Transposing, 1972).
 *
 * <p>A whole square at a time: with its passes split into methods of four rows, which meet in memory, each pass waits for the stores of the one before it
 * and the whole takes twice as long (measured, see reports/decisions/0001). One method per width, since its rows must be local variables.
 */
final class Turn {
  private static final FloatVector LOW_8 = low(8);
  private static final FloatVector LOW_4 = low(4);
  private static final FloatVector LOW_2 = low(2);
  private static final FloatVector LOW_1 = low(1);
  private static final FloatVector HIGH_8 = high(8);
  private static final FloatVector HIGH_4 = high(4);
  private static final FloatVector HIGH_2 = high(2);
  private static final FloatVector HIGH_1 = high(1);

  private Turn() {}

  /** For the lower of two rows: lanes without the bit stay, the others come from the upper row, this bit lower. */
  private static FloatVector low(int bit) {
    float[] lanes = new float[COUNT];
    for (int i = 0; i < COUNT; i++) {
      lanes[i] = (i & bit) == 0 ? i : COUNT + i - bit;
    }
    return FloatVector.fromArray(F, lanes, 0);
  }

  /** For the upper of two rows: lanes with the bit stay, the others come from the lower row, this bit higher. */
  private static FloatVector high(int bit) {
    float[] lanes = new float[COUNT];
    for (int i = 0; i < COUNT; i++) {
      lanes[i] = (i & bit) == 0 ? (i + bit) % COUNT : COUNT + i;
    }
    return FloatVector.fromArray(F, lanes, 0);
  }

  /**
   * {@code to[out + p * outStride + j] = from[at + j * stride + p]} for j and p below the number of lanes; nothing else is written.
   */
  static void square(float[] from, int at, int stride, float[] to, int out, int outStride) {
    if (COUNT == 16) {
      square16(from, at, stride, to, out, outStride);
    } else if (COUNT == 8) {
      square8(from, at, stride, to, out, outStride);
    } else {
      square4(from, at, stride, to, out, outStride);
    }
  }

  /** A square of 16 rows by 16 columns. */
  private static void square16(float[] from, int at, int stride, float[] to, int out, int outStride) {
    FloatVector r0 = FloatVector.fromArray(F, from, at);
    FloatVector r1 = FloatVector.fromArray(F, from, at + stride);
    FloatVector r2 = FloatVector.fromArray(F, from, at + 2 * stride);
    FloatVector r3 = FloatVector.fromArray(F, from, at + 3 * stride);
    FloatVector r4 = FloatVector.fromArray(F, from, at + 4 * stride);
    FloatVector r5 = FloatVector.fromArray(F, from, at + 5 * stride);
    FloatVector r6 = FloatVector.fromArray(F, from, at + 6 * stride);
    FloatVector r7 = FloatVector.fromArray(F, from, at + 7 * stride);
    FloatVector r8 = FloatVector.fromArray(F, from, at + 8 * stride);
    FloatVector r9 = FloatVector.fromArray(F, from, at + 9 * stride);
    FloatVector r10 = FloatVector.fromArray(F, from, at + 10 * stride);
    FloatVector r11 = FloatVector.fromArray(F, from, at + 11 * stride);
    FloatVector r12 = FloatVector.fromArray(F, from, at + 12 * stride);
    FloatVector r13 = FloatVector.fromArray(F, from, at + 13 * stride);
    FloatVector r14 = FloatVector.fromArray(F, from, at + 14 * stride);
    FloatVector r15 = FloatVector.fromArray(F, from, at + 15 * stride);
    FloatVector a0 = LOW_8.selectFrom(r0, r8);
    FloatVector a8 = HIGH_8.selectFrom(r0, r8);
    FloatVector a1 = LOW_8.selectFrom(r1, r9);
    FloatVector a9 = HIGH_8.selectFrom(r1, r9);
    FloatVector a2 = LOW_8.selectFrom(r2, r10);
    FloatVector a10 = HIGH_8.selectFrom(r2, r10);
    FloatVector a3 = LOW_8.selectFrom(r3, r11);
    FloatVector a11 = HIGH_8.selectFrom(r3, r11);
    FloatVector a4 = LOW_8.selectFrom(r4, r12);
    FloatVector a12 = HIGH_8.selectFrom(r4, r12);
    FloatVector a5 = LOW_8.selectFrom(r5, r13);
    FloatVector a13 = HIGH_8.selectFrom(r5, r13);
    FloatVector a6 = LOW_8.selectFrom(r6, r14);
    FloatVector a14 = HIGH_8.selectFrom(r6, r14);
    FloatVector a7 = LOW_8.selectFrom(r7, r15);
    FloatVector a15 = HIGH_8.selectFrom(r7, r15);
    FloatVector b0 = LOW_4.selectFrom(a0, a4);
    FloatVector b4 = HIGH_4.selectFrom(a0, a4);
    FloatVector b1 = LOW_4.selectFrom(a1, a5);
    FloatVector b5 = HIGH_4.selectFrom(a1, a5);
    FloatVector b2 = LOW_4.selectFrom(a2, a6);
    FloatVector b6 = HIGH_4.selectFrom(a2, a6);
    FloatVector b3 = LOW_4.selectFrom(a3, a7);
    FloatVector b7 = HIGH_4.selectFrom(a3, a7);
    FloatVector b8 = LOW_4.selectFrom(a8, a12);
    FloatVector b12 = HIGH_4.selectFrom(a8, a12);
    FloatVector b9 = LOW_4.selectFrom(a9, a13);
    FloatVector b13 = HIGH_4.selectFrom(a9, a13);
    FloatVector b10 = LOW_4.selectFrom(a10, a14);
    FloatVector b14 = HIGH_4.selectFrom(a10, a14);
    FloatVector b11 = LOW_4.selectFrom(a11, a15);
    FloatVector b15 = HIGH_4.selectFrom(a11, a15);
    FloatVector c0 = LOW_2.selectFrom(b0, b2);
    FloatVector c2 = HIGH_2.selectFrom(b0, b2);
    FloatVector c1 = LOW_2.selectFrom(b1, b3);
    FloatVector c3 = HIGH_2.selectFrom(b1, b3);
    FloatVector c4 = LOW_2.selectFrom(b4, b6);
    FloatVector c6 = HIGH_2.selectFrom(b4, b6);
    FloatVector c5 = LOW_2.selectFrom(b5, b7);
    FloatVector c7 = HIGH_2.selectFrom(b5, b7);
    FloatVector c8 = LOW_2.selectFrom(b8, b10);
    FloatVector c10 = HIGH_2.selectFrom(b8, b10);
    FloatVector c9 = LOW_2.selectFrom(b9, b11);
    FloatVector c11 = HIGH_2.selectFrom(b9, b11);
    FloatVector c12 = LOW_2.selectFrom(b12, b14);
    FloatVector c14 = HIGH_2.selectFrom(b12, b14);
    FloatVector c13 = LOW_2.selectFrom(b13, b15);
    FloatVector c15 = HIGH_2.selectFrom(b13, b15);
    LOW_1.selectFrom(c0, c1).intoArray(to, out);
    HIGH_1.selectFrom(c0, c1).intoArray(to, out + outStride);
    LOW_1.selectFrom(c2, c3).intoArray(to, out + 2 * outStride);
    HIGH_1.selectFrom(c2, c3).intoArray(to, out + 3 * outStride);
    LOW_1.selectFrom(c4, c5).intoArray(to, out + 4 * outStride);
    HIGH_1.selectFrom(c4, c5).intoArray(to, out + 5 * outStride);
    LOW_1.selectFrom(c6, c7).intoArray(to, out + 6 * outStride);
    HIGH_1.selectFrom(c6, c7).intoArray(to, out + 7 * outStride);
    LOW_1.selectFrom(c8, c9).intoArray(to, out + 8 * outStride);
    HIGH_1.selectFrom(c8, c9).intoArray(to, out + 9 * outStride);
    LOW_1.selectFrom(c10, c11).intoArray(to, out + 10 * outStride);
    HIGH_1.selectFrom(c10, c11).intoArray(to, out + 11 * outStride);
    LOW_1.selectFrom(c12, c13).intoArray(to, out + 12 * outStride);
    HIGH_1.selectFrom(c12, c13).intoArray(to, out + 13 * outStride);
    LOW_1.selectFrom(c14, c15).intoArray(to, out + 14 * outStride);
    HIGH_1.selectFrom(c14, c15).intoArray(to, out + 15 * outStride);
  }

  /** A square of 8 rows by 8 columns. */
  private static void square8(float[] from, int at, int stride, float[] to, int out, int outStride) {
    FloatVector r0 = FloatVector.fromArray(F, from, at);
    FloatVector r1 = FloatVector.fromArray(F, from, at + stride);
    FloatVector r2 = FloatVector.fromArray(F, from, at + 2 * stride);
    FloatVector r3 = FloatVector.fromArray(F, from, at + 3 * stride);
    FloatVector r4 = FloatVector.fromArray(F, from, at + 4 * stride);
    FloatVector r5 = FloatVector.fromArray(F, from, at + 5 * stride);
    FloatVector r6 = FloatVector.fromArray(F, from, at + 6 * stride);
    FloatVector r7 = FloatVector.fromArray(F, from, at + 7 * stride);
    FloatVector b0 = LOW_4.selectFrom(r0, r4);
    FloatVector b4 = HIGH_4.selectFrom(r0, r4);
    FloatVector b1 = LOW_4.selectFrom(r1, r5);
    FloatVector b5 = HIGH_4.selectFrom(r1, r5);
    FloatVector b2 = LOW_4.selectFrom(r2, r6);
    FloatVector b6 = HIGH_4.selectFrom(r2, r6);
    FloatVector b3 = LOW_4.selectFrom(r3, r7);
    FloatVector b7 = HIGH_4.selectFrom(r3, r7);
    FloatVector c0 = LOW_2.selectFrom(b0, b2);
    FloatVector c2 = HIGH_2.selectFrom(b0, b2);
    FloatVector c1 = LOW_2.selectFrom(b1, b3);
    FloatVector c3 = HIGH_2.selectFrom(b1, b3);
    FloatVector c4 = LOW_2.selectFrom(b4, b6);
    FloatVector c6 = HIGH_2.selectFrom(b4, b6);
    FloatVector c5 = LOW_2.selectFrom(b5, b7);
    FloatVector c7 = HIGH_2.selectFrom(b5, b7);
    LOW_1.selectFrom(c0, c1).intoArray(to, out);
    HIGH_1.selectFrom(c0, c1).intoArray(to, out + outStride);
    LOW_1.selectFrom(c2, c3).intoArray(to, out + 2 * outStride);
    HIGH_1.selectFrom(c2, c3).intoArray(to, out + 3 * outStride);
    LOW_1.selectFrom(c4, c5).intoArray(to, out + 4 * outStride);
    HIGH_1.selectFrom(c4, c5).intoArray(to, out + 5 * outStride);
    LOW_1.selectFrom(c6, c7).intoArray(to, out + 6 * outStride);
    HIGH_1.selectFrom(c6, c7).intoArray(to, out + 7 * outStride);
  }

  /** A square of 4 rows by 4 columns. */
  private static void square4(float[] from, int at, int stride, float[] to, int out, int outStride) {
    FloatVector r0 = FloatVector.fromArray(F, from, at);
    FloatVector r1 = FloatVector.fromArray(F, from, at + stride);
    FloatVector r2 = FloatVector.fromArray(F, from, at + 2 * stride);
    FloatVector r3 = FloatVector.fromArray(F, from, at + 3 * stride);
    FloatVector c0 = LOW_2.selectFrom(r0, r2);
    FloatVector c2 = HIGH_2.selectFrom(r0, r2);
    FloatVector c1 = LOW_2.selectFrom(r1, r3);
    FloatVector c3 = HIGH_2.selectFrom(r1, r3);
    LOW_1.selectFrom(c0, c1).intoArray(to, out);
    HIGH_1.selectFrom(c0, c1).intoArray(to, out + outStride);
    LOW_1.selectFrom(c2, c3).intoArray(to, out + 2 * outStride);
    HIGH_1.selectFrom(c2, c3).intoArray(to, out + 3 * outStride);
  }
}
