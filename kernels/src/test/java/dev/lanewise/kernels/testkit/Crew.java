package dev.lanewise.kernels.testkit;

import dev.lanewise.kernels.Workers;

/** Workers of one to four threads, made once for a test JVM: tests on one thread of JUnit share them. */
public final class Crew {
  public static final int LARGEST = 4;

  private static final Workers[] CREWS = new Workers[LARGEST + 1];

  private Crew() {}

  /** Workers of this many threads; do not close them. */
  public static synchronized Workers of(int threads) {
    if (CREWS[threads] == null) {
      CREWS[threads] = threads == 1 ? Workers.single() : Workers.threads(threads);
    }
    return CREWS[threads];
  }
}
