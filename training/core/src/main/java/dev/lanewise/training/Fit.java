package dev.lanewise.training;

import dev.lanewise.layers.Pass;
import dev.lanewise.tensor.Workspace;
import dev.lanewise.training.data.Batch;
import dev.lanewise.training.data.Batches;
import dev.lanewise.training.data.Dataset;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One run of a {@link Trainer}: epochs of steps, with everyone who looks on. */
final class Fit {
  private final Trainer trainer;
  private final Task task;
  private final List<Part> parts;
  private final Settings settings;
  private final Dataset train;
  private final int epochs;
  private final int batchSize;
  private final Callback[] callbacks;
  private final OptimizerState[] states;
  private final @Nullable Average average;

  Fit(Trainer trainer, Task task, List<Part> parts, Settings settings, Dataset train, int epochs, int batchSize) {
    this.trainer = trainer;
    this.task = task;
    this.parts = parts;
    this.settings = settings;
    this.train = train;
    this.epochs = epochs;
    this.batchSize = batchSize;
    this.callbacks = trainer.callbacks.toArray(new Callback[0]);
    this.states = Steps.start(parts, trainer.arena);
    this.average = trainer.ema == 0 ? null : new Average(task.model().parameters(), trainer.ema, trainer.arena);
  }

  History run() {
    try (Batches batches = open(); Workspace workspace = Workspace.open()) {
      long steps = Math.ceilDiv(batches.count(), trainer.accumulate);
      Schedule.Horizon horizon = new Schedule.Horizon(steps, steps * epochs);
      Run run = new Run(task, settings, epochs, horizon, new Tally(task, trainer.metrics), average, trainer.arena);
      Pass pass = Pass.of(workspace, trainer.workers(), trainer.seed);
      Steps updates = new Steps(run, task, callbacks, states, trainer.clipNorm, pass);
      begin(run, pass);
      while (run.epoch() <= epochs && !stopped(run) && run.interruption().isEmpty()) {
        epoch(run, batches, pass, updates);
      }
      String reason = run.interruption().isEmpty() ? run.stopReason() : run.interruption();
      History history = new History(run.epochs(), reason);
      if (average != null) {
        average.lend();
      }
      for (Callback callback : callbacks) {
        callback.onTrainEnd(run, history);
      }
      return history;
    }
  }

  private Batches open() {
    return trainer.shuffle
        ? Batches.open(train, batchSize, trainer.seed, trainer.augmentation, trainer.ahead)
        : Batches.inOrder(train, batchSize, trainer.ahead);
  }

  /** A stop waits for the end of its epoch, also when the epoch is resumed from a checkpoint in between. */
  private static boolean stopped(Run run) {
    return !run.stopReason().isEmpty() && run.step() == 0;
  }

  private void epoch(Run run, Batches batches, Pass pass, Steps updates) {
    batches.startEpoch(run.epoch() - 1);
    batches.skipTo(run.step() * trainer.accumulate);
    if (run.step() == 0) {
      pass.carried().reset();
    }
    task.startEpoch(run.epoch(), batches.position());
    for (Callback callback : callbacks) {
      callback.onEpochBegin(run);
    }
    Checkpoints checkpoints = trainer.checkpoints;
    long before = System.nanoTime();
    while (step(run, batches, pass, updates)) {
      run.endStep(System.nanoTime() - before);
      for (int i = 0; i < callbacks.length; i++) {
        callbacks[i].onStep(run);
      }
      boolean interrupted = !run.interruption().isEmpty();
      if (checkpoints != null && (interrupted || checkpoints.dueAfterStep(run))) {
        checkpoint(run, pass, null);
      }
      if (interrupted) {
        return;
      }
      // What the callbacks did since is not part of training.
      before = System.nanoTime();
    }
    endEpoch(run, pass);
  }

  /** Returns false at the end of the epoch. */
  private boolean step(Run run, Batches batches, Pass pass, Steps updates) {
    int left = Math.min(trainer.accumulate, batches.count() - batches.position());
    if (left == 0) {
      return false;
    }
    updates.beginStep(trainer.schedule.factor(run.globalStep(), run.horizon()));
    long done = (run.epoch() - 1) * (long) batches.count() + batches.position();
    for (int i = 0; i < left; i++) {
      Batch batch = Objects.requireNonNull(batches.next());
      pass.begin(done + i, i > 0);
      updates.beginBatch(i == left - 1);
      run.lookAt(batch, pass);
      double sum = task.train(batch, pass, updates);
      updates.endBatch(sum);
      run.tally().add(sum, batch.count());
    }
    if (average != null) {
      average.update(pass.workers());
    }
    return true;
  }

  private void endEpoch(Run run, Pass pass) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("loss", run.loss());
    values.putAll(run.tally().values());
    if (trainer.validation != null) {
      Evaluation evaluation = validate(trainer.validation);
      values.put("val_loss", evaluation.loss());
      evaluation.metrics().forEach((name, value) -> values.put("val_" + name, value));
    }
    EpochLog log = new EpochLog(run.epoch(), values, run.learningRate(), run.seconds(), run.examples());
    run.endEpoch(log);
    for (Callback callback : callbacks) {
      callback.onEpochEnd(run, log);
    }
    checkpoint(run, pass, log);
  }

  private Evaluation validate(Dataset data) {
    if (average == null) {
      return trainer.evaluate(task, data);
    }
    average.lend();
    Evaluation evaluation = trainer.evaluate(task, data);
    average.giveBack();
    return evaluation;
  }

  private void checkpoint(Run run, Pass pass, @Nullable EpochLog log) {
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
    Checkpoint.putState(snapshot, task.model(), parts, states, average);
    task.save(snapshot.under("task"));
    pass.carried().tensors().forEach(snapshot.under("carried")::put);
    for (int i = 0; i < callbacks.length; i++) {
      callbacks[i].save(snapshot.under("callback." + i));
    }
    checkpoints.save(snapshot.under("checkpoints"));
    checkpoints.write(snapshot);
  }

  private void begin(Run run, Pass pass) {
    if (trainer.resumeFrom == null) {
      for (Callback callback : callbacks) {
        callback.onTrainBegin(run);
      }
      if (trainer.checkpoints != null) {
        trainer.checkpoints.begin();
        checkpoint(run, pass, null);
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
        restore(snapshot, run, pass);
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

  private void restore(Snapshot snapshot, Run run, Pass pass) {
    Checkpoint.takeState(snapshot, task.model(), parts, states, average);
    task.restore(snapshot.under("task"));
    pass.carried().restore(snapshot.tensorsUnder("carried"));
    run.restore(snapshot.under("run"));
    for (int i = 0; i < callbacks.length; i++) {
      callbacks[i].restore(snapshot.under("callback." + i));
    }
    if (trainer.checkpoints != null) {
      trainer.checkpoints.restore(snapshot.under("checkpoints"));
    }
  }
}
