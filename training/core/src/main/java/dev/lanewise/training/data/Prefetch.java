package dev.lanewise.training.data;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Work on numbered pieces, one piece ahead of the thread that needs them.
 *
 * <p>A piece is offered to the executor and claimed by whoever comes first: the executor's thread, or the thread that
 * needs it. So nobody ever waits for a piece that has not begun, and an executor that is busy, shut down or the
 * caller's own thread cannot block anything. At most one piece is claimed or on offer.
 */
final class Prefetch {
  private enum State { IDLE, OFFERED, RUNNING, DONE }

  private final IntConsumer work;
  private final @Nullable Executor executor;
  private final Runnable claim = this::runOffered;

  // All guarded by this; the lock also hands what the work wrote from one thread to the other.
  private State state = State.IDLE;
  private int piece;
  private @Nullable Throwable failure;

  Prefetch(IntConsumer work, @Nullable Executor executor) {
    this.work = work;
    this.executor = executor;
  }

  /** Returns when piece {@code index} is done; throws what the work threw. Only this piece may be on offer. */
  void need(int index) {
    synchronized (this) {
      if (state == State.IDLE) {
        offer(index);
      }
    }
    runOffered();
    synchronized (this) {
      awaitRunning();
      Throwable thrown = failure;
      clear();
      if (thrown instanceof Error error) {
        throw error;
      }
      if (thrown != null) {
        throw (RuntimeException) thrown;
      }
    }
  }

  /** Lets the executor begin piece {@code index}, if there is an executor. */
  void ahead(int index) {
    if (executor == null) {
      return;
    }
    synchronized (this) {
      offer(index);
    }
    try {
      executor.execute(claim);
    } catch (RejectedExecutionException e) {
      // The piece stays on offer, and whoever needs it does it.
    }
  }

  /** Withdraws a piece on offer and waits for one that runs. */
  synchronized void cancel() {
    awaitRunning();
    clear();
  }

  private void offer(int index) {
    state = State.OFFERED;
    piece = index;
  }

  private void clear() {
    state = State.IDLE;
    failure = null;
  }

  private void runOffered() {
    int index;
    synchronized (this) {
      if (state != State.OFFERED) {
        return;
      }
      state = State.RUNNING;
      index = piece;
    }
    Throwable thrown = null;
    try {
      work.accept(index);
    } catch (RuntimeException | Error e) {
      thrown = e;
    }
    synchronized (this) {
      failure = thrown;
      state = State.DONE;
      notifyAll();
    }
  }

  /** Waits, holding the lock, until nothing runs. A piece is short, so an interrupt is kept for the caller's next wait. */
  private void awaitRunning() {
    boolean interrupted = false;
    while (state == State.RUNNING) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
