package org.definetti.lab.run;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Shows how far some work is: a bar with the time left on a terminal, a line now and then in a
 * pipe, nothing at all if quiet.
 *
 * <p>Everything goes to standard error, so that standard output stays data. The bar leaves the
 * cursor at the start of its line, where whatever is printed next takes its place; see {@link
 * #clear}.
 */
public final class ProgressLine {

  private static final int BAR_WIDTH = 30;
  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final String ERASE_LINE = "\u001b[K";

  private final PrintWriter err;
  private final String label;
  private final boolean quiet;
  private long last = System.nanoTime();

  /**
   * Returns the line of some work.
   *
   * @param label what is running, for example a claim's id
   */
  public ProgressLine(PrintWriter err, String label, boolean quiet) {
    this.err = err;
    this.label = label;
    this.quiet = quiet;
  }

  /** Returns whether standard error is a terminal; the launcher knows and says so. */
  private static boolean isTerminal() {
    return Boolean.getBoolean("definetti.terminal");
  }

  /** Removes a bar that stands on the current line of the terminal, whoever drew it. */
  public static void clear(PrintWriter err) {
    if (isTerminal()) {
      err.print("\r" + ERASE_LINE);
      err.flush();
    }
  }

  /** Shows the state if the last time is long enough ago; the end only clears the line. */
  public void update(long done, long total, long remainingNanos) {
    long now = System.nanoTime();
    if (quiet) {
      return;
    }
    if (done == total) {
      clear(err);
    } else if (now - last > (isTerminal() ? REDRAW_NANOS : LINE_NANOS)) {
      last = now;
      draw(done, total, remainingNanos);
    }
  }

  /** Shows the state at the start, at once on a terminal. */
  public void start(long done, long total) {
    if (!quiet && isTerminal() && done < total) {
      draw(done, total, -1);
    }
  }

  private void draw(long done, long total, long remainingNanos) {
    String count =
        done + "/" + total + (remainingNanos < 0 ? "" : ", " + duration(remainingNanos) + " left");
    if (!isTerminal()) {
      err.println(label + ": " + count);
      return;
    }
    int filled = (int) (BAR_WIDTH * done / total);
    String bar = "=".repeat(filled) + " ".repeat(BAR_WIDTH - filled);
    err.print("\r" + label + " [" + bar + "] " + count + ERASE_LINE + "\r");
    err.flush();
  }

  /** Prints a line that stays. */
  public void note(String line) {
    if (!quiet) {
      clear(err);
      err.println(label + ": " + line);
    }
  }

  /** Returns a duration in words: {@code 45 s}, {@code 3 min 5 s}, {@code 1 h 20 min}. */
  public static String duration(long nanos) {
    long seconds = Math.round(nanos / 1e9);
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return String.format(Locale.ROOT, "%d min %d s", seconds / 60, seconds % 60);
    }
    return String.format(Locale.ROOT, "%d h %d min", seconds / 3600, seconds % 3600 / 60);
  }
}
