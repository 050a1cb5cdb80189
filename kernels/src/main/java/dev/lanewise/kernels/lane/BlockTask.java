package dev.lanewise.kernels.lane;

import dev.lanewise.kernels.Workers;

/**
 * A kernel over a range of independent units (elements, rows, images), cut into blocks that any worker may compute. Subclasses hold
 * the operands in fields and live in {@link Workers#state}, so that a call makes no objects.
 */
public abstract class BlockTask implements Workers.Task {
  /** Elements of a block: 64 KB of floats, some ten microseconds of work, so that handing it over costs little. */
  public static final int BLOCK = 16_384;

  private long units;
  private long unitsPerBlock;

  /** Computes units [from, to). */
  protected abstract void range(long from, long to);

  /** Forgets the operands, so that a closed arena's memory is not held. */
  protected abstract void clear();

  /**
   * Computes units [0, count), on the caller alone when there are fewer than two blocks.
   *
   * @param elementsPerUnit how heavy a unit is, in elements; at least 1
   * @param align blocks begin at multiples of this many units
   */
  protected final void run(long count, long elementsPerUnit, long align, Workers workers) {
    try {
      long block = Math.max(1, BLOCK / elementsPerUnit);
      block = (block + align - 1) / align * align;
      if (workers.threads() == 1 || count <= block) {
        range(0, count);
      } else {
        units = count;
        unitsPerBlock = block;
        workers.run(this, Math.toIntExact((count + block - 1) / block));
      }
    } finally {
      clear();
    }
  }

  @Override
  public final void run(int index, int worker) {
    long from = index * unitsPerBlock;
    range(from, Math.min(units, from + unitsPerBlock));
  }
}
