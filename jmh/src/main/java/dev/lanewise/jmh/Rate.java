package dev.lanewise.jmh;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The second figure of a benchmark: what its operations amount to per second. */
public final class Rate {
  private Rate() {}

  /** Arithmetic done; JMH divides it by the time, so the metric is GFLOP/s. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Arithmetic {
    /** 10^9 floating-point operations. */
    public double gflop;
  }

  /** Memory read and written; JMH divides it by the time, so the metric is GB/s. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Traffic {
    /** 10^9 bytes. */
    public double gb;
  }

  /** Text read or learned from; JMH divides it by the time, so the metric is tokens/s. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Text {
    /** Tokens, each counted once per pass over it. */
    public double tokens;
  }
}
