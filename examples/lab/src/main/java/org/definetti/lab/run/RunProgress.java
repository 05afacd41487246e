package org.definetti.lab.run;

import org.definetti.experiment.Cell;
import org.definetti.experiment.Progress;

/**
 * Shows how the cells of a run go.
 *
 * @param line where it is shown
 * @param onStart what to do once the journal is open: until then a refused run has changed nothing
 */
public record RunProgress(ProgressLine line, Runnable onStart) implements Progress {

  /** Returns the progress of a run that does nothing special at its start. */
  public static RunProgress of(ProgressLine line) {
    return new RunProgress(line, () -> {});
  }

  @Override
  public void started(int done, int total) {
    onStart.run();
    if (done > 0) {
      line.note(done + " of " + total + " cells taken from the journal");
    }
    line.start(done, total);
  }

  @Override
  public void cellDone(Cell cell, State state) {
    line.update(state.done(), state.total(), state.remainingNanos());
  }

  @Override
  public void note(String text) {
    line.note(text);
  }
}
