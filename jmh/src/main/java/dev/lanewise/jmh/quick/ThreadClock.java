package dev.lanewise.jmh.quick;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Processor time of the calling thread: equal to wall time on an idle machine, and on a busy one without the time that the
 * system gave to others. Falls back to wall time where the VM does not tell.
 */
final class ThreadClock {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final boolean OWN = THREADS.isCurrentThreadCpuTimeSupported() && THREADS.isThreadCpuTimeEnabled();

  private ThreadClock() {}

  /** Nanoseconds since some moment. */
  static long now() {
    return OWN ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
  }
}
