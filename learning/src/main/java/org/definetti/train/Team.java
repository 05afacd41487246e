package org.definetti.train;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The caller and some helper threads, who do one task together again and again.
 *
 * <p>A training step may last tens of microseconds, as long as handing two tasks to a thread pool.
 * So the threads stay, and between tasks they look for the next one in a short loop before they go
 * to sleep. A team of one is the caller alone and has no threads.
 *
 * <p>A helper that has nothing to do does spare work, bit by bit, and returns from it as soon as
 * there is a task. The caller does none: the next step waits for it.
 *
 * <p>For one calling thread at a time.
 */
final class Team implements AutoCloseable {

  /** About 20 microseconds; longer would hold a core that other processes could use. */
  private static final int LOOKS = 1 << 10;

  private final Helper[] helpers;
  private final BooleanSupplier spare;
  private final AtomicInteger working = new AtomicInteger(); // helpers that still do the task
  private volatile IntConsumer task = member -> {};
  private final AtomicLong round = new AtomicLong(); // a helper that sees a new number joins in
  private volatile boolean closed;
  private volatile @Nullable Thread waiting; // the caller, while asleep

  /**
   * Starts a team.
   *
   * @param size members, the caller included, at least 1
   * @param spare does a bit of other work; false if there was none
   */
  Team(int size, BooleanSupplier spare) {
    this.spare = spare;
    this.helpers = new Helper[size - 1];
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] = new Helper(i + 1);
    }
    for (Helper helper : helpers) {
      helper.start();
    }
  }

  /** Returns the number of members, the caller included. */
  int size() {
    return helpers.length + 1;
  }

  /**
   * Does a task and returns when every member has returned from it.
   *
   * @param work called once by every member with its number, 0 for the caller
   * @throws RuntimeException what a member threw, the first of them by number
   */
  void execute(IntConsumer work) {
    task = work;
    working.set(helpers.length);
    round.incrementAndGet();
    for (Helper helper : helpers) {
      if (helper.asleep) {
        LockSupport.unpark(helper);
      }
    }
    Throwable failure = attempt(work, 0);
    await();
    for (Helper helper : helpers) {
      failure = failure == null ? helper.failure : failure;
      helper.failure = null;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }

  // A task declares no checked exception, so what it throws is one of the two rethrown above.
  private static @Nullable Throwable attempt(IntConsumer work, int member) {
    try {
      work.accept(member);
      return null;
    } catch (RuntimeException | Error e) {
      return e;
    }
  }

  /** Waits to the end of the task even when interrupted, so that no helper is left behind. */
  private void await() {
    int looks = 0;
    while (working.get() > 0) {
      if (looks < LOOKS) {
        looks++;
        Thread.onSpinWait();
      } else {
        waiting = Thread.currentThread();
        if (working.get() > 0) {
          LockSupport.park(this);
        }
        waiting = null;
      }
    }
  }

  /** Ends the helpers and waits for them, so that none uses the data any more. */
  @Override
  public void close() {
    closed = true;
    boolean interrupted = false;
    for (Helper helper : helpers) {
      LockSupport.unpark(helper);
      while (helper.isAlive()) {
        try {
          helper.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Helper extends Thread {

    private final int member;
    private volatile boolean asleep;
    private @Nullable Throwable failure; // published by the count of those working

    Helper(int member) {
      super("training-" + member);
      this.member = member;
      setDaemon(true);
    }

    @Override
    public void run() {
      long seen = 0;
      while (awaitTask(seen)) {
        seen++;
        failure = attempt(task, member);
        if (working.decrementAndGet() == 0) {
          Thread caller = waiting;
          if (caller != null) {
            LockSupport.unpark(caller);
          }
        }
      }
    }

    /** Returns true at the next task, false at the end. */
    private boolean awaitTask(long seen) {
      int looks = 0;
      while (round.get() == seen) {
        if (closed) {
          return false;
        }
        if (looks < LOOKS) {
          looks = spare.getAsBoolean() ? 0 : looks + 1;
          Thread.onSpinWait();
        } else {
          asleep = true;
          if (round.get() == seen && !closed) {
            LockSupport.park(this);
          }
          asleep = false;
        }
      }
      return true;
    }
  }
}
