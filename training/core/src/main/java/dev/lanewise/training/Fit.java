package dev.lanewise.training;

import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Workspace;
import dev.lanewise.training.data.Batch;
import dev.lanewise.training.data.Batches;
import dev.lanewise.training.data.Dataset;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One run of a {@link Trainer}: epochs of steps, with everyone who looks on. */
final class Fit {
  private final Trainer trainer;
  private final Supervised task;
  private final Sequential model;
  private final Settings settings;
  private final Dataset train;
  private final int epochs;
  private final int batchSize;
  private final Callback[] callbacks;
  private final Meter[] meters;
  private final OptimizerState optimizer;

  Fit(Trainer trainer, Supervised task, Settings settings, Dataset train, int epochs, int batchSize) {
    this.trainer = trainer;
    this.task = task;
    this.model = task.model();
    this.settings = settings;
    this.train = train;
    this.epochs = epochs;
    this.batchSize = batchSize;
    this.callbacks = trainer.callbacks.toArray(new Callback[0]);
    this.meters = Evaluator.meters(trainer.metrics, task.loss());
    this.optimizer = trainer.optimizer.start(model.parameters(), trainer.arena);
  }

  History run() {
    try (Batches batches = Batches.open(train, batchSize, trainer.seed, trainer.augmentation, trainer.ahead);
        Workspace workspace = Workspace.open()) {
      Schedule.Horizon horizon = new Schedule.Horizon(batches.count(), (long) batches.count() * epochs);
      Run run = new Run(task, settings, epochs, horizon, meters, trainer.arena);
      Pass pass = Pass.of(workspace, trainer.workers(), trainer.seed);
      begin(run);
      while (run.epoch() <= epochs && !stopped(run) && run.interruption().isEmpty()) {
        epoch(run, batches, pass);
      }
      String reason = run.interruption().isEmpty() ? run.stopReason() : run.interruption();
      History history = new History(run.epochs(), reason);
      for (Callback callback : callbacks) {
        callback.onTrainEnd(run, history);
      }
      return history;
    }
  }

  /** A stop waits for the end of its epoch, also when the epoch is resumed from a checkpoint in between. */
  private static boolean stopped(Run run) {
    return !run.stopReason().isEmpty() && run.step() == 0;
  }

  private void epoch(Run run, Batches batches, Pass pass) {
    batches.startEpoch(run.epoch() - 1);
    batches.skipTo(run.step());
    for (Callback callback : callbacks) {
      callback.onEpochBegin(run);
    }
    Checkpoints checkpoints = trainer.checkpoints;
    long before = System.nanoTime();
    for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
      step(run, batch, batches, pass);
      run.endStep(System.nanoTime() - before);
      for (int i = 0; i < callbacks.length; i++) {
        callbacks[i].onStep(run);
      }
      boolean interrupted = !run.interruption().isEmpty();
      if (checkpoints != null && (interrupted || checkpoints.dueAfterStep(run))) {
        checkpoint(run, null);
      }
      if (interrupted) {
        return;
      }
      // What the callbacks did since is not part of training.
      before = System.nanoTime();
    }
    endEpoch(run);
  }

  private void step(Run run, Batch batch, Batches batches, Pass pass) {
    run.beginStep((float) (trainer.optimizer.learningRate()
        * trainer.schedule.factor(run.globalStep(), run.horizon())));
    pass.begin(run.globalStep());
    double sum = task.train(batch.x(), batch.y(), train, batches.order(), batches.from(), pass);
    run.addLoss(sum, task.rows(), batch.count());
    for (int i = 0; i < meters.length; i++) {
      meters[i].add(task.rows(), task.cols(), task.outputs().segment(), task.targets());
    }
    run.lookAt(batch.x(), pass);
    for (int i = 0; i < callbacks.length; i++) {
      callbacks[i].onGradients(run);
    }
    optimizer.step(run.learningRate(), pass.workers());
  }

  private void endEpoch(Run run) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("loss", run.loss());
    for (Meter meter : meters) {
      values.put(meter.metric().name(), meter.value());
    }
    if (trainer.validation != null) {
      Evaluation evaluation = trainer.evaluate(trainer.validation);
      values.put("val_loss", evaluation.loss());
      evaluation.metrics().forEach((name, value) -> values.put("val_" + name, value));
    }
    EpochLog log = new EpochLog(run.epoch(), values, run.learningRate(), run.seconds(), run.examples());
    run.endEpoch(log);
    for (Callback callback : callbacks) {
      callback.onEpochEnd(run, log);
    }
    checkpoint(run, log);
  }

  private void checkpoint(Run run, @Nullable EpochLog log) {
    Checkpoints checkpoints = trainer.checkpoints;
    if (checkpoints == null) {
      return;
    }
    checkpoints.look(log);
    if (log != null && !checkpoints.dueAfterEpoch(run)) {
      return;
    }
    Snapshot snapshot = new Snapshot();
    Checkpoint.putRecipe(snapshot, trainer.recipe, trainer.recipeOptions);
    settings.save(snapshot);
    run.save(snapshot.under("run"));
    Checkpoint.putState(snapshot, model, optimizer);
    for (int i = 0; i < callbacks.length; i++) {
      callbacks[i].save(snapshot.under("callback." + i));
    }
    checkpoints.save(snapshot.under("checkpoints"));
    checkpoints.write(snapshot);
  }

  private void begin(Run run) {
    if (trainer.resumeFrom == null) {
      for (Callback callback : callbacks) {
        callback.onTrainBegin(run);
      }
      if (trainer.checkpoints != null) {
        trainer.checkpoints.begin();
        checkpoint(run, null);
      }
      return;
    }
    try (Arena reading = Arena.ofConfined()) {
      // Read before the callbacks begin: a file that cannot be resumed leaves everything as it was.
      Snapshot snapshot = readCheckpoint(trainer.resumeFrom, reading);
      for (Callback callback : callbacks) {
        callback.onTrainBegin(run);
      }
      try {
        restore(snapshot, run);
      } catch (CheckpointException e) {
        throw new CheckpointException("Checkpoint " + Checkpoints.lastOf(trainer.resumeFrom) + ": " + e.getMessage(), e);
      }
    }
  }

  private Snapshot readCheckpoint(Path path, Arena reading) {
    Path file = Checkpoints.lastOf(path);
    Snapshot snapshot = Checkpoint.read(file, reading);
    try {
      settings.requireSame(snapshot);
      if (snapshot.under("run").number("epoch") > epochs + 1L) {
        throw new CheckpointException("it stands in epoch " + snapshot.under("run").number("epoch") + " but only "
            + epochs + " epochs are asked for");
      }
    } catch (CheckpointException e) {
      throw new CheckpointException("Checkpoint " + file + ": " + e.getMessage(), e);
    }
    return snapshot;
  }

  private void restore(Snapshot snapshot, Run run) {
    Checkpoint.takeState(snapshot, model, optimizer);
    run.restore(snapshot.under("run"));
    for (int i = 0; i < callbacks.length; i++) {
      callbacks[i].restore(snapshot.under("callback." + i));
    }
    if (trainer.checkpoints != null) {
      trainer.checkpoints.restore(snapshot.under("checkpoints"));
    }
  }
}
