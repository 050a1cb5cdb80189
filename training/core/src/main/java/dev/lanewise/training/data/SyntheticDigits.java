package dev.lanewise.training.data;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Digits that the program draws itself, in MNIST's size and manner, for a machine that has neither files nor network.
 *
 * <p>A pen model: one of several ways to write the digit ({@link DigitShapes}), its points moved a little, slanted,
 * turned, stretched and bent ({@link DigitPath}), then drawn with a pen of some thickness and grain ({@link DigitPen}).
 * Easier than MNIST: a figure reached on these digits says nothing about handwriting, so it is shown under the name
 * {@value #NAME}.
 *
 * <p>Image i depends on (seed, i) alone. Each ten images in a row hold each digit once, in random order.
 */
public final class SyntheticDigits {
  /** {@link Splits#name} of these digits. */
  public static final String NAME = "synthetic";

  /** The seed of the digits that stand in for MNIST: a data set does not change with a run's seed. */
  public static final long SEED = 1;

  /** As many as MNIST has. */
  public static final int TRAIN = 60_000;

  public static final int TEST = 10_000;

  private static final int CLASSES = 10;
  private static final int AREA = DigitPen.SIDE * DigitPen.SIDE;
  private static final int CHUNK = 500;
  private static final int HELPERS = 64;

  private SyntheticDigits() {}

  /**
   * Draws images to train on and others to test on; the test images do not depend on how many there are to train on.
   *
   * @param executor where to draw beside the caller's thread, or null; changes nothing but the time
   */
  public static Splits splits(int train, int test, long seed, Arena arena, @Nullable Executor executor) {
    return new Splits(
        draw(train, seed, Streams.SYNTHETIC_TRAIN, arena, executor),
        draw(test, seed, Streams.SYNTHETIC_TEST, arena, executor),
        NAME);
  }

  private static ImageDataset draw(int count, long seed, long stream, Arena arena, @Nullable Executor executor) {
    if (count < 1) {
      throw new IllegalArgumentException("SyntheticDigits: " + count + " images; at least 1 is needed");
    }
    MemorySegment pixels = arena.allocate((long) count * AREA, 64);
    MemorySegment labels = arena.allocate(count, 64);
    AtomicInteger next = new AtomicInteger();
    int chunks = Math.ceilDiv(count, CHUNK);
    CountDownLatch left = new CountDownLatch(chunks);
    Runnable worker = () -> {
      Draws draws = new Draws();
      DigitPen pen = new DigitPen();
      byte[] image = new byte[AREA];
      for (int chunk = next.getAndIncrement(); chunk < chunks; chunk = next.getAndIncrement()) {
        try {
          for (int i = chunk * CHUNK; i < Math.min(count, (chunk + 1) * CHUNK); i++) {
            int digit = label(seed, stream, i, draws);
            draws.begin(seed, stream, i);
            pen.draw(digit, draws, image);
            MemorySegment.copy(image, 0, pixels, JAVA_BYTE, (long) i * AREA, AREA);
            labels.set(JAVA_BYTE, i, (byte) digit);
          }
        } finally {
          left.countDown();
        }
      }
    };
    if (executor != null) {
      offer(executor, worker, Math.min(HELPERS, chunks - 1));
    }
    worker.run();
    awaitHelpers(left);
    return ImageDataset.wrap(pixels, labels, DigitPen.SIDE, DigitPen.SIDE, CLASSES);
  }

  /** Helpers that come late find nothing to do; those that never come are not waited for. */
  private static void offer(Executor executor, Runnable worker, int helpers) {
    try {
      for (int i = 0; i < helpers; i++) {
        executor.execute(worker);
      }
    } catch (RejectedExecutionException e) {
      // The caller's thread draws what nobody else does.
    }
  }

  private static void awaitHelpers(CountDownLatch left) {
    boolean interrupted = false;
    while (left.getCount() > 0) {
      try {
        left.await();
      } catch (InterruptedException e) {
        interrupted = true; // A chunk takes milliseconds: finish, then let the caller see it.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Place i mod 10 in a shuffle of the ten digits that belongs to i's ten. */
  private static int label(long seed, long stream, int index, Draws draws) {
    draws.begin(seed, stream ^ Streams.SYNTHETIC_LABEL, index / CLASSES);
    long taken = 0;
    int digit = 0;
    for (int place = 0; place <= index % CLASSES; place++) {
      int skip = draws.below(CLASSES - place);
      digit = 0;
      while ((taken >> digit & 1) != 0 || skip-- > 0) {
        digit++;
      }
      taken |= 1L << digit;
    }
    return digit;
  }
}
