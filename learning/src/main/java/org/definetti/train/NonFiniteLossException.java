package org.definetti.train;

/**
 * Training met a loss or parameter that is not finite; its last good checkpoint, if any, stands.
 */
public final class NonFiniteLossException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final long step;

  NonFiniteLossException(long step, String message) {
    super(message);
    this.step = step;
  }

  /** Returns the step, counted from 0, at which it happened. */
  public long step() {
    return step;
  }
}
