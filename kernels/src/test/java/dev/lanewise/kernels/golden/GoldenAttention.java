package dev.lanewise.kernels.golden;

import dev.lanewise.kernels.Attention;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Attention of a sequence to itself and to another, whole and step by step. */
final class GoldenAttention {
  private static final String SHAPES =
      "2 examples of 13, 40 and 170 positions, 3 heads of 5 and of 32 channels, causal, padded, and cross to 29 keys";
  private static final int[] POSITIONS = {13, 40, 170};
  private static final int[] WIDTHS = {5, 32};
  private static final int HEADS = 3;
  private static final int OTHERS = 29;

  private GoldenAttention() {}

  static List<Golden> all() {
    return List.of(
        new Golden("Attention.infer", SHAPES, (canon, workers) -> each(canon, workers, false)),
        new Golden("Attention.backward", SHAPES + ", with the probabilities of forward", (canon, workers) -> each(canon, workers, true)),
        new Golden("Attention.step", "40 positions with a cache, 3 heads of 5 and of 32 channels", GoldenAttention::steps));
  }

  private static void each(Canon canon, Workers workers, boolean backward) {
    for (int t : POSITIONS) {
      for (int d : WIDTHS) {
        int all = HEADS * d;
        MemorySegment qkv = canon.uniform(2 * t * 3 * all, -2, 2);
        MemorySegment lengths = Guarded.ofInts(t, 1 + t / 2).segment();
        run(canon, Attention.self(HEADS, d, true), t, t, qkv, 3 * all, qkv, 3 * all, MemorySegment.NULL, workers, backward);
        run(canon, Attention.self(HEADS, d, false), t, t, qkv, 3 * all, qkv, 3 * all, lengths, workers, backward);
        MemorySegment others = canon.uniform(2 * OTHERS * 2 * all, -2, 2);
        run(canon, Attention.cross(HEADS, d), t, OTHERS, qkv, all, others, 2 * all, MemorySegment.NULL, workers, backward);
      }
    }
  }

  private static void run(
      Canon canon, Attention door, int tq, int tk, MemorySegment q, int qStride, MemorySegment kv, int kvStride,
      MemorySegment lengths, Workers workers, boolean backward) {
    int size = 2 * tq * door.heads() * door.width();
    Guarded y = Guarded.nanFilled(size);
    if (!backward) {
      door.infer(2, tq, tk, q, kv, lengths, y.segment(), workers);
      canon.floats(y);
      return;
    }
    Guarded p = Guarded.nanFilled(2 * door.heads() * tq * tk);
    door.forward(2, tq, tk, q, kv, lengths, p.segment(), y.segment(), workers);
    Guarded dq = Guarded.nanFilled(2 * tq * qStride);
    Guarded dkv = q.equals(kv) ? dq : Guarded.nanFilled(2 * tk * kvStride);
    door.backward(2, tq, tk, q, kv, lengths, p.segment(), canon.uniform(size, -1, 1), dq.segment(), dkv.segment(), workers);
    canon.floats(p);
    canon.floats(dq);
    canon.floats(dkv);
  }

  private static void steps(Canon canon, Workers workers) {
    for (int d : WIDTHS) {
      int all = HEADS * d;
      MemorySegment qkv = canon.uniform(40 * 3 * all, -2, 2);
      Guarded keys = Guarded.of(new float[48 * all]);
      Guarded values = Guarded.of(new float[48 * all]);
      for (int i = 0; i < 40; i++) {
        Guarded y = Guarded.nanFilled(all);
        Attention.self(HEADS, d, true)
            .step(i, 48, qkv.asSlice(12L * i * all, 12L * all), keys.segment(), values.segment(), y.segment(), workers);
        canon.floats(y);
      }
    }
  }
}
