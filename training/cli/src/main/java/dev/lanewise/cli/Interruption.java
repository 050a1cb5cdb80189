package dev.lanewise.cli;

import dev.lanewise.training.Callback;
import dev.lanewise.training.Run;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a run well on Ctrl-C or when the system asks: after the step under way, with a checkpoint, and a line that says
 * how to go on.
 */
final class Interruption implements Callback, AutoCloseable {
  private static final String REASON = "interrupted";

  private final String howToResume;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = new Thread(this::end, "lanewise-interruption");
  private volatile @Nullable Run run;

  /** @param howToResume the command */
  Interruption(String howToResume) {
    this.howToResume = howToResume;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void onTrainBegin(Run run) {
    this.run = run;
  }

  private void end() {
    Run running = run;
    if (running == null) {
      return;
    }
    running.interrupt(REASON);
    try {
      if (ended.await(20, TimeUnit.SECONDS)) {
        Errors.say("interrupted; go on with: " + howToResume);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether that is why a run stopped. */
  static boolean stopped(String reason) {
    return reason.equals(REASON);
  }

  @Override
  public void close() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It is running: the process ends.
    }
  }
}
