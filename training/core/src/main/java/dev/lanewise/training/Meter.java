package dev.lanewise.training;

import java.lang.foreign.MemorySegment;

/** The counter of a {@link Metric} over many batches: of an epoch so far, or of an evaluation. */
public interface Meter {
  /** The metric's name. */
  String name();

  /**
   * Counts a batch; allocates nothing. A row whose label is {@link dev.lanewise.training.data.Dataset#IGNORED} does not count.
   *
   * @param outputs fp32 [rows, cols]; logits where the loss takes over the last activation, which changes no rank
   * @param targets int32 [rows] or fp32 [rows, cols], see {@link Loss#takesLabels}
   */
  void add(int rows, int cols, MemorySegment outputs, MemorySegment targets);

  /** The metric over all that was counted. */
  double value();

  /** Starts again from nothing. */
  void reset();

  /** Writes what {@link #restore} needs to count on. */
  void save(Snapshot into);

  /** Goes on from what {@link #save} wrote. */
  void restore(Snapshot from);
}
