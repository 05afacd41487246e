package org.definetti.experiment;

/**
 * Hears how a run goes. Calls never overlap, but come from different threads; they should return at
 * once, because the run waits for them. Every method does nothing unless overridden.
 */
public interface Progress {

  /** Returns the listener that does nothing. */
  static Progress none() {
    return Silence.SILENCE;
  }

  /**
   * The run starts.
   *
   * @param done how many cells the journal already holds
   * @param total how many cells the plan has
   */
  default void started(int done, int total) {}

  /** A thread begins this cell. */
  default void cellStarted(Cell cell) {}

  /**
   * A cell is finished, and in the journal if there is one.
   *
   * @param state how far the run is with this cell counted
   */
  default void cellDone(Cell cell, State state) {}

  /** Something the user should know, in one line, for example a journal record that was dropped. */
  default void note(String line) {}

  /**
   * How far a run is.
   *
   * @param done cells finished, those taken from the journal included
   * @param resumed cells taken from the journal
   * @param total cells of the plan
   * @param elapsedNanos time since this run started
   */
  record State(int done, int resumed, int total, long elapsedNanos) {

    /**
     * Returns the time left if the cells to come take as long as those computed in this run did, or
     * -1 before the first.
     */
    public long remainingNanos() {
      int computed = done - resumed;
      return computed == 0 ? -1 : elapsedNanos / computed * (total - done);
    }
  }
}
