package dev.lanewise.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.testkit.Allocation;
import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BatchesTest {
  private final Arena arena = Arena.ofShared();
  private final ExecutorService executor = Executors.newSingleThreadExecutor();

  @AfterEach
  void close() {
    executor.shutdownNow();
    arena.close();
  }

  @Test
  void theLastBatchKeepsWhatIsLeft() {
    try (Batches batches = Batches.open(images(10), 4, 1, null, null)) {
      assertThat(batches.count()).isEqualTo(3);
      batches.startEpoch(0);
      assertThat(next(batches).count()).isEqualTo(4);
      assertThat(next(batches).count()).isEqualTo(4);
      assertThat(next(batches).x().shape()).isEqualTo(Shape.of(2, 28, 28, 1));
      assertThat(batches.next()).isNull();
      assertThat(batches.next()).isNull();
    }
    try (Batches batches = Batches.open(images(3), 32, 1, null, null)) {
      assertThat(batches.batchSize()).isEqualTo(3);
    }
  }

  @Test
  void aBatchInHandIsNotTouchedWhileTheNextIsFilled() {
    Queue<Runnable> tasks = new ArrayDeque<>();
    try (Batches batches = Batches.open(images(10), 4, 1, Augmentation.mnist(), tasks::add)) {
      batches.startEpoch(0);
      Batch first = next(batches);
      float[] before = first.x().toArray();
      tasks.remove().run();
      assertThat(first.x().toArray()).isEqualTo(before);
      assertThat(next(batches).x()).isNotSameAs(first.x());
    }
  }

  @Test
  void whatAFillThrowsReachesWhoeverAsksForTheBatch() {
    AtomicInteger calls = new AtomicInteger();
    Dataset broken = new Failing(images(10), calls, 2);
    try (Batches batches = Batches.open(broken, 4, 1, null, executor)) {
      batches.startEpoch(0);
      assertThat(next(batches).count()).isEqualTo(4);
      assertThatThrownBy(batches::next).isInstanceOf(IllegalStateException.class).hasMessage("disk on fire");
      assertThat(next(batches).count()).as("the next call tries again").isEqualTo(4);
    }
  }

  @Test
  void anExecutorThatIsBusyOrShutDownOnlyCostsTime() throws InterruptedException {
    CountDownLatch blocked = new CountDownLatch(1);
    executor.execute(() -> {
      try {
        blocked.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    try (Batches batches = Batches.open(images(40), 4, 1, null, executor)) {
      assertThat(examples(batches)).isEqualTo(40);
      blocked.countDown();
      executor.shutdown();
      assertThat(executor.awaitTermination(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
      assertThat(examples(batches)).isEqualTo(40);
    }
  }

  @Test
  void theConsumerMayRunOnTheExecutorsOnlyThread() throws Exception {
    try (Batches batches = Batches.open(images(40), 4, 1, null, executor)) {
      assertThat(executor.submit(() -> examples(batches)).get()).isEqualTo(40);
    }
  }

  @Test
  void anInterruptIsKeptForTheCaller() {
    try (Batches batches = Batches.open(new Slow(images(12)), 4, 1, null, executor)) {
      batches.startEpoch(0);
      next(batches);
      Thread.currentThread().interrupt();
      assertThat(next(batches).count()).isEqualTo(4);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void closingWaitsForAFillUnderWay() throws InterruptedException {
    Slow slow = new Slow(images(12));
    Batches batches = Batches.open(slow, 4, 1, null, executor);
    batches.startEpoch(0);
    next(batches);
    slow.begun.await();
    batches.close();
    assertThat(slow.running.get()).isZero();
    batches.close();
    assertThatThrownBy(batches::next).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    assertThatThrownBy(() -> batches.startEpoch(0)).hasMessageContaining("closed");
  }

  @Test
  void errorsSayWhatIsWrong() {
    ImageDataset data = images(10);
    assertThatThrownBy(() -> Batches.open(data, 0, 1, null, null)).hasMessageContaining("batch size is 0");
    assertThatThrownBy(() -> Batches.open(new Slow(data), 4, 1, Augmentation.mnist(), null))
        .hasMessageContaining("Slow").hasMessageContaining("ImageDataset");
    try (Batches batches = Batches.open(data, 4, 1, null, null)) {
      assertThatThrownBy(batches::next).isInstanceOf(IllegalStateException.class).hasMessageContaining("startEpoch");
      assertThatThrownBy(() -> batches.startEpoch(-1)).hasMessageContaining("epoch -1");
      batches.startEpoch(0);
      assertThatThrownBy(() -> batches.skipTo(4)).hasMessageContaining("batch 4 of an epoch of 3");
    }
  }

  @Test
  void aSteadyEpochAllocatesNothing() {
    try (Batches batches = Batches.open(images(200), 32, 1, Augmentation.mnist(), null)) {
      long bytes = Allocation.steady(() -> {
        batches.startEpoch(0);
        while (batches.next() != null) {
          // Only the batches' own allocation is of interest.
        }
      });
      assertThat(bytes).isZero();
    }
  }

  private static Batch next(Batches batches) {
    Batch batch = batches.next();
    if (batch == null) {
      throw new AssertionError("the epoch is over");
    }
    return batch;
  }

  private static int examples(Batches batches) {
    int examples = 0;
    batches.startEpoch(0);
    for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
      examples += batch.count();
    }
    return examples;
  }

  private ImageDataset images(int count) {
    return ImageDataset.copyOf(arena, IdxBytes.pixels(count * 784, 1), IdxBytes.digits(count, 1), 28, 28, 10);
  }

  /** Fails at one call. */
  private record Failing(Dataset data, AtomicInteger calls, int failAt) implements Dataset {
    @Override
    public int size() {
      return data.size();
    }

    @Override
    public Shape inputShape() {
      return data.inputShape();
    }

    @Override
    public int classes() {
      return data.classes();
    }

    @Override
    public void batch(int[] order, int from, int count, Tensor x, IntTensor y) {
      if (calls.incrementAndGet() == failAt) {
        throw new IllegalStateException("disk on fire");
      }
      data.batch(order, from, count, x, y);
    }
  }

  /** Takes a while for each batch after the first. */
  private static final class Slow implements Dataset {
    private final Dataset data;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);

    Slow(Dataset data) {
      this.data = data;
    }

    @Override
    public int size() {
      return data.size();
    }

    @Override
    public Shape inputShape() {
      return data.inputShape();
    }

    @Override
    public int classes() {
      return data.classes();
    }

    @Override
    public void batch(int[] order, int from, int count, Tensor x, IntTensor y) {
      running.incrementAndGet();
      if (calls.getAndIncrement() > 0) {
        begun.countDown();
        long end = System.nanoTime() + Duration.ofMillis(150).toNanos();
        while (System.nanoTime() < end) {
          Thread.onSpinWait();
        }
      }
      data.batch(order, from, count, x, y);
      running.decrementAndGet();
    }
  }
}
