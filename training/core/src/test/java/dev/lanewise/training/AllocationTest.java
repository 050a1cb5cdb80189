package dev.lanewise.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A steady step of the real loop allocates nothing, by the JVM's own counter of this thread. */
class AllocationTest {
  private static final int STREAK = 20;
  private static final long PATIENCE_NANOS = 120_000_000_000L;

  /** Interrupts the run once a streak of steps, the look at the counter included, has allocated nothing. */
  private static final class Steady implements Callback {
    private final com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final long deadline = System.nanoTime() + PATIENCE_NANOS;
    private long before;
    private int streak;
    private int longest;

    @Override
    public void onEpochBegin(Run run) {
      // What happens between epochs is not part of a step.
      streak = 0;
      before = threads.getCurrentThreadAllocatedBytes();
    }

    @Override
    public void onStep(Run run) {
      long now = threads.getCurrentThreadAllocatedBytes();
      streak = now == before ? streak + 1 : 0;
      before = now;
      longest = Math.max(longest, streak);
      if (longest >= STREAK || System.nanoTime() > deadline) {
        run.interrupt("measured");
      }
    }
  }

  @Test
  void aSteadyStepAllocatesNothing() {
    holds(UnaryOperator.identity());
  }

  @Test
  void norWithAllThatMayHappenToAGradient() {
    holds(trainer -> trainer.optimizer(AdamW.of(1e-4f).decayingMatricesOnly()).clipNorm(0.1f).accumulate(3).ema(0.99f));
  }

  private static void holds(UnaryOperator<Trainer> settings) {
    try (Arena arena = Arena.ofShared()) {
      Steady steady = new Steady();
      // 16 divides no epoch evenly: both shapes of batches take part in the warm-up. The NaN watch is on.
      try (Trainer trainer = settings.apply(Fixtures.trainer(Fixtures.network(arena, 3), 4))
          .callbacks(StopOnNan.onGradientsToo(), steady)) {
        trainer.fit(Fixtures.bars(arena, 16 * 80 + 5, 1), 1_000_000, 16);
      }
      assertThat(steady.longest).as("steps in a row without allocation").isGreaterThanOrEqualTo(STREAK);
    }
  }
}
