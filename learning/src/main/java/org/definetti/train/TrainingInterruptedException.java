package org.definetti.train;

/**
 * Training stopped between two steps because its thread was interrupted. The interrupt flag is set
 * again; with a directory, a checkpoint was written and the same fit resumes from it.
 */
public final class TrainingInterruptedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final long step;

  TrainingInterruptedException(long step) {
    super("training interrupted after " + step + " steps");
    this.step = step;
  }

  /** Returns the number of steps taken. */
  public long step() {
    return step;
  }
}
