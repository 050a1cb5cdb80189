package dev.lanewise.kernels.testkit;

import java.lang.management.ManagementFactory;

/** Heap bytes that a piece of code allocates on the calling thread, by the JVM's own counter. */
public final class Allocation {
  private static final int STREAK = 10;
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private Allocation() {}

  /**
   * Runs the code until ten runs in a row have allocated nothing and returns 0; or, if that does not come about in half a minute of this thread's
   * processor time, the least that ten runs in a row have allocated. Until C2 has compiled a kernel its vectors are objects: that is warm-up, not
   * steady state, and on a busy machine it takes C2 longer than a clock would allow for.
   */
  public static long steady(Runnable code) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long begin = threads.getCurrentThreadCpuTime();
    long least = Long.MAX_VALUE;
    do {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < STREAK; i++) {
        code.run();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    } while (least > 0 && threads.getCurrentThreadCpuTime() - begin < PATIENCE_NANOS);
    return least;
  }
}
