package dev.lanewise.jmh;

import org.openjdk.jmh.annotations.Param;

/** Kernels that walk over n floats: in the first-level cache, and beyond the second. */
public abstract class VectorBenchmark extends KernelBenchmark {
  @Param({"4096", "1048576"}) public int n;

  /** Adds the traffic of a call that reads and writes so many floats for each of the n. */
  final void count(Rate.Traffic rate, int floats) {
    rate.gb += 4e-9 * floats * n;
  }
}
