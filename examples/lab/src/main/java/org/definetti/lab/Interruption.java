package org.definetti.lab;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C into an interrupt of the main thread and lets it put its files in order.
 *
 * <p>The virtual machine answers SIGINT (and SIGTERM) by running its shutdown hooks and ending with
 * 128 + the signal's number, 130 for Ctrl-C, whatever the main thread returns. The hook made here
 * interrupts the main thread and waits until it is done, at most a few seconds. Should it take
 * longer, the process ends all the same and loses only what was not finished: every file is written
 * whole, and a journal loses at most its last line.
 */
final class Interruption {

  /** More than a run waits for its interrupted cells. */
  private static final long GRACE_SECONDS = 12;

  private final Thread main;
  private final CountDownLatch done = new CountDownLatch(1);

  private Interruption(Thread main) {
    this.main = main;
  }

  /** Begins to listen on behalf of the calling thread. */
  static Interruption listen() {
    Interruption interruption = new Interruption(Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(new Thread(interruption::hear, "interruption"));
    return interruption;
  }

  private void hear() {
    if (done.getCount() == 0) {
      return; // an ordinary end: the main thread itself called exit
    }
    main.interrupt();
    try {
      if (!done.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
        main.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The main thread has nothing left to save. */
  void done() {
    done.countDown();
  }
}
