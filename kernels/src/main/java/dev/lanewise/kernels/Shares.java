package dev.lanewise.kernels;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Who computes which pieces of a job: an equal run of neighbouring pieces for each worker, and what is left of a slower
 * one's for whoever has ended.
 *
 * <p>The runs are the same for each job of the same count, which keeps data where they were made. Cores do not all share
 * a cache: on a processor of several complexes a line that the other complex wrote costs five times as much, and layers
 * that move memory (pooling, Adam) were measured four times slower when each piece went to whoever came first.
 */
final class Shares {
  /** Two cache lines, since processors fetch them in pairs: one worker's claims do not disturb another's. */
  private static final int STRIDE = 16;

  private final int workers;

  /** Of each worker: job number in the upper half, pieces not yet claimed in the lower. One word: no claim is stale. */
  private final AtomicLongArray left;

  private long job;
  private int count;

  Shares(int workers) {
    this.workers = workers;
    this.left = new AtomicLongArray(workers * STRIDE);
  }

  /** Begins a job, when all pieces of the one before have been computed. */
  void open(int count) {
    this.count = count;
    job++;
    for (int w = 0; w < workers; w++) {
      left.set(w * STRIDE, job << 32 | end(w) - end(w - 1));
    }
  }

  /** The next piece for this worker: of its own run, or else of the next worker that has one left; -1 if none has. */
  int claim(int worker) {
    for (int i = 0; i < workers; i++) {
      int owner = worker + i < workers ? worker + i : worker + i - workers;
      long seen = left.get(owner * STRIDE);
      while ((int) seen > 0) {
        if (left.compareAndSet(owner * STRIDE, seen, seen - 1)) {
          // Read after the claim, which keeps the job open: the count is this job's.
          return end(owner) - (int) seen;
        }
        seen = left.get(owner * STRIDE);
      }
    }
    return -1;
  }

  boolean isEmpty() {
    for (int w = 0; w < workers; w++) {
      if ((int) left.get(w * STRIDE) > 0) {
        return false;
      }
    }
    return true;
  }

  /** One after the last piece of a worker's run; the first workers have one more when it does not come out even. */
  private int end(int worker) {
    return (worker + 1) * (count / workers) + Math.min(worker + 1, count % workers);
  }
}
