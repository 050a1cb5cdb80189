package dev.lanewise.cli;

import dev.lanewise.kernels.FmaPeak;
import dev.lanewise.kernels.Workers;
import dev.lanewise.training.Callback;
import dev.lanewise.training.EpochLog;
import dev.lanewise.training.Run;
import java.util.Arrays;

/**
 * Measures the FMA peak of the threads that train, in short bursts between the steps, so that both meet the same clock
 * and the same neighbours. The time of an epoch does not contain them.
 */
final class PeakMeter implements Callback {
  private static final int BURST_MILLIS = 50;
  private static final long PAUSE_NANOS = 2_000_000_000L;
  private static final int ENOUGH = 5;

  private final Workers workers;
  private double[] bursts = new double[64];
  private int count;
  private long last;

  PeakMeter(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void onTrainBegin(Run run) {
    last = System.nanoTime();
  }

  @Override
  public void onStep(Run run) {
    if (System.nanoTime() - last >= PAUSE_NANOS) {
      measure();
    }
  }

  @Override
  public void onEpochEnd(Run run, EpochLog log) {
    measure();
  }

  private void measure() {
    if (count == bursts.length) {
      bursts = Arrays.copyOf(bursts, 2 * count);
    }
    bursts[count++] = FmaPeak.gflops(BURST_MILLIS, workers);
    last = System.nanoTime();
  }

  /** The median of all bursts, GFLOP/s; a run too short for enough of them is followed by more. */
  double gflops() {
    while (count < ENOUGH) {
      measure();
    }
    return median(Arrays.copyOf(bursts, count));
  }

  /** The middle value, or the mean of the two in the middle. */
  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
