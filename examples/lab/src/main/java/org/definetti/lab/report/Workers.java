package org.definetti.lab.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Does independent work on the processors there are. */
final class Workers {

  private Workers() {}

  /**
   * Returns what a function makes of each value, in the order of the values.
   *
   * @param share values that are worth a thread, at least 1
   * @throws CancellationException if the calling thread is interrupted, which stays set
   */
  static <A, B> List<B> map(Collection<A> values, int share, Function<A, B> function) {
    int threads = Math.min(Runtime.getRuntime().availableProcessors(), values.size() / share);
    if (threads < 2) {
      return values.stream().map(function).toList();
    }
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<B>> futures = new ArrayList<>();
      values.forEach(value -> futures.add(pool.submit(() -> function.apply(value))));
      List<B> results = new ArrayList<>();
      for (Future<B> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while drawing");
    } finally {
      pool.shutdownNow();
    }
  }
}
