package dev.lanewise.jmh.quick;

import dev.lanewise.jmh.gemm.Multiplier;
import java.util.Arrays;

/** A product and its speed, sampled in batches long enough for the clock. */
final class Contender {
  private static final long BATCH_NANOSECONDS = 10_000_000;

  private final Multiplier multiplier;
  private final double gflop;
  private int repetitions = 1;
  private double[] samples = new double[64];
  private int count;

  Contender(Multiplier multiplier, double gflop) {
    this.multiplier = multiplier;
    this.gflop = gflop;
  }

  /** Runs a batch as fast as it is now; the next one takes about {@value #BATCH_NANOSECONDS} ns. Returns GFLOP/s. */
  double warm() {
    double each = batch() / repetitions;
    repetitions = (int) Math.clamp(BATCH_NANOSECONDS / each, 1, 1_000_000);
    return gflop * 1e9 / each;
  }

  /** Runs a batch that counts; the next one is fitted to it too, since C2 may have been late, and a batch of a few calls would find its operands in no cache. */
  void sample() {
    if (count == samples.length) {
      samples = Arrays.copyOf(samples, 2 * count);
    }
    samples[count++] = warm();
  }

  private double batch() {
    long begin = ThreadClock.now();
    for (int i = 0; i < repetitions; i++) {
      multiplier.multiply();
    }
    return Math.max(1, ThreadClock.now() - begin);
  }

  double[] samples() {
    return Arrays.copyOf(samples, count);
  }
}
