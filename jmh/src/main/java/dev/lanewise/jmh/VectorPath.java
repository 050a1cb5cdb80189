package dev.lanewise.jmh;

import dev.lanewise.kernels.Kernels;

/** Keeps a benchmark from measuring the scalar twins by mistake. */
public final class VectorPath {
  private VectorPath() {}

  /**
   * Prints which kernels run.
   *
   * @throws IllegalStateException with the remedy, if they are not the vector kernels
   */
  public static void require() {
    if (!Kernels.vectors()) {
      throw new IllegalStateException("there is nothing to measure on the scalar kernels: " + Kernels.why());
    }
    System.out.println("# Lanewise: " + Kernels.describe());
  }
}
