package dev.lanewise.training;

import java.util.List;
import java.util.Objects;

/**
 * The learning rate over a run: a factor on the optimizer's rate, a pure function of the global step, so that a resumed
 * run goes on where the curve was. {@link ScheduleText} reads and writes schedules as text, for the command line and
 * for checkpoints.
 *
 * <p>Lengths are counted in epochs (fractions allowed) and warm-up in steps. Powers and cosines come from
 * {@link StrictMath}: the same bits on every machine.
 */
public sealed interface Schedule {

  /**
   * The factor on the optimizer's learning rate. Allocates nothing.
   *
   * @param step steps done before this one, over all epochs; from 0
   * @param horizon how long the run is
   * @return at least 0
   */
  double factor(long step, Horizon horizon);

  /** Whether the curve depends on how long the whole run is: such a run cannot be resumed with another length. */
  default boolean dependsOnTotal() {
    return false;
  }

  /** The text that {@link #parse} turns back into this schedule. */
  default String text() {
    return ScheduleText.write(this);
  }

  /**
   * Reads a schedule: a name, then options after a colon.
   *
   * <ul>
   *   <li>{@code constant}
   *   <li>{@code step:every=2,factor=0.5}: times the factor after every so many epochs
   *   <li>{@code exponential:rate=0.9,every=1}: rate^(epochs / every), falling at every step
   *   <li>{@code cosine:warmup=500,end=0}: see {@link Cosine}; the warm-up may be a share of the run, {@code warmup=5%}
   *   <li>{@code piecewise:3=0.1,4.5=0.01}: from that epoch on, that factor
   * </ul>
   *
   * @throws IllegalArgumentException naming what was found and the choices
   */
  static Schedule parse(String text) {
    return ScheduleText.parse(text);
  }

  /** The optimizer's rate throughout. */
  static Schedule constant() {
    return new Constant();
  }

  /** {@link Cosine} to 0 with its usual short warm-up. */
  static Schedule cosine() {
    return new Cosine(new WarmUp(Cosine.USUAL_SHARE, Cosine.USUAL_LIMIT), 0);
  }

  /**
   * How long a run is.
   *
   * @param stepsPerEpoch steps of one epoch, at least 1
   * @param totalSteps steps of all epochs
   */
  record Horizon(long stepsPerEpoch, long totalSteps) {
    public Horizon {
      if (stepsPerEpoch < 1 || totalSteps < 0) {
        throw new IllegalArgumentException(
            "Schedule: " + stepsPerEpoch + " steps per epoch and " + totalSteps + " in all; 1 and 0 are the least");
      }
    }
  }

  /** The same rate throughout. */
  record Constant() implements Schedule {
    @Override
    public double factor(long step, Horizon horizon) {
      return 1;
    }
  }

  /**
   * Staircase: factor^floor(epochs / every).
   *
   * @param every epochs between two falls, above 0
   * @param factor what each fall multiplies by, above 0 and at most 1
   */
  record Step(double every, double factor) implements Schedule {
    public Step {
      requirePositive("step", "every", every);
      requireShare("step", "factor", factor);
    }

    @Override
    public double factor(long step, Horizon horizon) {
      return StrictMath.pow(factor, Math.floor(step / (every * horizon.stepsPerEpoch())));
    }
  }

  /**
   * Exponential decay: rate^(epochs / every), not in stairs.
   *
   * @param rate what {@code every} epochs multiply by, above 0 and at most 1
   * @param every epochs, above 0
   */
  record Exponential(double rate, double every) implements Schedule {
    public Exponential {
      requireShare("exponential", "rate", rate);
      requirePositive("exponential", "every", every);
    }

    @Override
    public double factor(long step, Horizon horizon) {
      return StrictMath.pow(rate, step / (every * horizon.stepsPerEpoch()));
    }
  }

  /**
   * Linear warm-up, then half a cosine from 1 down to {@code end} (Loshchilov and Hutter, "SGDR: Stochastic Gradient
   * Descent with Warm Restarts", 2017, equation 5, without restarts).
   *
   * <p>With W warm-up steps of N in all, step s &lt; W has the factor (s + 1) / (W + 1), and a later one
   * end + (1 - end) (1 + cos(pi (s - W) / (N - W))) / 2: 1 at s = W, and the last step is still just above {@code end}.
   * After the end of the run the factor stays at {@code end}.
   *
   * @param warmUp how long the warm-up is
   * @param end the final factor, from 0 to 1
   */
  record Cosine(WarmUp warmUp, double end) implements Schedule {
    /** The usual warm-up: a twentieth of the run, and at most {@link #USUAL_LIMIT} steps. */
    public static final double USUAL_SHARE = 0.05;

