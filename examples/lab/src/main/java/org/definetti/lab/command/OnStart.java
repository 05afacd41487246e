package org.definetti.lab.command;

import org.definetti.experiment.Cell;
import org.definetti.experiment.Progress;

/** A progress listener that also does something once the run has started. */
record OnStart(Progress listener, Runnable action) implements Progress {

  @Override
  public void started(int done, int total) {
    action.run();
    listener.started(done, total);
  }

  @Override
  public void cellStarted(Cell cell) {
    listener.cellStarted(cell);
  }

  @Override
  public void cellDone(Cell cell, State state) {
    listener.cellDone(cell, state);
  }

  @Override
  public void note(String line) {
    listener.note(line);
  }
}
