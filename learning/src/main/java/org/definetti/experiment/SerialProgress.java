package org.definetti.experiment;

/** Lets one call through at a time. */
final class SerialProgress implements Progress {

  private final Progress listener;

  SerialProgress(Progress listener) {
    this.listener = listener;
  }

  @Override
  public synchronized void started(int done, int total) {
    listener.started(done, total);
  }

  @Override
  public synchronized void cellStarted(Cell cell) {
    listener.cellStarted(cell);
  }

  @Override
  public synchronized void cellDone(Cell cell, State state) {
    listener.cellDone(cell, state);
  }

  @Override
  public synchronized void note(String line) {
    listener.note(line);
  }
}