    public static final long USUAL_LIMIT = 500;

    public Cosine {
      Objects.requireNonNull(warmUp);
      if (!(end >= 0 && end <= 1)) {
        throw new IllegalArgumentException("Schedule cosine: end is " + end + "; a number from 0 to 1 is needed");
      }
    }

    @Override
    public double factor(long step, Horizon horizon) {
      long warm = warmUp.of(horizon.totalSteps());
      if (step < warm) {
        return (step + 1) / (double) (warm + 1);
      }
      if (step >= horizon.totalSteps()) {
        return end;
      }
      double done = (step - warm) / (double) (horizon.totalSteps() - warm);
      return end + (1 - end) * 0.5 * (1 + cosineOfHalfTurns(done));
    }

    /** cos(pi t), t from 0 to 1, by angles of at most pi / 4: beyond them StrictMath allocates. */
    private static double cosineOfHalfTurns(double t) {
      if (t < 0.25) {
        return StrictMath.cos(Math.PI * t);
      }
      return t <= 0.75 ? StrictMath.sin(Math.PI * (0.5 - t)) : -StrictMath.cos(Math.PI * (1 - t));
    }

    @Override
    public boolean dependsOnTotal() {
      return true;
    }
  }

  /**
   * The length of a warm-up: a share of the run, but never more than a number of steps.
   *
   * @param share of all steps, from 0 to 1
   * @param limit the most steps
   */
  record WarmUp(double share, long limit) {
    public WarmUp {
      if (!(share >= 0 && share <= 1) || limit < 0) {
        throw new IllegalArgumentException("Schedule cosine: warmup is " + share * 100 + "% and at most " + limit
            + " steps; 0% to 100% and at least 0 steps are needed");
      }
    }

    /** So many steps, or the whole run if it is shorter. */
    public static WarmUp steps(long steps) {
      return new WarmUp(1, steps);
    }

    /** The warm-up of a run of {@code total} steps, rounded down. */
    public long of(long total) {
      return Math.min(limit, (long) (share * total));
    }
  }

  /**
   * Constant pieces.
   *
   * @param epochs where pieces begin, ascending, above 0; before the first one the factor is 1
   * @param factors the factor from there on, at least 0
   */
  record Piecewise(List<Double> epochs, List<Double> factors) implements Schedule {
    public Piecewise {
      epochs = List.copyOf(epochs);
      factors = List.copyOf(factors);
      if (epochs.isEmpty() || epochs.size() != factors.size()) {
        throw new IllegalArgumentException("Schedule piecewise: " + epochs.size() + " epochs but " + factors.size()
            + " factors; write them in pairs, as in piecewise:3=0.1,4=0.01");
      }
      double before = 0;
      for (int i = 0; i < epochs.size(); i++) {
        double epoch = epochs.get(i);
        if (!(epoch > before && epoch < Double.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException(
              "Schedule piecewise: epoch " + epoch + " follows " + before + "; epochs must ascend from above 0");
        }
        before = epoch;
        double factor = factors.get(i);
        if (!(factor >= 0 && factor < Double.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException(
              "Schedule piecewise: factor " + factor + " at epoch " + epoch + "; a finite number from 0 is needed");
        }
      }
    }

    @Override
    public double factor(long step, Horizon horizon) {
      double factor = 1;
      for (int i = 0; i < epochs.size() && step >= epochs.get(i) * horizon.stepsPerEpoch(); i++) {
        factor = factors.get(i);
      }
      return factor;
    }
  }

  private static void requirePositive(String schedule, String option, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Schedule " + schedule + ": " + option + " is " + value + "; a finite number above 0 is needed");
    }
  }

  private static void requireShare(String schedule, String option, double value) {
    if (!(value > 0 && value <= 1)) {
      throw new IllegalArgumentException(
          "Schedule " + schedule + ": " + option + " is " + value + "; a number above 0 and at most 1 is needed");
    }
  }
}
