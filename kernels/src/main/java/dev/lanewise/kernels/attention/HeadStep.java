package dev.lanewise.kernels.attention;

import static dev.lanewise.kernels.gemm.GemmPlan.NR;
import static dev.lanewise.kernels.lane.Lanes.COUNT;
import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * One query against cached keys and values: the same chains of operations as {@link HeadForward}, and so the same bits, without packing. The cache
 * holds keys turned, so that scores of neighbouring keys lie side by side; values row by row.
 */
final class HeadStep {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private float[] query = {};
  private float[] scores = {};
  private float[] sums = {};

  void run(Heads heads, int head, int count, int capacity, MemorySegment keys, MemorySegment values) {
    int d = heads.width;
    query = Scratch.grown(query, d);
    scores = Scratch.grown(scores, capacity + 4 * COUNT);
    sums = Scratch.grown(sums, d + NR);
    RowKernels.load(heads.queries, heads.queryAt(0, head), heads.scale(), query, 0, d);
    long keyAt = 4L * head * d * capacity;
    int key = 0;
    for (; key + 4 * COUNT <= capacity && key < count; key += 4 * COUNT) {
      four(d, query, keys, keyAt + 4L * key, 4L * capacity, scores, key);
    }
    for (; key < count; key += COUNT) {
      one(d, query, keys, keyAt + 4L * key, 4L * capacity, scores, key);
    }
    RowKernels.softmax(scores, 0, count);
    long valueBytes = 4L * heads.outputStride();
    long valueAt = 4L * head * d;
    int column = 0;
    for (; column <= d - COUNT; column += COUNT) {
      weigh(count, scores, values, valueAt + 4L * column, valueBytes, sums, column);
    }
    for (; column < d; column++) {
      float sum = 0f;
      for (int j = 0; j < count; j++) {
        sum = Math.fma(scores[j], values.get(JAVA_FLOAT_UNALIGNED, valueAt + 4L * column + j * valueBytes), sum);
      }
      sums[column] = sum;
    }
    RowKernels.store(sums, 0, d, 1f, heads.output, heads.outputAt(0, head));
  }

  /** Scores of four vectors of keys: chains over the channels of a head. */
  private static void four(int d, float[] q, MemorySegment keys, long at, long stride, float[] s, int sAt) {
    keys = exact(keys);
    FloatVector c0 = FloatVector.zero(F);
    FloatVector c1 = FloatVector.zero(F);
    FloatVector c2 = FloatVector.zero(F);
    FloatVector c3 = FloatVector.zero(F);
    for (int c = 0; c < d; c++) {
      FloatVector x = FloatVector.broadcast(F, q[c]);
      long row = at + c * stride;
      c0 = x.fma(fromMemorySegment(F, keys, row, ORDER), c0);
      c1 = x.fma(fromMemorySegment(F, keys, row + 4 * COUNT, ORDER), c1);
      c2 = x.fma(fromMemorySegment(F, keys, row + 8 * COUNT, ORDER), c2);
      c3 = x.fma(fromMemorySegment(F, keys, row + 12 * COUNT, ORDER), c3);
    }
    c0.intoArray(s, sAt);
    c1.intoArray(s, sAt + COUNT);
    c2.intoArray(s, sAt + 2 * COUNT);
    c3.intoArray(s, sAt + 3 * COUNT);
  }

  private static void one(int d, float[] q, MemorySegment keys, long at, long stride, float[] s, int sAt) {
    keys = exact(keys);
    FloatVector c0 = FloatVector.zero(F);
    for (int c = 0; c < d; c++) {
      c0 = FloatVector.broadcast(F, q[c]).fma(fromMemorySegment(F, keys, at + c * stride, ORDER), c0);
    }
    c0.intoArray(s, sAt);
  }

  private static void weigh(int n, float[] p, MemorySegment values, long at, long stride, float[] sums, int sumAt) {
    values = exact(values);
    FloatVector c0 = FloatVector.zero(F);
    for (int j = 0; j < n; j++) {
      c0 = FloatVector.broadcast(F, p[j]).fma(fromMemorySegment(F, values, at + j * stride, ORDER), c0);
    }
    c0.intoArray(sums, sumAt);
  }
}
