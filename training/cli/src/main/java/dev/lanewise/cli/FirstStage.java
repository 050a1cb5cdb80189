package dev.lanewise.cli;

import dev.lanewise.kernels.Workers;
import dev.lanewise.training.Checkpoints;
import dev.lanewise.training.History;
import dev.lanewise.training.StopOnNan;
import dev.lanewise.training.Trainer;
import dev.lanewise.training.data.Dataset;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run needs that comes before the training, such as pre-training. It has checkpoints of its own, beside those of the training:
 * whoever dies in it goes on within it, and whoever dies later finds it done.
 *
 * @param data what the data is called
 * @param remembered options of the command, which its checkpoints keep
 * @param howToResume the command
 */
record FirstStage(
    String data, TrainingOptions options, CheckpointFolder folder, Map<String, String> remembered, String howToResume, Workers workers,
    Terminal terminal) {

  /** Whether it was done before the checkpoint that the training goes on from, and nothing is left of it. */
  boolean over() {
    return folder.resumes() && !folder.holdsFirst();
  }

  /**
   * Trains, or goes on where an earlier process was, or returns at once what an earlier process has ended.
   *
   * @param what it is about, shown beside its figures
   * @return null if it was interrupted
   */
  @Nullable
  History fit(Trainer trainer, String what, Dataset train, int epochs, int batch, Course.Unit unit) {
    try (Interruption interruption = new Interruption(howToResume)) {
      trainer.workers(workers).seed(options.seed()).dataName(data)
          .checkpoints(Checkpoints.in(folder.first()).everySteps(options.checkpointEvery()))
          .callbacks(new RememberedOptions(remembered), interruption, StopOnNan.onLoss(), new Progress(terminal, what, train, unit));
      if (folder.holdsFirst()) {
        trainer.resume(folder.first());
      }
      History history = trainer.fit(train, epochs, batch);
      return Interruption.stopped(history.stopReason()) ? null : history;
    }
  }
}
