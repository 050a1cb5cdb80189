package dev.lanewise.training;

import dev.lanewise.layers.Model;
import dev.lanewise.layers.Pass;
import dev.lanewise.training.data.Batch;
import dev.lanewise.training.data.Dataset;
import java.util.List;

/**
 * What a {@link Trainer} does with a batch: forward, loss, backward, and when parameters change. {@link Supervised} is the task of
 * models that answer and are told the right answer; those with several losses or several optimizers write their own.
 *
 * <p>One thread at a time. {@link #train} and {@link #evaluate} allocate nothing in the steady state: memory comes from the pass.
 */
public interface Task {
  /** What is trained. */
  Model model();

  /** Which parameters are changed by which optimizer; at least one part, and always the same ones. */
  List<Part> parts();

  /** What the bits of a run depend on beside model, data and optimizers, as text: the names of the losses, their weights. */
  String settings();

  /**
   * Requires that data can be trained or evaluated on.
   *
   * @param batch examples per step
   * @throws dev.lanewise.tensor.ShapeException naming both sides if they do not fit the model
   */
  void requireFits(Dataset data, int batch);

  /**
   * Before the first batch of an epoch, and after a resume before the first that is left of it, when {@link #restore} has run.
   *
   * @param epoch from 1
   * @param step batches of it that have been trained on
   */
  default void startEpoch(int epoch, int step) {}

  /**
   * Before the first batch of an evaluation, which may come between two epochs: what training carries on must not change by it. (What
   * layers carry is the pass's, see {@link dev.lanewise.layers.Carried}: the trainer keeps it apart, forgets it before each epoch and
   * evaluation, and has it in checkpoints.)
   */
  default void startEvaluation() {}

  /** Examples per batch of an evaluation: large enough to keep all kernels busy, small enough for the caches. */
  default int evaluationBatch(Dataset data) {
    return 100;
  }

  /**
   * Trains on a batch: computes gradients, and calls {@link Updates#apply} for each part whose gradients are whole. Gradients are those of
   * the mean over the rows.
   *
   * @param pass begun for this batch
   * @return the sum of the losses over {@link #rows}, as it was before the parameters changed
   */
  double train(Batch batch, Pass pass, Updates updates);

  /**
   * The loss of a batch by the inference path; changes no parameter.
   *
   * @param pass begun for this batch
   * @return the sum of the losses over {@link #rows}
   */
  double evaluate(Batch batch, Pass pass);

  /** Rows of the last batch that counted: its examples, or their positions. */
  int rows();

  /** Names of what is averaged beside the loss: its terms, such as "kl". They appear in a {@link History} as "kl" and "val_kl". */
  default List<String> figures() {
    return List.of();
  }

  /** The sum over {@link #rows} of figure {@code i} for the last batch. */
  default double figure(int i) {
    throw new IndexOutOfBoundsException("Task: no figure " + i);
  }

  /**
   * A counter for a metric, in the form of this task's outputs and targets.
   *
   * @throws IllegalArgumentException if the metric means nothing here
   */
  default Meter start(Metric metric) {
    throw new IllegalArgumentException(
        "Metric " + metric.name() + ": " + model().name() + " has no answers that it could count; leave it out");
  }

  /** Shows a counter that {@link #start} gave the last batch. */
  default void count(Meter meter) {
    throw new IllegalArgumentException("Task: there is nothing for " + meter.name() + " to count");
  }

  /** Writes what {@link #restore} needs beside parameters, optimizers and what layers carry to go on to the same bits. */
  default void save(Snapshot into) {}

  /** Goes on from what {@link #save} wrote. */
  default void restore(Snapshot from) {}
}
