package dev.lanewise.training.data;

import dev.lanewise.kernels.Rng;
import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one epoch after another, each example once per epoch.
 *
 * <p>The order of epoch e is decided by (seed, e) alone, and so is each augmented image: the batches are the same bit
 * for bit with or without an executor, and after {@link #skipTo} as in a run that was never interrupted. The last batch
 * keeps what is left over.
 *
 * <p>Two buffers take turns. With an executor the next batch is filled there while the caller works on the current one;
 * a batch that the executor has not begun when it is needed is filled by the caller, so an executor that is busy, slow
 * or shut down costs time and nothing else. At most one fill is under way or waiting. {@link #next} allocates nothing;
 * what the executor allocates to queue a task is its own.
 *
 * <p>For one consuming thread at a time. Close it to stop the filling and to free the buffers.
 */
public final class Batches implements AutoCloseable {
  private interface Filler {
    void fill(int epoch, int[] order, int from, int count, Tensor x, IntTensor y);
  }

  private final Filler filler;
  private final @Nullable ValueDataset values;
  private final int examples;
  private final int batchSize;
  private final int count;
  private final long seed;
  private final boolean shuffled;
  private final Prefetch prefetch;
  private final Arena arena = Arena.ofShared();
  private final Batch[] buffers = new Batch[2];
  private final Batch[] tails = new Batch[2];
  private final int[] order;

  private int epoch = -1;
  private int position;
  private int from;
  private boolean closed;

  private Batches(Dataset data, int batchSize, long seed, boolean shuffled, Filler filler, @Nullable Executor ahead) {
    if (batchSize < 1) {
      throw new IllegalArgumentException("Batches: batch size is " + batchSize + "; at least 1 is needed");
    }
    this.filler = filler;
    this.values = data instanceof ValueDataset numbers ? numbers : null;
    this.examples = data.size();
    this.batchSize = Math.min(batchSize, examples);
    this.count = Math.ceilDiv(examples, this.batchSize);
    this.seed = seed;
    this.shuffled = shuffled;
    this.prefetch = new Prefetch(this::fill, ahead);
    this.order = new int[examples];
    int tail = examples - (count - 1) * this.batchSize;
    int labels = data.labelsPerExample();
    for (int i = 0; i < 2; i++) {
      Tensor x = Tensor.allocate(arena, data.inputShape().batch(this.batchSize));
      IntTensor y = IntTensor.allocate(arena, Shape.of(Math.multiplyExact(this.batchSize, labels)));
      Tensor targets = values == null ? null : Tensor.allocate(arena, values.targetShape().batch(this.batchSize));
      buffers[i] = new Batch(x, y, targets, this.batchSize);
      tails[i] = tail == this.batchSize ? buffers[i]
          : new Batch(x.slice(0, tail), y.slice(0, tail * labels), targets == null ? null : targets.slice(0, tail), tail);
    }
  }

  /**
   * Batches for training: shuffled anew each epoch.
   *
   * @param augmentation how to bend the images, or null to take them as they are; needs an {@link ImageDataset}
   * @param ahead where to fill the next batch meanwhile, or null to fill it when it is asked for
   * @throws IllegalArgumentException when the batch size is less than 1, or {@code data} is no set of images that could
   *     be augmented
   */
  public static Batches open(
      Dataset data, int batchSize, long seed, @Nullable Augmentation augmentation, @Nullable Executor ahead) {
    Filler filler;
    if (augmentation == null) {
      filler = plain(data);
    } else if (data instanceof ImageDataset images) {
      filler = augmentation.augmenter(images, seed)::batch;
    } else {
      throw new IllegalArgumentException("Batches: augmentation bends images, but the data set is a "
          + data.getClass().getSimpleName() + "; give an ImageDataset, or null for the augmentation");
    }
    return new Batches(data, batchSize, seed, true, filler, ahead);
  }

  /** Batches for evaluation: every epoch in the data set's own order. */
  public static Batches inOrder(Dataset data, int batchSize, @Nullable Executor ahead) {
    return new Batches(data, batchSize, 0, false, plain(data), ahead);
  }

  private static Filler plain(Dataset data) {
    return (epoch, order, from, count, x, y) -> data.batch(order, from, count, x, y);
  }

  /** Batches per epoch. */
  public int count() {
    return count;
  }

  /** Examples in every batch but the last of an epoch. */
  public int batchSize() {
    return batchSize;
  }

  /** How many batches of this epoch have been handed out or skipped: the argument that {@link #skipTo} needs to resume. */
  public int position() {
    return position;
  }

  /** The order of this epoch, not to be changed; the last batch is its elements from {@link #from} on. */
  public int[] order() {
    return order;
  }

  /** Where in {@link #order} the batch begins that {@link #next} gave last. */
  public int from() {
    return from;
  }

  /** Begins epoch {@code epoch}, counted from 0, in the order that belongs to it. */
  public void startEpoch(int epoch) {
    if (epoch < 0) {
      throw new IllegalArgumentException("Batches: epoch " + epoch + "; epochs count from 0");
    }
    requireOpen();
    prefetch.cancel();
    for (int i = 0; i < examples; i++) {
      order[i] = i;
    }
    if (shuffled) {
      Rng.shuffle(seed, Streams.SHUFFLE + epoch, order);
    }
    this.epoch = epoch;
    position = 0;
  }

  /** Makes batch {@code index} of this epoch the next one; {@link #count} skips to the epoch's end. */
  public void skipTo(int index) {
    requireEpoch();
    if (index < 0 || index > count) {
      throw new IllegalArgumentException("Batches: batch " + index + " of an epoch of " + count + " batches");
    }
    prefetch.cancel();
    position = index;
  }

  /**
   * The next batch, or null at the end of the epoch. It is good until the next call on this object.
   *
   * @throws IllegalStateException before the first {@link #startEpoch} and after {@link #close}
   * @throws RuntimeException (or an Error) that filling the batch threw, on whichever thread it ran
   */
  public @Nullable Batch next() {
    requireEpoch();
    if (position == count) {
      return null;
    }
    prefetch.need(position);
    from = position * batchSize;
    Batch batch = buffer(position++);
    if (position < count) {
      prefetch.ahead(position);
    }
    return batch;
  }

  private Batch buffer(int index) {
    return (index == count - 1 ? tails : buffers)[index & 1];
  }

  private void fill(int index) {
    Batch batch = buffer(index);
    filler.fill(epoch, order, index * batchSize, batch.count(), batch.x(), batch.y());
    Tensor targets = batch.targets();
    if (values != null && targets != null) {
      values.targets(order, index * batchSize, batch.count(), targets);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("Batches: closed");
    }
  }

  private void requireEpoch() {
    requireOpen();
    if (epoch < 0) {
      throw new IllegalStateException("Batches: no epoch; call startEpoch first");
    }
  }

  /** Waits for a fill that is under way, drops one that waits, and frees the buffers. */
  @Override
  public void close() {
    if (!closed) {
      prefetch.cancel();
      closed = true;
      arena.close();
    }
  }
}
