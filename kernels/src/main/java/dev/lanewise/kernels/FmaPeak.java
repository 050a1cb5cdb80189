package dev.lanewise.kernels;

import dev.lanewise.kernels.cpu.FmaLoop;
import dev.lanewise.kernels.cpu.FmaLoopScalar;
import dev.lanewise.kernels.cpu.Simd;

/**
 * The peak that every other figure is a share of: fused multiply-adds in registers, as many as some threads can do at once, at the
 * vector width that the kernels use.
 *
 * <p>Clock speed and neighbours change from minute to minute, so a peak is worth something only beside work of the same minute: measure
 * it several times during a run, and take the median of both. Where the scalar kernels run, this is the scalar peak.
 *
 * <p>The first call of a process takes most of a second longer: the loop must be compiled before it is measured.
 */
public final class FmaPeak {
  private static final Workers.Key<Burst> BURST = new Workers.Key<>(Burst::new);

  private FmaPeak() {}

  /**
   * Measures the peak of all threads of {@code workers} together. A steady call allocates nothing.
   *
   * @param milliseconds how long to measure, from 1; 50 to 100 give a steady figure
   * @return GFLOP/s (an fma counts as two operations), above 0
   * @throws IllegalArgumentException if {@code milliseconds} is less than 1
   */
  public static double gflops(int milliseconds, Workers workers) {
    if (milliseconds < 1) {
      throw new IllegalArgumentException("FmaPeak: " + milliseconds + " ms; measure for at least 1");
    }
    return workers.state(BURST).run(Fastest.LOOP, milliseconds * 1_000_000L, workers);
  }

  private enum Loop {
    SCALAR, VECTOR_12, VECTOR_24;

    /** Runs for about 0.1 ms once compiled; returns the operations done. */
    long run() {
      float sum = switch (this) {
        case SCALAR -> FmaLoopScalar.chains12(ROUNDS, factor);
        case VECTOR_12 -> FmaLoop.chains12(ROUNDS, factor);
        case VECTOR_24 -> FmaLoop.chains24(ROUNDS, factor);
      };
      float right = this == VECTOR_24 ? 276 : 66;
      if (sum != right) {
        throw new IllegalStateException("FmaPeak: the loop came to " + sum + " instead of " + right
            + "; the compiler or the processor computes wrongly");
      }
      return (long) ROUNDS * switch (this) {
        case SCALAR -> FmaLoopScalar.FLOPS;
        case VECTOR_12 -> FmaLoop.FLOPS_12;
        case VECTOR_24 -> FmaLoop.FLOPS_24;
      };
    }

    /** Operations per nanosecond over one run. */
    double speed() {
      long begin = System.nanoTime();
      return run() / (double) Math.max(1, System.nanoTime() - begin);
    }
  }

  private static final int ROUNDS = 50_000;
  private static final long SETTLED = 100_000_000L;
  private static final long PATIENCE = 5_000_000_000L;

  /** Not final: were it a constant, the compiler could drop the multiplications. */
  private static float factor;

  /** Compiles the loops, once per process, and says which is the faster. */
  private static final class Fastest {
    static final Loop LOOP = find();

    private static Loop find() {
      double scalar = settled(Loop.SCALAR, 0);
      if (!Simd.ENABLED) {
        return Loop.SCALAR;
      }
      // Before C2 has compiled it, a vector loop is slower than the scalar one, for as long as other compilations take.
      return settled(Loop.VECTOR_12, 2 * scalar) >= settled(Loop.VECTOR_24, 2 * scalar) ? Loop.VECTOR_12 : Loop.VECTOR_24;
    }

    /** Runs a loop until it has been fast enough and not become faster for a while, but not for ever; its best speed. */
    private static double settled(Loop loop, double enough) {
      double best = 0;
      long begin = System.nanoTime();
      long since = begin;
      while (System.nanoTime() - since < SETTLED || (best < enough && System.nanoTime() - begin < PATIENCE)) {
        double speed = loop.speed();
        if (speed > best * 1.5) {
          since = System.nanoTime();
        }
        best = Math.max(best, speed);
      }
      return best;
    }
  }

  /** Each piece runs until the end of the burst: as many pieces as threads keep all of them busy. */
  private static final class Burst implements Workers.Task {
    private Loop loop = Loop.SCALAR;
    private long end;
    private long[] operations = new long[0];

    double run(Loop loop, long nanoseconds, Workers workers) {
      this.loop = loop;
      if (operations.length != workers.threads()) {
        operations = new long[workers.threads()];
      }
      long begin = System.nanoTime();
      end = begin + nanoseconds;
      workers.run(this, workers.threads());
      double elapsed = System.nanoTime() - begin;
      long sum = 0;
      for (long each : operations) {
        sum += each;
      }
      return sum / elapsed;
    }

    @Override
    public void run(int index, int worker) {
      long done = 0;
      do {
        done += loop.run();
      } while (System.nanoTime() - end < 0);
      operations[index] = done;
    }
  }
}
