package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.testkit.Allocation;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkersTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void everyPieceRunsOnceForManyJobsInARow(int threads) {
    try (Workers workers = Workers.threads(threads)) {
      for (int count = 0; count < 300; count++) {
        AtomicIntegerArray runs = new AtomicIntegerArray(count);
        workers.run((index, worker) -> runs.incrementAndGet(index), count);
        for (int i = 0; i < count; i++) {
          assertThat(runs.get(i)).as("piece %d of %d", i, count).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void piecesThatRunAtTheSameTimeHaveDifferentWorkers() {
    try (Workers workers = Workers.threads(4)) {
      AtomicIntegerArray busy = new AtomicIntegerArray(4);
      workers.run(
          (index, worker) -> {
            assertThat(busy.incrementAndGet(worker)).isEqualTo(1);
            Thread.yield();
            busy.decrementAndGet(worker);
          },
          2000);
    }
  }

  @Test
  void helpersThatHaveParkedAreWoken() throws InterruptedException {
    try (Workers workers = Workers.threads(2)) {
      Thread.sleep(50);
      // Two pieces that wait for each other end only when two threads run them.
      CountDownLatch both = new CountDownLatch(2);
      workers.run(
          (index, worker) -> {
            both.countDown();
            await(both);
          },
          2);
      assertThat(both.getCount()).isZero();
    }
  }

  @Test
  void anExecutorThatNeverRunsAnythingStopsNobody() {
    try (Workers workers = Workers.on(command -> {}, 3)) {
      AtomicInteger runs = new AtomicInteger();
      workers.run((index, worker) -> runs.incrementAndGet(), 100);
      assertThat(runs).hasValue(100);
    }
  }

  @Test
  void closingGivesTheExecutorsThreadsBack() throws InterruptedException {
    var executor = Executors.newFixedThreadPool(2);
    try (Workers workers = Workers.on(executor, 3)) {
      workers.run((index, worker) -> {}, 10);
    }
    executor.shutdown();
    assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aFailureReachesTheCallerAndTheWorkersLiveOn(int threads) {
    try (Workers workers = Workers.threads(threads)) {
      assertThatThrownBy(() -> workers.run(
          (index, worker) -> {
            throw new IllegalArgumentException("piece " + index);
          },
          20))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("piece ");
      AtomicInteger runs = new AtomicInteger();
      workers.run((index, worker) -> runs.incrementAndGet(), 20);
      assertThat(runs).hasValue(20);
    }
  }

  @Test
  void aJobWithinAJobIsRefused() {
    Workers workers = Workers.single();
    assertThatThrownBy(() -> workers.run((index, worker) -> workers.run((i, w) -> {}, 2), 2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("give each concurrent caller its own");
  }

  @Test
  void closedWorkersRefuseJobsAndZeroThreadsAreRefused() {
    Workers workers = Workers.threads(2);
    workers.close();
    workers.close();
    assertThatThrownBy(() -> workers.run((index, worker) -> {}, 1)).hasMessage("Workers: closed");
    assertThatThrownBy(() -> Workers.threads(0)).hasMessageContaining("0 threads");
  }

  @Test
  void stateIsMadeOncePerKeyAndWorkers() {
    var key = new Workers.Key<>(Object::new);
    Workers one = Workers.single();
    Workers other = Workers.single();
    assertThat(one.state(key)).isSameAs(one.state(key)).isNotSameAs(other.state(key));
  }

  @Test
  void aSteadyJobAllocatesNothing() {
    try (Workers workers = Workers.threads(2)) {
      Workers.Task task = (index, worker) -> {};
      assertThat(Allocation.steady(() -> workers.run(task, 16))).isZero();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
