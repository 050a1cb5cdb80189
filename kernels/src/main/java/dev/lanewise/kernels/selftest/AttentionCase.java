package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.attention.AttentionTask;
import dev.lanewise.kernels.attention.Heads;
import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.reference.AttentionReference;
import dev.lanewise.kernels.reference.SoftmaxReference;
import java.lang.foreign.MemorySegment;

/**
 * One causal head over a few positions, or its gradients, or a step against a cache; and a row of scores as long as a vector and one more, alone, since
 * so many keys in a product would take the interpreter most of the time.
 */
public final class AttentionCase implements SelfTest.Case {
  private static final int ROW = Lanes.COUNT + 1;
  private static final int POSITIONS = 2;
  private static final int WIDTH = 1;

  /** What is tried at a time. */
  public enum Part {
    FORWARD,
    BACKWARD,
    STEP
  }

  private final Part part;

  public AttentionCase(Part part) {
    this.part = part;
  }

  @Override
  public void run(Sample sample) {
    AttentionReference twin = new AttentionReference(1, WIDTH, true, 3 * WIDTH, 3 * WIDTH, WIDTH, 2 * WIDTH);
    AttentionTask task = sample.workers().state(AttentionTask.KEY);
    switch (part) {
      case FORWARD -> {
        forward(sample, twin, task);
        row(sample, false);
      }
      case BACKWARD -> {
        backward(sample, twin, task);
        row(sample, true);
      }
      case STEP -> {
        step(sample, twin, task, Lanes.COUNT);
        step(sample, twin, task, 4 * Lanes.COUNT);
        row(sample, false);
      }
    }
  }

  private static void forward(Sample sample, AttentionReference twin, AttentionTask task) {
    MemorySegment qkv = sample.values(POSITIONS * 3 * WIDTH);
    MemorySegment p = sample.blank(POSITIONS * POSITIONS);
    MemorySegment wantP = sample.blank(POSITIONS * POSITIONS);
    MemorySegment got = sample.blank(POSITIONS * WIDTH);
    MemorySegment want = sample.blank(POSITIONS * WIDTH);
    fill(task.heads(), POSITIONS, qkv, p, got);
    task.forward(sample.workers());
    twin.forward(1, POSITIONS, POSITIONS, qkv, qkv, MemorySegment.NULL, wantP, want, new float[POSITIONS]);
    sample.same("forward", got, want);
    sample.same("the probabilities of forward", p, wantP);
  }

  private static void backward(Sample sample, AttentionReference twin, AttentionTask task) {
    MemorySegment qkv = sample.values(POSITIONS * 3 * WIDTH);
    MemorySegment p = sample.positive(POSITIONS * POSITIONS);
    MemorySegment dy = sample.values(POSITIONS * WIDTH);
    MemorySegment gradient = sample.blank(POSITIONS * 3 * WIDTH);
    MemorySegment wantGradient = sample.blank(POSITIONS * 3 * WIDTH);
    fill(task.heads(), POSITIONS, qkv, p, dy);
    task.heads().queryGradient = gradient;
    task.heads().keyGradient = gradient;
    task.backward(sample.workers());
    twin.backward(1, POSITIONS, POSITIONS, qkv, qkv, MemorySegment.NULL, p, dy, wantGradient, wantGradient, new float[POSITIONS]);
    sample.same("backward", gradient, wantGradient);
  }

  /** Scores of a vector of keys at a time, or of four where the cache is that long. */
  private static void step(Sample sample, AttentionReference twin, AttentionTask task, int capacity) {
    MemorySegment qkv = sample.values(3 * WIDTH);
    MemorySegment keys = sample.values(WIDTH * capacity);
    MemorySegment values = sample.values(WIDTH * capacity);
    MemorySegment y = sample.blank(WIDTH);
    MemorySegment wantY = sample.blank(WIDTH);
    fill(task.heads(), 1, qkv, MemorySegment.NULL, y);
    task.step(1, capacity, keys, values);
    twin.step(1, capacity, qkv, keys, values, wantY, new float[capacity]);
    sample.same("step", y, wantY);
  }

  private static void row(Sample sample, boolean back) {
    MemorySegment x = sample.values(ROW);
    MemorySegment dp = sample.values(ROW);
    MemorySegment got = sample.blank(ROW);
    MemorySegment want = sample.blank(ROW);
    if (back) {
      AttentionTask.rowBackward(ROW, x, dp, got);
      SoftmaxReference.backward(0, 1, ROW, x, dp, want);
      sample.same("a row of backward", got, want);
    } else {
      AttentionTask.row(ROW, x, got);
      SoftmaxReference.forward(0, 1, ROW, x, want);
      sample.same("a row of probabilities", got, want);
    }
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
