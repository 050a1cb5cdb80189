package dev.lanewise.kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads that a kernel may use, and what kernels keep between calls: an argument, never a global.
 *
 * <p>{@link #run} splits a job into numbered pieces. The caller takes pieces too and never waits for a piece that nobody
 * has begun, so a busy or absent helper costs speed and not progress. A kernel splits its output and never a sum;
 * therefore the same bits come out for any number of threads.
 *
 * <p>Each thread begins with its own run of neighbouring pieces, the same part of each job, and takes those of others
 * when it has none left. So the images that one thread convolves it pools as well, from its own caches.
 *
 * <p>Helpers look for work for a tenth of a millisecond after a job, which bridges the gap between two kernels of one
 * training step, and then park: an idle {@code Workers} uses no processor time. A steady {@code run} allocates nothing.
 *
 * <p>One caller at a time: two threads that compute at once each bring their own {@code Workers}. Close it to release
 * its threads; one made by {@link #single()} holds none.
 */
public final class Workers implements AutoCloseable {
  /** A job in numbered pieces. */
  @FunctionalInterface
  public interface Task {
    /**
     * Computes one piece.
     *
     * @param index which piece, from 0 inclusive to the count exclusive; pieces run in any order, at the same time
     * @param worker who computes it, from 0 inclusive to {@link Workers#threads()} exclusive: two pieces that run at
     *     the same time have different workers, so scratch memory can be kept per worker
     */
    void run(int index, int worker);
  }

  /** Names one object that a kernel family keeps with each {@code Workers}; make one per family, static and final. */
  public static final class Key<T> {
    private static final AtomicInteger MADE = new AtomicInteger();

    private final int slot = MADE.getAndIncrement();
    private final Supplier<T> maker;

    /** @param maker makes the object at its first use with a {@code Workers} */
    public Key(Supplier<T> maker) {
      this.maker = maker;
    }
  }

  /**
   * How long a thread looks for work before it parks, in nanoseconds: longer than the last pieces of a job and what lies
   * between two jobs of one training step, since to wake a parked thread takes as long (170 microseconds were measured
   * in a virtual machine).
   */
  private static final long LOOKS = 100_000;

  private final int threads;
  private final List<Thread> owned;
  private @Nullable Object[] states = new Object[8];

  private final Shares shares;
  private final AtomicInteger unfinished = new AtomicInteger();
  private final Helper[] helpers;
  private @Nullable Task task;
  private volatile @Nullable Thread waiting;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;
  private boolean running;

  private Workers(int threads, @Nullable Executor executor) {
    this.threads = threads;
    this.shares = new Shares(threads);
    this.owned = new ArrayList<>();
    this.helpers = new Helper[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] = new Helper(i + 1);
    }
    for (Helper helper : helpers) {
      if (executor != null) {
        executor.execute(helper);
      } else {
        owned.add(Thread.ofPlatform().daemon().name("lanewise-worker-" + helper.worker).start(helper));
      }
    }
  }

  /** The calling thread alone. */
  public static Workers single() {
    return new Workers(1, null);
  }

  /**
   * The calling thread and {@code threads - 1} daemon threads of its own, ended by {@link #close()}.
   *
   * @param threads at least 1, the caller included
   * @throws IllegalArgumentException if {@code threads} is less than 1
   */
  public static Workers threads(int threads) {
    return new Workers(requireThreads(threads), null);
  }

  /**
   * The calling thread and {@code threads - 1} threads of an executor, which they occupy until {@link #close()}.
   *
   * @param executor gives the threads; one that has fewer to give slows the work down and does not stop it
   * @param threads at least 1, the caller included
   * @throws IllegalArgumentException if {@code threads} is less than 1
   */
  public static Workers on(Executor executor, int threads) {
    return new Workers(requireThreads(threads), executor);
  }

  private static int requireThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("Workers: " + threads + " threads asked for; the caller itself counts as 1");
    }
    return threads;
  }

  /** How many threads may compute at the same time, the caller included. */
  public int threads() {
    return threads;
  }

  /**
   * Runs all pieces of a job and returns when the last one has ended.
   *
   * @param task computes a piece
   * @param count how many pieces there are; 0 does nothing
   * @throws IllegalStateException if a job of this {@code Workers} is running already, or it is closed
   * @throws RuntimeException what the first failing piece threw; the other pieces have run all the same
   */
  public void run(Task task, int count) {
    if (running || closed) {
      throw new IllegalStateException(
          closed ? "Workers: closed" : "Workers: a job is running; give each concurrent caller its own Workers");
    }
    if (count <= 0) {
      return;
    }
    running = true;
    try {
      if (threads == 1 || count == 1) {
        for (int i = 0; i < count; i++) {
          task.run(i, 0);
        }
      } else {
        runShared(task, count);
      }
    } finally {
      running = false;
    }
  }

  private void runShared(Task task, int count) {
    this.task = task;
    unfinished.set(count);
    shares.open(count);
    int wanted = Math.min(helpers.length, count - 1);
    for (int i = 0; i < wanted; i++) {
      helpers[i].wake();
    }
    while (runOnePiece(0)) {
      // Claims until nothing is left; what others claimed they finish.
    }
    awaitOthers();
    this.task = null;
    Throwable thrown = failure;
    if (thrown != null) {
      failure = null;
      rethrow(thrown);
    }
  }

  /** Claims a piece and runs it; false if none is left. */
  private boolean runOnePiece(int worker) {
    int piece = shares.claim(worker);
    if (piece < 0) {
      return false;
    }
    try {
      // A claimed piece keeps the job open, so the task cannot change under it.
      Task current = task;
      if (current != null) {
        current.run(piece, worker);
      }
    } catch (Throwable t) {
      failure = t;
    }
    if (unfinished.decrementAndGet() == 0 && worker != 0) {
      LockSupport.unpark(waiting);
    }
    return true;
  }

  private void awaitOthers() {
    long until = System.nanoTime() + LOOKS;
    while (unfinished.get() > 0 && System.nanoTime() - until < 0) {
      Thread.onSpinWait();
    }
    if (unfinished.get() > 0) {
      waiting = Thread.currentThread();
      while (unfinished.get() > 0) {
        LockSupport.park(this);
      }
      waiting = null;
    }
  }

  private static void rethrow(Throwable thrown) {
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
    throw new IllegalStateException(thrown);
  }

  /**
   * The object that a kernel family keeps with these workers, made at the first call. Only the thread that calls
   * {@link #run} may call it.
   */
  @SuppressWarnings("unchecked") // a slot is only ever filled by its own key
  public <T> T state(Key<T> key) {
    if (key.slot >= states.length) {
      states = Arrays.copyOf(states, key.slot + 8);
    }
    Object state = states[key.slot];
    if (state == null) {
      state = key.maker.get();
      states[key.slot] = state;
    }
    return (T) state;
  }

  /** Releases the threads; waits for those it made itself. Closing twice is harmless. */
  @Override
  public void close() {
    closed = true;
    for (Helper helper : helpers) {
      helper.wake();
    }
    boolean interrupted = false;
    for (Thread thread : owned) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Helper implements Runnable {
    private final int worker;
    private volatile @Nullable Thread parked;

    Helper(int worker) {
      this.worker = worker;
    }

    @Override
    public void run() {
      long until = System.nanoTime() + LOOKS;
      while (!closed) {
        if (runOnePiece(worker)) {
          until = System.nanoTime() + LOOKS;
        } else if (System.nanoTime() - until < 0) {
          Thread.onSpinWait();
        } else {
          parked = Thread.currentThread();
          // Announced before the last look: a job published in between sees the announcement and wakes us.
          if (shares.isEmpty() && !closed) {
            LockSupport.park(Workers.this);
          }
          parked = null;
          until = System.nanoTime() + LOOKS;
        }
      }
    }

    void wake() {
      Thread thread = parked;
      if (thread != null) {
        LockSupport.unpark(thread);
      }
    }
  }
}
