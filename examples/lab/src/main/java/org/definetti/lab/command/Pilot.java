package org.definetti.lab.command;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.function.DoubleFunction;
import org.definetti.lab.run.ProgressLine;

/**
 * A share of some work, done to see how long all of it takes.
 *
 * <p>The share doubles until it takes a second, and no longer gets much quicker by being longer:
 * the first shares are slow, because Java compiles what it runs only after a while.
 *
 * @param share of the work that was done at last, in (0, 1]
 * @param result what it gave
 * @param heapBytes the most that the heap held meanwhile, garbage included
 */
record Pilot<T>(double share, T result, long heapBytes) {

  private static final long ENOUGH_NANOS = 1_000_000_000L;
  private static final long MOST_NANOS = 10 * ENOUGH_NANOS;
  private static final double STEADY = 0.7;
  private static final double KIBI = 1024.0;
  private static final double MEBI = KIBI * KIBI;
  private static final int PERCENT = 100;

  /**
   * Does shares of the work.
   *
   * @param least the first share, in (0, 1]
   * @param work does a share and says what it gave
   */
  static <T> Pilot<T> of(double least, DoubleFunction<T> work) {
    long began = System.nanoTime();
    double share = least;
    double before = Double.POSITIVE_INFINITY; // time that all of it would take
    while (true) {
      List<MemoryPoolMXBean> heap =
          ManagementFactory.getMemoryPoolMXBeans().stream()
              .filter(pool -> pool.getType() == MemoryType.HEAP)
              .toList();
      heap.forEach(MemoryPoolMXBean::resetPeakUsage);
      long start = System.nanoTime();
      T result = work.apply(share);
      long now = System.nanoTime();
      double all = (now - start) / share;
      boolean says = now - start >= ENOUGH_NANOS && all >= STEADY * before;
      if (says || now - began >= MOST_NANOS || share == 1) {
        long bytes = heap.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
        return new Pilot<>(share, result, bytes);
      }
      before = all;
      share = Math.min(1, 2 * share);
    }
  }

  /** Returns how long tasks take that start in their order, each on the first free thread. */
  static long nanosOf(List<Long> taskNanos, int threads) {
    PriorityQueue<Long> free = new PriorityQueue<>();
    for (int i = 0; i < threads; i++) {
      free.add(0L);
    }
    long end = 0;
    for (long nanos : taskNanos) {
      long done = free.remove() + nanos;
      free.add(done);
      end = Math.max(end, done);
    }
    return end;
  }

  /** Returns for example {@code 2.5 %}. */
  String percent() {
    return String.format(Locale.ROOT, "%.3g %%", PERCENT * share);
  }

  static String about(long nanos) {
    return nanos < ENOUGH_NANOS ? "below 1 s" : "about " + ProgressLine.duration(nanos);
  }

  /** Returns for example {@code 12 KiB} or {@code 3.2 MiB}. */
  static String bytes(long bytes) {
    return bytes < MEBI
        ? String.format(Locale.ROOT, "%.0f KiB", Math.ceil(bytes / KIBI))
        : String.format(Locale.ROOT, "%.1f MiB", bytes / MEBI);
  }
}
