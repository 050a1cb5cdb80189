package dev.lanewise.kernels.attention;

import static dev.lanewise.kernels.lane.Lanes.COUNT;
import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;
import static dev.lanewise.kernels.lane.VirtualLanes.BY_1;
import static dev.lanewise.kernels.lane.VirtualLanes.BY_2;
import static dev.lanewise.kernels.lane.VirtualLanes.BY_4;
import static dev.lanewise.kernels.lane.VirtualLanes.BY_8;
import static dev.lanewise.kernels.lane.VirtualLanes.FOUR;
import static dev.lanewise.kernels.lane.VirtualLanes.TWO;
import static dev.lanewise.kernels.math.ExpConstants.*;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * One row of scores, in scratch with slack behind it. Orders of operations are those of {@code SoftmaxVector}; sums run over 16 virtual
 * lanes. Where that changes no wanted bit, whole vectors are computed: what lies behind the row is scratch.
 */
final class RowKernels {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int SECOND = Lanes.COUNT;
  private static final int THIRD = 2 * Lanes.COUNT;
  private static final int FOURTH = 3 * Lanes.COUNT;

  private RowKernels() {}

  /** Softmax of s[at, at + n) in place; n is at least 1. */
  static void softmax(float[] s, int at, int n) {
    exp(s, at, n, max(s, at, n));
    scale(s, at, n, 1f / sum(s, at, n));
  }

  /** From the gradient dp for the row's probabilities p to that for its scores, in place. */
  static void softmaxBackward(float[] p, float[] dp, int at, int n) {
    float dot = dot(p, dp, at, n);
    for (int i = at; i < at + n; i += COUNT) {
      fromArray(F, p, i).mul(fromArray(F, dp, i).sub(dot)).intoArray(dp, i);
    }
  }

