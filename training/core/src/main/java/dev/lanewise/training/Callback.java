package dev.lanewise.training;

/**
 * Looks on while a {@link Trainer} works. All methods are called by the training thread, in the order in which the
 * callbacks were given; whatever one throws ends the run.
 */
public interface Callback {

  /** Before the first step of this process; after a resume the run already stands where it goes on. */
  default void onTrainBegin(Run run) {}

  /** Before the first step of an epoch, and after a resume before the first step that is left of it. */
  default void onEpochBegin(Run run) {}

  /**
   * After the gradients of a step and before the parameters change: the loss, the gradients and the batch belong to the
   * parameters as they are. Should not allocate.
   */
  default void onGradients(Run run) {}

  /** After a step. Should not allocate: it is called thousands of times a minute. */
  default void onStep(Run run) {}

  /** After the last step of an epoch and its validation; the run stands at the beginning of the next one already. */
  default void onEpochEnd(Run run, EpochLog log) {}

  /** After the last epoch, or after {@link Run#stop}; not when an exception ends the run. */
  default void onTrainEnd(Run run, History history) {}

  /**
   * What the end of the run depends on, as text: a resumed run must have been given callbacks of the same settings. ""
   * for one that only looks.
   */
  default String settings() {
    return "";
  }

  /** Writes what {@link #restore} needs to go on as if the run had never ended. */
  default void save(Snapshot into) {}

  /** Reads what {@link #save} wrote. Called after {@link #onTrainBegin} of a resumed run. */
  default void restore(Snapshot from) {}
}
