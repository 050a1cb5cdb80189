package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.attention.AttentionTask;
import dev.lanewise.kernels.attention.Heads;
import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.reference.AttentionReference;
import java.lang.foreign.MemorySegment;

/** One head of two queries over as many positions as a vector has lanes and one more, back, and a causal step against a cache. */
public final class AttentionCase implements SelfTest.Case {
  private static final int QUERIES = 2;
  private static final int KEYS = Lanes.COUNT + 1;
  private static final int WIDTH = 2;
  private static final int CAPACITY = 16;

  @Override
  public void run(Sample sample) {
    AttentionReference twin = new AttentionReference(1, WIDTH, false, WIDTH, 2 * WIDTH, 0, WIDTH);
    AttentionTask task = sample.workers().state(AttentionTask.KEY);
    MemorySegment none = MemorySegment.NULL;
    float[] row = new float[Math.max(KEYS, CAPACITY)];
    MemorySegment q = sample.values(QUERIES * WIDTH);
    MemorySegment kv = sample.values(KEYS * 2 * WIDTH);
    MemorySegment p = sample.blank(QUERIES * KEYS);
    MemorySegment wantP = sample.blank(QUERIES * KEYS);
    MemorySegment got = sample.blank(QUERIES * WIDTH);
    MemorySegment want = sample.blank(QUERIES * WIDTH);
    fill(task.heads(), twin, QUERIES, KEYS, q, kv, p, got);
    task.forward(sample.workers());
    twin.forward(1, QUERIES, KEYS, q, kv, none, wantP, want, row);
    sample.same("forward", got, want);
    sample.same("the probabilities of forward", p, wantP);

    MemorySegment dy = sample.values(QUERIES * WIDTH);
    MemorySegment dq = sample.blank(QUERIES * WIDTH);
    MemorySegment wantDq = sample.blank(QUERIES * WIDTH);
    MemorySegment dkv = sample.blank(KEYS * 2 * WIDTH);
    MemorySegment wantDkv = sample.blank(KEYS * 2 * WIDTH);
    fill(task.heads(), twin, QUERIES, KEYS, q, kv, wantP, dy);
    task.heads().queryGradient = dq;
    task.heads().keyGradient = dkv;
    task.backward(sample.workers());
    twin.backward(1, QUERIES, KEYS, q, kv, none, wantP, dy, wantDq, wantDkv, row);
    sample.same("the queries' gradient of backward", dq, wantDq);
    sample.same("the keys' and values' gradient of backward", dkv, wantDkv);

    AttentionReference causal = new AttentionReference(1, WIDTH, true, 3 * WIDTH, 3 * WIDTH, WIDTH, 2 * WIDTH);
    MemorySegment qkv = sample.values(3 * WIDTH);
    MemorySegment keys = sample.values(WIDTH * CAPACITY);
    MemorySegment values = sample.values(WIDTH * CAPACITY);
    MemorySegment y = sample.blank(WIDTH);
    MemorySegment wantY = sample.blank(WIDTH);
    fill(task.heads(), causal, 1, 1, qkv, qkv, none, y);
    task.step(2, CAPACITY, keys, values);
    causal.step(2, CAPACITY, qkv, keys, values, wantY, row);
    sample.same("step", y, wantY);
  }

  private static void fill(
      Heads heads, AttentionReference twin, int queryRows, int keyRows, MemorySegment queries, MemorySegment keys,
      MemorySegment probabilities, MemorySegment output) {
    heads.count = 1;
    heads.width = WIDTH;
    heads.causal = twin.causal();
    heads.queryStride = twin.queryStride();
    heads.keyStride = twin.keyStride();
    heads.keyColumn = twin.keyColumn();
    heads.valueColumn = twin.valueColumn();
    heads.examples = 1;
    heads.queryRows = queryRows;
    heads.keyRows = keyRows;
    heads.queries = queries;
    heads.keys = keys;
    heads.lengths = MemorySegment.NULL;
    heads.probabilities = probabilities;
    heads.output = output;
  }
}