  private static float max(float[] s, int at, int n) {
    FloatVector max = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      max = max.max(fromArray(F, s, at + i));
    }
    float greatest = i == 0 ? Float.NEGATIVE_INFINITY : max.reduceLanes(VectorOperators.MAX);
    for (; i < n; i++) {
      greatest = Math.max(greatest, s[at + i]);
    }
    return greatest;
  }

  private static void exp(float[] s, int at, int n, float max) {
    for (int i = at; i < at + n; i += COUNT) {
      FloatVector d = fromArray(F, s, i).sub(max);
      FloatVector t = d.fma(FloatVector.broadcast(F, LOG2_E), FloatVector.broadcast(F, ROUND));
      FloatVector m = t.sub(ROUND);
      FloatVector r = m.fma(FloatVector.broadcast(F, -LN2_LO), m.fma(FloatVector.broadcast(F, -LN2_HI), d));
      FloatVector p = r.fma(FloatVector.broadcast(F, E6), FloatVector.broadcast(F, E5));
      p = p.fma(r, FloatVector.broadcast(F, E4));
      p = p.fma(r, FloatVector.broadcast(F, E3));
      p = p.fma(r, FloatVector.broadcast(F, E2));
      p = p.fma(r, FloatVector.broadcast(F, 1f));
      p = p.fma(r, FloatVector.broadcast(F, 1f));
      IntVector k = t.reinterpretAsInts().sub(ROUND_BITS);
      IntVector half = k.lanewise(VectorOperators.ASHR, 1);
      FloatVector first = half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      FloatVector second = k.sub(half).add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      p.mul(first).mul(second).blend(0f, d.compare(VectorOperators.LT, UNDERFLOW)).intoArray(s, i);
    }
  }

  private static void scale(float[] s, int at, int n, float factor) {
    for (int i = at; i < at + n; i += COUNT) {
      fromArray(F, s, i).mul(factor).intoArray(s, i);
    }
  }

  private static float sum(float[] s, int at, int n) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = FloatVector.zero(F);
    FloatVector a2 = FloatVector.zero(F);
    FloatVector a3 = FloatVector.zero(F);
    int end = at + n - n % Lanes.VIRTUAL;
    for (int i = at; i < end; i += Lanes.VIRTUAL) {
      a0 = a0.add(fromArray(F, s, i));
      if (TWO) {
        a1 = a1.add(fromArray(F, s, i + SECOND));
      }
      if (FOUR) {
        a2 = a2.add(fromArray(F, s, i + THIRD));
        a3 = a3.add(fromArray(F, s, i + FOURTH));
      }
    }
    FloatVector tree = FOUR ? a0.add(a2).add(a1.add(a3)) : TWO ? a0.add(a1) : a0.add(a0.rearrange(BY_8));
    tree = FOUR ? tree : tree.add(tree.rearrange(BY_4));
    tree = tree.add(tree.rearrange(BY_2));
    float sum = tree.add(tree.rearrange(BY_1)).lane(0);
    for (int i = end; i < at + n; i++) {
      sum += s[i];
    }
    return sum;
  }

  private static float dot(float[] x, float[] y, int at, int n) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = FloatVector.zero(F);
    FloatVector a2 = FloatVector.zero(F);
    FloatVector a3 = FloatVector.zero(F);
    int end = at + n - n % Lanes.VIRTUAL;
    for (int i = at; i < end; i += Lanes.VIRTUAL) {
      a0 = fromArray(F, x, i).fma(fromArray(F, y, i), a0);
      if (TWO) {
        a1 = fromArray(F, x, i + SECOND).fma(fromArray(F, y, i + SECOND), a1);
      }
      if (FOUR) {
        a2 = fromArray(F, x, i + THIRD).fma(fromArray(F, y, i + THIRD), a2);
        a3 = fromArray(F, x, i + FOURTH).fma(fromArray(F, y, i + FOURTH), a3);
      }
    }
    FloatVector tree = FOUR ? a0.add(a2).add(a1.add(a3)) : TWO ? a0.add(a1) : a0.add(a0.rearrange(BY_8));
    tree = FOUR ? tree : tree.add(tree.rearrange(BY_4));
    tree = tree.add(tree.rearrange(BY_2));
    float sum = tree.add(tree.rearrange(BY_1)).lane(0);
    for (int i = end; i < at + n; i++) {
      sum = Math.fma(x[i], y[i], sum);
    }
    return sum;
  }

  /** to[at, at + n) = factor times the n floats at a byte offset. */
  static void load(MemorySegment from, long byteOffset, float factor, float[] to, int at, int n) {
    from = exact(from);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      fromMemorySegment(F, from, byteOffset + 4L * i, ORDER).mul(factor).intoArray(to, at + i);
    }
    for (; i < n; i++) {
      to[at + i] = from.get(JAVA_FLOAT_UNALIGNED, byteOffset + 4L * i) * factor;
    }
  }

  /** The n floats at a byte offset = factor times s[at, at + n). */
  static void store(float[] s, int at, int n, float factor, MemorySegment to, long byteOffset) {
    to = exact(to);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      fromArray(F, s, at + i).mul(factor).intoMemorySegment(to, byteOffset + 4L * i, ORDER);
    }
    for (; i < n; i++) {
      to.set(JAVA_FLOAT_UNALIGNED, byteOffset + 4L * i, s[at + i] * factor);
    }
  }

  /** Sets n floats at a byte offset to 0. */
  static void zero(MemorySegment to, long byteOffset, int n) {
    to = exact(to);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector.zero(F).intoMemorySegment(to, byteOffset + 4L * i, ORDER);
    }
    for (; i < n; i++) {
      to.set(JAVA_FLOAT_UNALIGNED, byteOffset + 4L * i, 0f);
    }
  }

  /**
   * The last keys of a causal row, which its neighbours in the tile do not all see: {@code t += s[p] b[p]} for p in [from, to), two vectors of
   * columns, one fma per key in ascending order as in the tile.
   */
  static void addRest(float[] s, int at, int from, int to, float[] b, int bAt, float[] t, int tAt) {
    FloatVector c0 = fromArray(F, t, tAt);
    FloatVector c1 = fromArray(F, t, tAt + COUNT);
    for (int p = from; p < to; p++) {
      FloatVector x = FloatVector.broadcast(F, s[at + p]);
      c0 = x.fma(fromArray(F, b, bAt + p * (2 * COUNT)), c0);
      c1 = x.fma(fromArray(F, b, bAt + p * (2 * COUNT) + COUNT), c1);
    }
    c0.intoArray(t, tAt);
    c1.intoArray(t, tAt + COUNT);
  }
}
