package org.definetti.experiment;

/** The thread that executed a plan was interrupted. What was finished is in the journal. */
public final class RunInterruptedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  RunInterruptedException(int done, int total) {
    super("interrupted after " + done + " of " + total + " cells");
  }
}
