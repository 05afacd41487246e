package org.definetti.experiment;

import org.jspecify.annotations.Nullable;

/** A cell could not be computed. The message names its axes; the cause is what went wrong. */
public final class CellFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CellFailedException(Cell cell, @Nullable Throwable cause) {
    super("cell " + cell + ": " + cause, cause);
  }
}
