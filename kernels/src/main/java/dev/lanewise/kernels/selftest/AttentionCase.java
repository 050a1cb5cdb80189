package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.attention.AttentionTask;
import dev.lanewise.kernels.attention.Heads;
import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.reference.AttentionReference;
import java.lang.foreign.MemorySegment;

/** One causal head over as many positions as a vector has lanes and one more, back, and a step against a cache. */
public final class AttentionCase implements SelfTest.Case {
  private static final int ROWS = Lanes.COUNT + 1;
  private static final int WIDTH = 3;
  private static final int CAPACITY = 16;

  @Override
  public void run(Sample sample) {
    AttentionReference twin = new AttentionReference(1, WIDTH, true, 3 * WIDTH, 3 * WIDTH, WIDTH, 2 * WIDTH);
    AttentionTask task = sample.workers().state(AttentionTask.KEY);
    MemorySegment none = MemorySegment.NULL;
    float[] row = new float[Math.max(ROWS, CAPACITY)];
    MemorySegment qkv = sample.values(ROWS * 3 * WIDTH);
    MemorySegment p = sample.blank(ROWS * ROWS);
    MemorySegment wantP = sample.blank(ROWS * ROWS);
    MemorySegment got = sample.blank(ROWS * WIDTH);
    MemorySegment want = sample.blank(ROWS * WIDTH);
    fill(task.heads(), twin, ROWS, qkv, p, got);
    task.forward(sample.workers());
    twin.forward(1, ROWS, ROWS, qkv, qkv, none, wantP, want, row);
    sample.same("forward", got, want);
    sample.same("the probabilities of forward", p, wantP);

    MemorySegment dy = sample.values(ROWS * WIDTH);
    MemorySegment dqkv = sample.blank(ROWS * 3 * WIDTH);
    MemorySegment wantDqkv = sample.blank(ROWS * 3 * WIDTH);
    fill(task.heads(), twin, ROWS, qkv, wantP, dy);
    task.heads().queryGradient = dqkv;
    task.heads().keyGradient = dqkv;
    task.backward(sample.workers());
    twin.backward(1, ROWS, ROWS, qkv, qkv, none, wantP, dy, wantDqkv, wantDqkv, row);
    sample.same("backward", dqkv, wantDqkv);

    MemorySegment keys = sample.values(WIDTH * CAPACITY);
    MemorySegment values = sample.values(WIDTH * CAPACITY);
    MemorySegment y = sample.blank(WIDTH);
    MemorySegment wantY = sample.blank(WIDTH);
    fill(task.heads(), twin, 1, qkv, none, y);
    task.step(2, CAPACITY, keys, values);
    twin.step(2, CAPACITY, qkv, keys, values, wantY, row);
    sample.same("step", y, wantY);
  }

  private static void fill(
      Heads heads, AttentionReference twin, int rows, MemorySegment qkv, MemorySegment probabilities, MemorySegment output) {
    heads.count = 1;
    heads.width = WIDTH;
    heads.causal = true;
    heads.queryStride = twin.queryStride();
    heads.keyStride = twin.keyStride();
    heads.keyColumn = twin.keyColumn();
    heads.valueColumn = twin.valueColumn();
    heads.examples = 1;
    heads.queryRows = rows;
    heads.keyRows = rows;
    heads.queries = qkv;
    heads.keys = qkv;
    heads.lengths = MemorySegment.NULL;
    heads.probabilities = probabilities;
    heads.output = output;
  }
}
