package dev.lanewise.kernels.attention;

import static dev.lanewise.kernels.gemm.GemmPlan.NR;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.lanewise.kernels.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Attention in pieces of one head of one example, which write apart from each other: nothing is summed across threads. */
public final class AttentionTask implements Workers.Task {
  /** Kept with the workers: scratch and the job's fields live from call to call. */
  public static final Workers.Key<AttentionTask> KEY = new Workers.Key<>(AttentionTask::new);

  /** Fused multiply-adds below which threads cost more than they bring. */
  private static final long SHARED_FROM = 1 << 17;

  private final Heads heads = new Heads();
  private boolean backward;
  private HeadForward[] forwards = {};
  private HeadBackward[] backwards = {};
  private final HeadStep step = new HeadStep();

  private AttentionTask() {}

  /** The job's operands, to be filled before it runs. */
  public Heads heads() {
    return heads;
  }

  /** Outputs of all heads, and probabilities where they are wanted. */
  public void forward(Workers workers) {
    run(false, workers);
  }

  /** Gradients of all heads. */
  public void backward(Workers workers) {
    run(true, workers);
  }

  private void run(boolean gradients, Workers workers) {
    backward = gradients;
    if (forwards.length < workers.threads()) {
      int made = forwards.length;
      forwards = Arrays.copyOf(forwards, workers.threads());
      backwards = Arrays.copyOf(backwards, workers.threads());
      for (int i = made; i < forwards.length; i++) {
        Scratch scratch = new Scratch();
        forwards[i] = new HeadForward(scratch);
        backwards[i] = new HeadBackward(scratch);
      }
    }
    int pieces = heads.examples * heads.count;
    try {
      if (workers.threads() > 1 && (long) pieces * heads.queryRows * heads.keyRows * heads.width >= SHARED_FROM) {
        workers.run(this, pieces);
      } else {
        for (int i = 0; i < pieces; i++) {
          run(i, 0);
        }
      }
    } finally {
      heads.clear();
    }
  }

  @Override
  public void run(int index, int worker) {
    int example = index / heads.count;
    int head = index % heads.count;
    if (backward) {
      backwards[worker].run(heads, example, head);
    } else {
      forwards[worker].run(heads, example, head);
    }
  }

  /** The softmax of n scores, as a row of a tile goes through it: what the self-test compares for long rows. */
  public static void row(int n, MemorySegment scores, MemorySegment probabilities) {
    float[] p = new float[n + NR];
    RowKernels.zero(probabilities, 0, n);
    RowKernels.load(scores, 0, 1f, p, 0, n);
    RowKernels.softmax(p, 0, n);
    RowKernels.store(p, 0, n, 1f, probabilities, 0);
  }

  /** The same back, from a gradient dp. */
  public static void rowBackward(int n, MemorySegment probabilities, MemorySegment dp, MemorySegment scoreGradients) {
    float[] p = new float[n + NR];
    float[] d = new float[n + NR];
    RowKernels.zero(scoreGradients, 0, n);
    RowKernels.load(probabilities, 0, 1f, p, 0, n);
    RowKernels.load(dp, 0, 1f, d, 0, n);
    RowKernels.softmaxBackward(p, d, 0, n);
    RowKernels.store(d, 0, n, 1f, scoreGradients, 0);
  }

  /** One query of one example at a position: files its key and value, then attends to all positions up to it. */
  public void step(int position, int capacity, MemorySegment keys, MemorySegment values) {
    int width = heads.outputStride();
    long keyAt = heads.keyAt(0, 0);
    long valueAt = heads.valueAt(0, 0);
    for (int c = 0; c < width; c++) {
      float key = heads.keys.get(JAVA_FLOAT_UNALIGNED, keyAt + 4L * c);
      keys.set(JAVA_FLOAT_UNALIGNED, 4 * ((long) c * capacity + position), key);
    }
    MemorySegment.copy(heads.keys, valueAt, values, 4L * position * width, 4L * width);
    for (int head = 0; head < heads.count; head++) {
      step.run(heads, head, position + 1, capacity, keys, values);
    }
    heads.clear();
  }
}
