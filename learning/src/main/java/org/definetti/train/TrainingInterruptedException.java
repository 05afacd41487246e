package org.definetti.train;

/**
 * Training stopped between two steps because its thread was interrupted, whose flag is set again,
 * or its time was over. With a directory, a checkpoint was written and the same fit resumes from
 * it.
 */
public final class TrainingInterruptedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final long step;

  TrainingInterruptedException(long step, String message) {
    super(message);
    this.step = step;
  }

  /** Returns the number of steps taken. */
  public long step() {
    return step;
  }
}
