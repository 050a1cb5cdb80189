package dev.lanewise.training;

import dev.lanewise.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Ends a run whose monitored value no longer gets better, as Keras's callback of that name does: after
 * {@code patience} epochs in a row without an improvement by more than {@code minDelta} over the best one. A value that
 * is NaN is no improvement. Its state is part of a checkpoint.
 */
public final class EarlyStopping implements Callback {
  private final String monitor;
  private final boolean higherIsBetter;
  private final int patience;
  private final double minDelta;
  private final boolean restoreBest;

  private double best = Double.NaN;
  private int bestEpoch;
  private int waited;
  private @Nullable Tensor bestParameters;

  private EarlyStopping(String monitor, boolean higherIsBetter, int patience, double minDelta, boolean restoreBest) {
    if (patience < 0 || !(minDelta >= 0)) {
      throw new IllegalArgumentException("EarlyStopping: patience " + patience + " and minDelta " + minDelta
          + "; neither may be less than 0");
    }
    this.monitor = monitor;
    this.higherIsBetter = higherIsBetter;
    this.patience = patience;
    this.minDelta = minDelta;
    this.restoreBest = restoreBest;
  }

  /**
   * Watches a value of the {@link EpochLog}; names that end in "accuracy" shall rise, others shall fall.
   *
   * @param monitor "val_loss" as a rule; needs validation data
   * @param patience epochs without improvement that are still allowed; 0 ends at the first one
   */
  public static EarlyStopping on(String monitor, int patience) {
    return new EarlyStopping(monitor, risesWhenBetter(monitor), patience, 0, false);
  }

  static boolean risesWhenBetter(String value) {
    return value.endsWith("accuracy");
  }

  /** What counts as an improvement: by more than this. */
  public EarlyStopping withMinDelta(double minDelta) {
    return new EarlyStopping(monitor, higherIsBetter, patience, minDelta, restoreBest);
  }

  /** At the end of the run, stopped early or not, puts back the parameters of the best epoch. */
  public EarlyStopping withRestoreBest() {
    return new EarlyStopping(monitor, higherIsBetter, patience, minDelta, true);
  }

  /** The epoch with the best value so far, from 1; 0 before the first. */
  public int bestEpoch() {
    return bestEpoch;
  }

  /** The best value so far; NaN before the first. */
  public double best() {
    return best;
  }

  @Override
  public void onTrainBegin(Run run) {
    best = Double.NaN;
    bestEpoch = 0;
    waited = 0;
    bestParameters = restoreBest ? Tensor.allocate(run.arena(), run.parameters().values().shape()) : null;
    if (bestParameters != null) {
      bestParameters.copyFrom(run.evaluatedValues());
    }
  }

  @Override
  public void onEpochEnd(Run run, EpochLog log) {
    double value = log.value(monitor);
    if (improves(value)) {
      best = value;
      bestEpoch = log.epoch();
      waited = 0;
      if (bestParameters != null) {
        bestParameters.copyFrom(run.evaluatedValues());
      }
      return;
    }
    waited++;
    // Keras never stops after the very first epoch.
    if (waited >= patience && log.epoch() > 1) {
      run.stop(monitor + " has not improved for " + waited + (waited == 1 ? " epoch" : " epochs")
          + "; its best was " + best + " in epoch " + bestEpoch);
    }
  }

  private boolean improves(double value) {
    if (bestEpoch == 0) {
      return !Double.isNaN(value);
    }
    return higherIsBetter ? value - minDelta > best : value + minDelta < best;
  }

  @Override
  public void onTrainEnd(Run run, History history) {
    if (bestParameters != null) {
      run.parameters().values().copyFrom(bestParameters);
    }
  }

  @Override
  public String settings() {
    return "EarlyStopping[" + monitor + (higherIsBetter ? " rises" : " falls") + ", patience=" + patience
        + ", minDelta=" + minDelta + ", restoreBest=" + restoreBest + "]";
  }

  @Override
  public void save(Snapshot into) {
    into.put("best", best).put("best_epoch", bestEpoch).put("waited", waited);
    if (bestParameters != null) {
      into.put("best_parameters", bestParameters);
    }
  }

  @Override
  public void restore(Snapshot from) {
    best = from.real("best");
    bestEpoch = (int) from.number("best_epoch");
    waited = (int) from.number("waited");
    if (bestParameters != null) {
      from.read("best_parameters", bestParameters);
    }
  }
}
