package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.attention.AttentionTask;
import dev.lanewise.kernels.attention.Heads;
import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.reference.AttentionReference;
import dev.lanewise.kernels.reference.SoftmaxReference;
import java.lang.foreign.MemorySegment;

/**
 * One causal head over a few positions, back, and a step against a cache; and a row of scores as long as a vector and one more, alone, since so many
 * keys in a product would take the interpreter most of the time.
 */
public final class AttentionCase implements SelfTest.Case {
  private static final int ROW = Lanes.COUNT + 1;
  private static final int POSITIONS = 3;
  private static final int WIDTH = 2;
  private static final int CAPACITY = 16;

  @Override
  public void run(Sample sample) {
    AttentionReference twin = new AttentionReference(1, WIDTH, true, 3 * WIDTH, 3 * WIDTH, WIDTH, 2 * WIDTH);
    AttentionTask task = sample.workers().state(AttentionTask.KEY);
    MemorySegment none = MemorySegment.NULL;
    float[] row = new float[CAPACITY];
    MemorySegment qkv = sample.values(POSITIONS * 3 * WIDTH);
    MemorySegment p = sample.blank(POSITIONS * POSITIONS);
    MemorySegment wantP = sample.blank(POSITIONS * POSITIONS);
    MemorySegment got = sample.blank(POSITIONS * WIDTH);
    MemorySegment want = sample.blank(POSITIONS * WIDTH);
    fill(task.heads(), POSITIONS, qkv, p, got);
    task.forward(sample.workers());
    twin.forward(1, POSITIONS, POSITIONS, qkv, qkv, none, wantP, want, row);
    sample.same("forward", got, want);
    sample.same("the probabilities of forward", p, wantP);

    MemorySegment dy = sample.values(POSITIONS * WIDTH);
    MemorySegment gradient = sample.blank(POSITIONS * 3 * WIDTH);
    MemorySegment wantGradient = sample.blank(POSITIONS * 3 * WIDTH);
    fill(task.heads(), POSITIONS, qkv, wantP, dy);
    task.heads().queryGradient = gradient;
    task.heads().keyGradient = gradient;
    task.backward(sample.workers());
    twin.backward(1, POSITIONS, POSITIONS, qkv, qkv, none, wantP, dy, wantGradient, wantGradient, row);
    sample.same("backward", gradient, wantGradient);

    MemorySegment keys = sample.values(WIDTH * CAPACITY);
    MemorySegment values = sample.values(WIDTH * CAPACITY);
    MemorySegment y = sample.blank(WIDTH);
    MemorySegment wantY = sample.blank(WIDTH);
    fill(task.heads(), 1, qkv.asSlice(0, 4 * 3 * WIDTH), none, y);
    task.step(2, CAPACITY, keys, values);
    twin.step(2, CAPACITY, qkv, keys, values, wantY, row);
    sample.same("step", y, wantY);
    row(sample);
  }

  private static void row(Sample sample) {
    MemorySegment scores = sample.values(ROW);
    MemorySegment dp = sample.values(ROW);
    MemorySegment p = sample.blank(ROW);
    MemorySegment wantP = sample.blank(ROW);
    MemorySegment ds = sample.blank(ROW);
    MemorySegment wantDs = sample.blank(ROW);
    AttentionTask.row(ROW, scores, dp, p, ds);
    SoftmaxReference.forward(0, 1, ROW, scores, wantP);
    SoftmaxReference.backward(0, 1, ROW, wantP, dp, wantDs);
    sample.same("a row of probabilities", p, wantP);
    sample.same("a row of backward", ds, wantDs);
  }

  private static void fill(Heads heads, int positions, MemorySegment qkv, MemorySegment probabilities, MemorySegment output) {
    heads.count = 1;
    heads.width = WIDTH;
    heads.causal = true;
    heads.queryStride = 3 * WIDTH;
    heads.keyStride = 3 * WIDTH;
    heads.keyColumn = WIDTH;
    heads.valueColumn = 2 * WIDTH;
    heads.examples = 1;
    heads.queryRows = positions;
    heads.keyRows = positions;
    heads.queries = qkv;
    heads.keys = qkv;
    heads.lengths = MemorySegment.NULL;
    heads.probabilities = probabilities;
    heads.output = output;
  }
}
