package org.definetti.lab.run;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.definetti.experiment.Cell;
import org.definetti.experiment.Progress;

/**
 * Shows how a run goes: a bar with the time left on a terminal, a line now and then in a pipe.
 *
 * <p>Everything goes to standard error, so that standard output stays data.
 */
public final class TerminalProgress implements Progress {

  private static final int BAR_WIDTH = 30;
  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final PrintWriter err;
  private final String label;
  private final boolean terminal;
  private long last = System.nanoTime();
  private int drawn;

  private TerminalProgress(PrintWriter err, String label, boolean terminal) {
    this.err = err;
    this.label = label;
    this.terminal = terminal;
  }

  /**
   * Returns the progress of a run.
   *
   * @param label what is running, for example a claim's id
   * @param quiet whether to show nothing
   */
  public static Progress of(PrintWriter err, String label, boolean quiet) {
    return quiet ? Progress.none() : new TerminalProgress(err, label, isTerminal());
  }

  /** Returns whether standard error is a terminal; the launcher knows and says so. */
  private static boolean isTerminal() {
    return Boolean.getBoolean("definetti.terminal");
  }

  @Override
  public void started(int done, int total) {
    if (done > 0) {
      clear();
      err.println(label + ": " + done + " of " + total + " cells taken from the journal");
    }
  }

  @Override
  public void cellDone(Cell cell, State state) {
    long now = System.nanoTime();
    boolean finished = state.done() == state.total();
    if (finished) {
      clear();
    } else if (now - last > (terminal ? REDRAW_NANOS : LINE_NANOS)) {
      last = now;
      draw(state);
    }
  }

  private void draw(State state) {
    String left =
        state.remainingNanos() < 0 ? "" : ", " + duration(state.remainingNanos()) + " left";
    String count = state.done() + "/" + state.total() + left;
    if (!terminal) {
      err.println(label + ": " + count);
      return;
    }
    int filled = BAR_WIDTH * state.done() / state.total();
    String line = label + " [" + "=".repeat(filled) + " ".repeat(BAR_WIDTH - filled) + "] " + count;
    err.print("\r" + line + " ".repeat(Math.max(0, drawn - line.length())));
    err.flush();
    drawn = line.length();
  }

  private void clear() {
    if (terminal && drawn > 0) {
      err.print("\r" + " ".repeat(drawn) + "\r");
      err.flush();
      drawn = 0;
    }
  }

  @Override
  public void note(String line) {
    clear();
    err.println(label + ": " + line);
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
