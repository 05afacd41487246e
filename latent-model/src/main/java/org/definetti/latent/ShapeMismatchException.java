package org.definetti.latent;

/** Thrown when the shape of an argument does not fit another argument or the model. */
public final class ShapeMismatchException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  /**
   * Says which argument, what was expected and what came.
   *
   * @param message for example {@code queries: expected width 16 (as keys), got 8}
   */
  public ShapeMismatchException(String message) {
    super(message);
  }
}
