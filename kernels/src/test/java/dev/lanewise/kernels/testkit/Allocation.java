package dev.lanewise.kernels.testkit;

import java.lang.management.ManagementFactory;

/** Heap bytes that a piece of code allocates on the calling thread, by the JVM's own counter. */
public final class Allocation {
  private Allocation() {}

  /**
   * The least number of bytes that one of some runs allocated, after a warm-up: a steady state has runs without any, while the JIT
   * and the profile may still cost a few.
   */
  public static long leastOf(int warmUps, int runs, Runnable code) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < warmUps; i++) {
      code.run();
    }
    long least = Long.MAX_VALUE;
    for (int i = 0; i < runs; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      code.run();
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
