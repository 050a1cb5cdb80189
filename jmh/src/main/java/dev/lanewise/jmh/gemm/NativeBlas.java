package dev.lanewise.jmh.gemm;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Lets one native BLAS into a process. OpenBLAS and MKL export the same symbols: with both loaded, calls to one end up in the other
 * without a word, and the figures are the other's.
 */
public final class NativeBlas {
  private static final AtomicReference<String> LOADED = new AtomicReference<>("");

  private NativeBlas() {}

  /**
   * Says that a library is about to be loaded.
   *
   * @throws IllegalStateException if another one was before
   */
  public static void claim(String library) {
    String other = LOADED.updateAndGet(before -> before.isEmpty() ? library : before);
    if (!other.equals(library)) {
      throw new IllegalStateException(library + " must not be loaded into a process that has " + other
          + ": their symbols collide; measure them in processes of their own (JMH's -f 1 or more)");
    }
  }
}
