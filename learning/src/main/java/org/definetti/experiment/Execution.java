package org.definetti.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One execution of one plan. The workers only compute; the calling thread alone collects, writes
 * the journal and decides when to stop.
 */
final class Execution {

  /** How long interrupted cells are waited for; their threads do not keep the machine alive. */
  private static final long GRACE_SECONDS = 10;

  private final Plan plan;
  private final CellTask task;
  private final Progress progress;
  private final @Nullable Journal journal;
  private final @Nullable CellResult[] results;
  private final List<Integer> pending = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();
  private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
  private final long startNanos = System.nanoTime();
  private volatile boolean stopping;
  private int done;

  /** A cell that came to an end, with a result or with a failure. */
  private record Ended(
      int index, @Nullable CellResult result, @Nullable Throwable failure, long nanos) {}

  Execution(Plan plan, CellTask task, Progress progress, @Nullable Journal journal) {
    this.plan = plan;
    this.task = task;
    this.progress = progress;
    this.journal = journal;
    this.results = new CellResult[plan.cells().size()];
  }

  Results execute(int threads) {
    takeFromJournal();
    int resumed = done;
    progress.started(done, results.length);
    if (pending.isEmpty()) {
      return collected();
    }
    ExecutorService pool = pool(Math.min(threads, pending.size()));
    try {
      while (done < results.length) {
        Ended cell = ended.take();
        if (cell.failure() != null) {
          throw stopAfter(cell, pool, resumed);
        }
        record(cell, resumed);
      }
    } catch (InterruptedException e) {
      keepFinished(resumed);
      abandon(pool);
      Thread.currentThread().interrupt();
      throw new RunInterruptedException(done, results.length);
    } finally {
      stopping = true;
      pool.shutdownNow();
    }
    return collected();
  }

  private void takeFromJournal() {
    for (int i = 0; i < results.length; i++) {
      results[i] = journal == null ? null : journal.finished(i);
      if (results[i] == null) {
        pending.add(i);
      } else {
        done++;
      }
    }
  }

  private ExecutorService pool(int threads) {
    AtomicInteger number = new AtomicInteger();
    ExecutorService pool =
        Executors.newFixedThreadPool(
            threads,
            work -> {
              Thread thread = new Thread(work, "cell-worker-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    for (int i = 0; i < threads; i++) {
      pool.execute(this::computeCells);
    }
    pool.shutdown();
    return pool;
  }

  private void computeCells() {
    int position = stopping ? pending.size() : next.getAndIncrement();
    while (position < pending.size()) {
      Ended cell = compute(pending.get(position));
      if (cell.failure() != null) {
        stopping = true;
      }
      ended.add(cell);
      position = stopping ? pending.size() : next.getAndIncrement();
    }
  }

  private Ended compute(int index) {
    Cell cell = plan.cells().get(index);
    long start = System.nanoTime();
    try {
      progress.cellStarted(cell);
      CellResult result = task.compute(cell);
      return new Ended(index, result, null, System.nanoTime() - start);
    } catch (Throwable failure) {
      // An Error, too, must reach the calling thread: it would wait forever for this cell.
      return new Ended(index, null, failure, System.nanoTime() - start);
    }
  }

  private void record(Ended cell, int resumed) {
    CellResult result = cell.result();
    if (result == null) {
      return;
    }
    if (journal != null) {
      journal.append(cell.index(), result, cell.nanos());
    }
    results[cell.index()] = result;
    done++;
    progress.cellDone(
        plan.cells().get(cell.index()),
        new Progress.State(done, resumed, results.length, System.nanoTime() - startNanos));
  }

  /** Waits for the cells already started, keeps them, and returns what to throw. */
  private CellFailedException stopAfter(Ended failed, ExecutorService pool, int resumed)
      throws InterruptedException {
    stopping = true;
    pool.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    Ended first = failed;
    for (Ended cell = ended.poll(); cell != null; cell = ended.poll()) {
      record(cell, resumed);
      if (cell.failure() != null && cell.index() < first.index()) {
        first = cell;
      }
    }
    return new CellFailedException(plan.cells().get(first.index()), first.failure());
  }

  private void keepFinished(int resumed) {
    for (Ended cell = ended.poll(); cell != null; cell = ended.poll()) {
      record(cell, resumed);
    }
  }

  /** Interrupts the workers. What they still return is forgotten: it may have been cut short. */
  private void abandon(ExecutorService pool) {
    stopping = true;
    pool.shutdownNow();
    try {
      pool.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      // Interrupted twice: do not wait. The caller sets the flag again.
      return;
    }
  }

  private Results collected() {
    return new Results(plan, Arrays.asList(results));
  }
}
