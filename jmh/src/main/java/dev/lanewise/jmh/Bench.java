package dev.lanewise.jmh;

import java.io.IOException;

/** Entry point of the benchmarks jar: takes JMH's own options. */
public final class Bench {
  private Bench() {}

  /**
   * Runs the benchmarks that the options name.
   *
   * @param args options of JMH
   * @throws IOException if the benchmark list cannot be read
   */
  public static void main(String[] args) throws IOException {
    org.openjdk.jmh.Main.main(args);
  }
}
