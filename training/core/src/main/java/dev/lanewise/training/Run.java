package dev.lanewise.training;

import dev.lanewise.layers.Model;
import dev.lanewise.layers.Params;
import dev.lanewise.layers.Pass;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.data.Batch;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A run at this moment, as {@link Callback}s see it: where it stands and how well it does. One object for the whole
 * run; reading it allocates nothing.
 */
public final class Run {
  private final Task task;
  private final Settings settings;
  private final int epochs;
  private final Schedule.Horizon horizon;
  private final Tally tally;
  private final Arena arena;
  private final @Nullable Average average;
  private final List<EpochLog> logs = new ArrayList<>();

  private int epoch = 1;
  private int step;
  private double stepLoss = Double.NaN;
  private long nanoseconds;
  private float learningRate;
  private String stopReason = "";
  private volatile String interruption = "";
  private @Nullable Batch batch;
  private @Nullable Pass pass;

  Run(Task task, Settings settings, int epochs, Schedule.Horizon horizon, Tally tally, @Nullable Average average,
      Arena arena) {
    this.average = average;
    this.arena = arena;
    this.task = task;
    this.settings = settings;
    this.epochs = epochs;
    this.horizon = horizon;
    this.tally = tally;
  }

  public Model model() {
    return task.model();
  }

  public Params parameters() {
    return task.model().parameters();
  }

  /** All values of the parameters as evaluation sees them: their average over time, where the trainer keeps one. */
  public Tensor evaluatedValues() {
    return average == null ? parameters().values() : average.values();
  }

  /** What this run was made with; also the part of a checkpoint that a resumed run must agree with. */
  public Settings settings() {
    return settings;
  }

  /** Memory for what a callback keeps during this run; it ends with the trainer. */
  public Arena arena() {
    return arena;
  }

  /** The epoch under way, from 1; one more than {@link #totalEpochs} after the last. */
  public int epoch() {
    return epoch;
  }

  /** Epochs that were asked for. */
  public int totalEpochs() {
    return epochs;
  }

  /** Steps done in this epoch. */
  public int step() {
    return step;
  }

  /** Steps of an epoch. */
  public int stepsPerEpoch() {
    return (int) horizon.stepsPerEpoch();
  }

  /** Steps done over all epochs. */
  public long globalStep() {
    return (epoch - 1) * horizon.stepsPerEpoch() + step;
  }

  Schedule.Horizon horizon() {
    return horizon;
  }

  /** The loss of the last step: of the part whose gradients are shown, then of the whole. */
  public double stepLoss() {
    return stepLoss;
  }

  /** The mean loss over this epoch so far: of each batch before its own step, as in Keras. NaN before the first. */
  public double loss() {
    return tally.loss();
  }

  /** How many metrics there are. */
  public int metrics() {
    return tally.meters().length;
  }

  /** The counter of metric {@code i} over this epoch so far. */
  public Meter metric(int i) {
    return tally.meters()[i];
  }

  /** The learning rate of the step under way, or of the last one. */
  public float learningRate() {
    return learningRate;
  }

  /** Examples trained on in this epoch. */
  public long examples() {
    return tally.examples();
  }

  /** Seconds of this epoch's steps, those before a resume included; what callbacks do after a step, checkpoints and validation
   * are not counted. */
  public double seconds() {
    return nanoseconds * 1e-9;
  }

  /** The epochs that have ended, those before a resume included. */
  public List<EpochLog> epochs() {
    return Collections.unmodifiableList(logs);
  }

  /**
   * Ends the run at the end of this epoch, for good: resuming its checkpoint ends at once with the same parameters.
   *
   * @param reason for the {@link History}, not empty
   */
  public void stop(String reason) {
    stopReason = requireReason(reason);
  }

  /**
   * Ends the run after the step under way; a checkpoint is written if there are any, and resuming it goes on from
   * there. May be called by any thread.
   *
   * @param reason for the {@link History}, not empty
   */
  public void interrupt(String reason) {
    interruption = requireReason(reason);
  }

  private static String requireReason(String reason) {
    if (reason.isEmpty()) {
      throw new IllegalArgumentException("Run: the reason to end is empty");
    }
    return reason;
  }

  /** Why the run ends with this epoch, or "". */
  public String stopReason() {
    return stopReason;
  }

  /** Why the run ends with this step, or "". */
  public String interruption() {
    return interruption;
  }

  Tally tally() {
    return tally;
  }

  Task task() {
    return task;
  }

  /** Shows the batch under way to who diagnoses a step. */
  void lookAt(Batch batch, Pass pass) {
    this.batch = batch;
    this.pass = pass;
  }

  Batch batch() {
    return Objects.requireNonNull(batch, "no step yet");
  }

  Pass pass() {
    return Objects.requireNonNull(pass, "no step yet");
  }

  void beginStep(float learningRate) {
    this.learningRate = learningRate;
  }

  /** Shows the loss of the step under way; 0 if no row of it counts. */
  void show(double lossSum, long rows) {
    stepLoss = rows == 0 ? 0 : lossSum / rows;
  }

  void endStep(long nanoseconds) {
    step++;
    this.nanoseconds += nanoseconds;
  }

  void endEpoch(EpochLog log) {
    logs.add(log);
    epoch++;
    step = 0;
    nanoseconds = 0;
    tally.reset();
  }

  void save(Snapshot into) {
    into.put("epoch", epoch).put("step", step).put("global_step", globalStep()).put("epochs", epochs)
        .put("nanoseconds", nanoseconds).put("learning_rate", Float.toString(learningRate))
        .put("stop_reason", stopReason).put("history", logs.size());
    for (int i = 0; i < logs.size(); i++) {
      into.put("history." + i, History.write(logs.get(i)));
    }
    tally.save(into);
  }

  void restore(Snapshot from) {
    epoch = Math.toIntExact(from.number("epoch"));
    step = Math.toIntExact(from.number("step"));
    nanoseconds = from.number("nanoseconds");
    learningRate = (float) from.real("learning_rate");
    stopReason = from.text("stop_reason");
    logs.clear();
    for (int i = 0; i < from.number("history"); i++) {
      logs.add(History.read(from.text("history." + i)));
    }
    tally.restore(from);
  }
}
